import type { Provider } from '../core/provider.ts';

/**
 * Webhooks of events. Each carries the full object that it is about, so `updated_at` orders its states, as WorkOS recommends; events of
 * two objects, or of a sign-in, are about none. WorkOS's library signs a body that it has written anew, and reads no time of the future.
 */
export const workos: Provider = {
  name: 'workos',
  title: 'WorkOS',
  docs: [
    'https://workos.com/docs/events/data-syncing/webhooks',
    'https://workos.com/docs/events/data-syncing/data-reconciliation',
    'https://workos.com/docs/events',
  ],
  scheme: {
    kind: 'signature',
    families: [
      { signature: { header: 'workos-signature', separator: ', ', assign: '=' }, timestamp: { label: 't' } },
    ],
    signed: '{timestamp}.{body}',
    versions: [{ label: 'v1', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    timestamp: { unit: 'ms', toleranceSeconds: 180 },
  },
  events: [
    {
      id: '{body:id}',
      type: '{body:event}',
      subject: '{body:data.object}/{body:data.id}',
      time: { at: '{body:created_at}', unit: 'iso' },
      version: { at: '{body:data.updated_at}', unit: 'iso' },
    },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 259_200 }, clientErrors: 'retried' },
  setup: [
    'WorkOS Dashboard → Webhooks → Create webhook, with the events that you need. Then store its signing secret, whole.',
    'Each webhook, and each environment, has a secret of its own: several on one source are a list.',
    'Production events are retried up to 12 times in 3 days, those of other environments for some minutes. Later, resend them in the dashboard, or read them from GET /events.',
  ],
  unverified: [
    'How long WorkOS waits for an answer: 5 seconds.',
    'Whether a retry is signed with a new time: that its library refuses what is older than 3 minutes says so.',
    'Whether an old secret still signs while it is changed: keep both in the list for a day.',
  ],
};
