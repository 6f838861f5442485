import type { Provider } from '../core/provider.ts';

/**
 * Webhooks of version 2, proved by user and password alone. `data` is the object after the change and `null` after a deletion, which
 * so has no place in the order. Two webhooks that overlap send an event each, with what their users may see: so the id names both.
 */
export const pipedrive: Provider = {
  name: 'pipedrive',
  title: 'Pipedrive',
  docs: [
    'https://pipedrive.readme.io/docs/guide-for-webhooks-v2',
    'https://pipedrive.readme.io/docs/webhooks-v2-migration-guide',
  ],
  scheme: { kind: 'basic' },
  events: [
    {
      id: '{body:meta.webhook_id}/{body:meta.id}',
      type: '{body:meta.action}.{body:meta.entity}',
      subject: '{body:meta.entity}/{body:meta.entity_id}',
      time: { at: '{body:meta.timestamp}', unit: 'iso' },
      version: { at: '{body:data.update_time}', unit: 'iso' },
    },
  ],
  idCoverage: 'signed',
  volatile: ['meta.attempt'],
  delivery: {
    timeoutMs: 10_000,
    retries: { spanSeconds: 183 },
    clientErrors: 'retried',
    disabling:
      'Ten deliveries whose first attempt fails: the webhook is banned for 30 minutes, and what happens then is lost. No success on 3 days in a row: it is deleted.',
  },
  setup: [
    'Settings → Tools and apps → Webhooks → Create new webhook, of version 2. A webhook of version 1 tells no id of its events: it becomes a dead letter.',
    'HTTP auth username and password: choose a long random password, and store both as user:password. Nothing is signed, so use it only over TLS.',
    'Give each company a source of its own: deals of two share ids, and would be taken for one.',
    'The URL must not redirect.',
  ],
  unverified: [
    'That meta.id stays the same in every attempt: the guide calls it the id of the event, and only meta.attempt is said to count.',
    'The order of events: only update_time of the object orders states, and it counts in seconds.',
  ],
};
