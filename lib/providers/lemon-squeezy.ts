import type { Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

/**
 * Webhooks of a store: each carries the object that it is about, and no id of its own. Its times count in seconds, so only the whole
 * text tells two events of one second apart. The type is read from the signed body, not from `X-Event-Name`.
 */
export const lemonSqueezy: Provider = {
  name: 'lemon-squeezy',
  title: 'Lemon Squeezy',
  docs: [
    'https://docs.lemonsqueezy.com/help/webhooks/webhook-requests',
    'https://docs.lemonsqueezy.com/help/webhooks/signing-requests',
    'https://docs.lemonsqueezy.com/help/webhooks/event-types',
  ],
  scheme: bodyMac('x-signature'),
  events: [
    {
      id: '{digest}',
      type: '{body:meta.event_name}',
      subject: '{body:data.type}/{body:data.id}',
      time: { at: '{body:data.attributes.updated_at}', unit: 'iso' },
      version: { at: '{body:data.attributes.updated_at}', unit: 'iso' },
    },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 155 }, clientErrors: 'retried' },
  setup: [
    'Settings → Webhooks → +. The signing secret is a text that you make up, of 6 to 40 characters: store the same.',
    'Test mode has webhooks, and so secrets, of its own: several on one source are a list.',
    'Only a 200 counts. A failed delivery is sent three times more within 3 minutes, then never again: send it by hand under Settings → Webhooks.',
    'While you change the secret, keep the old one in the list for a day.',
  ],
  unverified: [
    'How long Lemon Squeezy waits for an answer: 5 seconds.',
    'Whether a retry has the very bytes of the first delivery: were they others, the event would be published again.',
    'Which secret signs a retry after a change: keep both in the list.',
  ],
};
