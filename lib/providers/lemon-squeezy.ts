import type { Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

const UPDATED = '{body:data.attributes.updated_at}';

/** What webhooks are about, and the API names so too. */
const KINDS = ['orders', 'subscriptions', 'subscription-invoices', 'license-keys', 'customers'];
const PATHS = Object.fromEntries(KINDS.map((kind) => [kind, `/${kind}/{body:data.id}`]));

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
    'https://docs.lemonsqueezy.com/api/getting-started/requests',
  ],
  scheme: bodyMac('x-signature'),
  events: [
    {
      id: '{digest}',
      type: '{body:meta.event_name}',
      subject: '{body:data.type}/{body:data.id}',
      time: { at: UPDATED, unit: 'iso' },
      version: { at: UPDATED, unit: 'iso' },
      resource: {
        path: { by: '{body:data.type}', of: PATHS },
        ids: 'digits',
        version: { at: UPDATED, unit: 'iso' },
      },
    },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 155 }, clientErrors: 'retried' },
  api: {
    baseUrls: { live: 'https://api.lemonsqueezy.com/v1' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    headers: { accept: 'application/vnd.api+json' },
    // 300 a minute.
    rate: { perSecond: 4, burst: 60 },
  },
  setup: [
    'Settings → Webhooks → +. The signing secret is a text that you make up, of 6 to 40 characters: store the same.',
    'Test mode has webhooks, and so secrets, of its own: several on one source are a list.',
    'Only a 200 counts. A failed delivery is sent three times more within 3 minutes, then never again: send it by hand under Settings → Webhooks.',
    'While you change the secret, keep the old one in the list for a day.',
    'To reconcile, store an API key (Settings → API), of test mode where the webhook is. Times count in seconds: of two states of one second the API has the later one.',
  ],
  unverified: [
    'How long Lemon Squeezy waits for an answer: 5 seconds.',
    'Whether a retry has the very bytes of the first delivery: were they others, the event would be published again.',
    'Which secret signs a retry after a change: keep both in the list.',
  ],
};
