import type { EventShape, Provider, ProviderApi } from '../core/provider.ts';

/** Where resources are read, by what their ids begin with. What has no address of its own (`re_`, `cpt_`) is not read. */
const RESOURCES = [
  { id: 'tr_', kind: 'payment', path: '/v2/payments' },
  { id: 'ord_', kind: 'order', path: '/v2/orders' },
  { id: 'pl_', kind: 'payment-link', path: '/v2/payment-links' },
] as const;

const api: ProviderApi = {
  baseUrls: { mollie: 'https://api.mollie.com' },
  auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
  rate: { perSecond: 2, burst: 10 },
};

const RETRIES = { timeoutMs: 15_000, retries: { spanSeconds: 93_600 }, clientErrors: 'retried' } as const;

const RATE = 'How many requests the API takes: 2 a second are asked at most.';

const EVENT: EventShape = {
  id: '{body:id}',
  type: '{body:type}',
  time: { at: '{body:createdAt}', unit: 'iso' },
};

/**
 * Next-generation webhooks: events with an id, signed. The entity that may come with an event has no version that would order its
 * states.
 */
export const mollie: Provider = {
  name: 'mollie',
  title: 'Mollie',
  docs: [
    'https://docs.mollie.com/reference/webhooks-new',
    'https://docs.mollie.com/reference/webhooks-best-practices',
  ],
  scheme: {
    kind: 'signature',
    // While the secret changes, the header comes twice.
    families: [{ signature: { header: 'x-mollie-signature', separator: ',', assign: '=' } }],
    signed: '{body}',
    versions: [{ label: 'sha256', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
  },
  events: [
    ...RESOURCES.map(
      ({ id, kind, path }): EventShape => ({
        ...EVENT,
        when: [{ at: `{body:entityId#${id}}` }],
        resource: { subject: `${kind}/{body:entityId}`, path: `${path}/{body:entityId}` },
      }),
    ),
    EVENT,
  ],
  idCoverage: 'signed',
  delivery: {
    ...RETRIES,
    disabling: 'A webhook that keeps failing is marked as blocked.',
  },
  api,
  setup: [
    'my.mollie.com → Developers → Webhooks → Create webhook, with the event types that you need; or POST /v2/webhooks. Store its signing secret as it is shown.',
    'After a new secret was made, events carry a signature of each for 24 hours: store the new one within that time.',
    'To reconcile, store an API key (live_… or test_…, as the payments are) or an access token that may read payments and payment links.',
    'A webhookUrl that is given with a payment is another product, without signatures: use the provider mollieClassic, under a URL of its own.',
  ],
  unverified: [
    'How long and how often a failed event is sent again: 10 times within 26 hours, as for classic webhooks.',
    'What turns a blocked webhook on again, and after how many failures it is blocked.',
    RATE,
  ],
};

/**
 * The webhookUrl of a payment: a form with nothing but the id of what changed. The same id comes with every change, so each delivery
 * is an event of its own. Nothing in the request proves who sent it: the secret is a token that only Mollie was told, in the URL.
 */
export const mollieClassic: Provider = {
  name: 'mollie-classic',
  title: 'Mollie (classic)',
  docs: ['https://docs.mollie.com/reference/webhooks', 'https://docs.mollie.com/reference/security'],
  scheme: { kind: 'token', query: 'token' },
  // Whoever asks Mollie for it writes the id into a URL.
  events: [
    ...RESOURCES.map(
      ({ id, kind, path }): EventShape => ({
        when: [{ at: `{body:id#${id}}`, is: 'id' }],
        type: `${kind}.changed`,
        resource: { subject: `${kind}/{body:id}`, path: `${path}/{body:id}` },
      }),
    ),
    { when: [{ at: '{body:id}', is: 'id' }], type: 'changed' },
  ],
  idCoverage: 'unsigned',
  delivery: RETRIES,
  api,
  setup: [
    'Mollie signs nothing here, so what can be proved is that the sender knows your URL: make a long random token (openssl rand -hex 32), store it as the signing secret, and give Mollie the URL with ?token=… at its end, as webhookUrl of each payment.',
    'The token proves neither the id nor the time, and stands in the logs of whatever passes the URL on. An event is a hint: decide only on what Mollie’s API says of the resource.',
    "To have that asked and published with the event, store an API key (live_… or test_…, as the payments are) as api, and give the source reconcile: 'always'.",
    'To change the token, store the new one first and keep the old one in the list for as long as payments are open that were created with it.',
    'Every id is answered with 200, known or not, as Mollie wants it.',
  ],
  unverified: ['How long a failed call is sent again: 10 times within 26 hours.', RATE],
};
