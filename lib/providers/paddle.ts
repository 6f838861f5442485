import type { EventShape, Provider } from '../core/provider.ts';

const ANY: EventShape = {
  id: '{body:event_id}',
  type: '{body:event_type}',
  subject: '{body:data.id}',
  time: { at: '{body:occurred_at}', unit: 'iso' },
  version: { at: '{body:occurred_at}', unit: 'iso' },
};

/** Where entities are read, by what their types begin with. */
const PATHS: Readonly<Record<string, string>> = {
  address: '/customers/{body:data.customer_id}/addresses/{body:data.id}',
  business: '/customers/{body:data.customer_id}/businesses/{body:data.id}',
  client_token: '/client-tokens/{body:data.id}',
  customer: '/customers/{body:data.id}',
  discount: '/discounts/{body:data.id}',
  discount_group: '/discount-groups/{body:data.id}',
  payment_method: '/customers/{body:data.customer_id}/payment-methods/{body:data.id}',
  price: '/prices/{body:data.id}',
  product: '/products/{body:data.id}',
  report: '/reports/{body:data.id}',
  subscription: '/subscriptions/{body:data.id}',
  transaction: '/transactions/{body:data.id}',
};

/**
 * Notifications of Paddle Billing. An event is a snapshot of its entity when it occurred; an entity's id names its kind (`txn_…`).
 * Paddle's library takes only the last `h1`, and at most 5 s of age: too little for a slow network. What is read of an entity tells when
 * it was updated, which is not when its events occurred.
 */
export const paddle: Provider = {
  name: 'paddle',
  title: 'Paddle',
  docs: [
    'https://developer.paddle.com/webhooks/about/signature-verification',
    'https://developer.paddle.com/webhooks/about/respond-to-webhooks',
    'https://developer.paddle.com/webhooks/about/how-webhooks-work',
    'https://developer.paddle.com/api-reference/about/rate-limiting',
  ],
  scheme: {
    kind: 'signature',
    families: [
      { signature: { header: 'paddle-signature', separator: ';', assign: '=' }, timestamp: { label: 'ts' } },
    ],
    signed: '{timestamp}:{body}',
    versions: [{ label: 'h1', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    timestamp: { unit: 's', toleranceSeconds: 300 },
  },
  events: [
    ...Object.entries(PATHS).map(
      ([kind, path]): EventShape => ({
        ...ANY,
        when: [{ at: `{body:event_type#${kind}.}` }],
        resource: { path, deletion: [{ at: `{body:event_type#${kind}.}`, equals: 'deleted' }] },
      }),
    ),
    ANY,
  ],
  idCoverage: 'signed',
  // Of the destination's copy, and new when somebody replays it.
  volatile: ['notification_id'],
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 259_200 }, clientErrors: 'retried' },
  api: {
    baseUrls: { live: 'https://api.paddle.com', sandbox: 'https://sandbox-api.paddle.com' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    headers: { 'paddle-version': '1' },
    // 240 a minute, by IP address.
    rate: { perSecond: 3, burst: 60 },
  },
  setup: [
    'Paddle → Developer tools → Notifications → New destination, type URL. Then store its secret key (pdl_ntfset_…), whole: … → Edit destination.',
    'Each destination, and sandbox and live too, has a key of its own: several on one source are a list.',
    'Simulated events are signed like real ones: choose the usage type of the destination accordingly.',
    'Live notifications are sent up to 60 times in 3 days, in the sandbox 3 times in 15 minutes. Later, replay them by hand or through the API, within 90 days.',
    'To reconcile, store an API key (pdl_live_apikey_…, or pdl_sdbx_apikey_… with the base URL `sandbox`) that may read what the events are about. Adjustments, payouts and API keys have no address of their own, and are not read.',
  ],
  unverified: [
    'How long Paddle signs with the old key as well while a secret key is changed: each signature is tried, so keep both keys in the list.',
    'Whether a retry is signed with a new time: that its library refuses what is older than 5 seconds says so, and 300 seconds are allowed.',
  ],
};
