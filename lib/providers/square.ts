import type { EventShape, Provider, ResourceShape } from '../core/provider.ts';

const TYPE = '{body:type}';

/** About no resource. */
const BARE: EventShape = {
  id: '{body:event_id}',
  type: TYPE,
  time: { at: '{body:created_at}', unit: 'iso' },
};

const ID = '{body:data.id}';

/** Ids of invoices have a colon. */
const READ: Pick<ResourceShape, 'ids' | 'deletion'> = {
  ids: 'encoded',
  deletion: [{ at: '{body:data.deleted}', equals: 'true' }],
};

/** What has no version in its events. */
const ANY: EventShape = {
  ...BARE,
  subject: '{body:data.type}/{body:data.id}',
  resource: {
    ...READ,
    path: {
      by: '{body:data.type}',
      of: {
        bank_account: `/v2/bank-accounts/${ID}`,
        card: `/v2/cards/${ID}`,
        gift_card: `/v2/gift-cards/${ID}`,
        location: `/v2/locations/${ID}`,
        payout: `/v2/payouts/${ID}`,
        team_member: `/v2/team-members/${ID}`,
        vendor: `/v2/vendors/${ID}`,
      },
    },
  },
};

/** A resource that carries a number which grows with every change, or a time that moves with it. */
function state(kind: string, field: 'version' | 'updated_at', named = kind): EventShape {
  const unit = field === 'version' ? 'integer' : 'iso';
  return {
    ...BARE,
    when: [{ at: '{body:data.type}', equals: named }],
    subject: `${kind}/${ID}`,
    version: { at: `{body:data.object.${named}.${field}}`, unit },
    resource: {
      ...READ,
      path: `/v2/${kind}s/${ID}`,
      version: { at: `{body:${kind}.${field}}`, unit },
    },
  };
}

/** Says what changed of an order, and nothing of how it stands now. */
const FULFILLMENT: EventShape = {
  ...BARE,
  when: [{ at: '{body:data.type}', equals: 'order_fulfillment_updated' }],
  resource: {
    ids: 'encoded',
    subject: `order/${ID}`,
    path: `/v2/orders/${ID}`,
    version: { at: '{body:order.version}', unit: 'integer' },
  },
};

/** Webhook subscriptions of an application. The legacy x-square-signature (SHA-1) is never looked at. */
export const square: Provider = {
  name: 'square',
  title: 'Square',
  docs: [
    'https://developer.squareup.com/docs/webhooks/step3validate',
    'https://developer.squareup.com/docs/webhooks/step4manage',
    'https://developer.squareup.com/docs/webhooks/troubleshooting',
    'https://developer.squareup.com/reference/square',
  ],
  scheme: {
    kind: 'signature',
    families: [{ signature: { header: 'x-square-hmacsha256-signature' } }],
    signed: '{url}{body}',
    versions: [{ algorithm: 'hmac-sha256', encoding: 'base64', key: { encoding: 'utf8' } }],
  },
  events: [
    // Orders are named after what happened to them.
    ...['order_created', 'order_updated'].map((named) => state('order', 'version', named)),
    FULFILLMENT,
    ...['customer', 'invoice', 'subscription', 'booking'].map((kind) => state(kind, 'version')),
    ...['payment', 'refund', 'dispute'].map((kind) => state(kind, 'updated_at')),
    ANY,
  ],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 10_000,
    retries: { spanSeconds: 86_400 },
    clientErrors: 'retried',
    disabling:
      'Square disables a subscription that got no 2xx for three weeks, after a mail each week. Enable it again under Webhooks → Subscriptions.',
  },
  api: {
    baseUrls: { live: 'https://connect.squareup.com', sandbox: 'https://connect.squareupsandbox.com' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    // The newest library's.
    headers: { 'square-version': '2026-09-16' },
    rate: { perSecond: 5, burst: 20 },
  },
  setup: [
    'developer.squareup.com → your application → Webhooks → Subscriptions → Add subscription. Store its Signature key as it is shown.',
    'The signature covers the URL: it must be entered at Square exactly as Headgate prints it, with the custom domain if there is one.',
    'Each subscription has a key of its own, and sandbox and production too: several on one source are a list.',
    'A key that was renewed through the API signs at once: store the new one first, and keep the old one in the list for a day.',
    'Order events carry only ids, version and state: reconcile: "always" fetches the order for the rest.',
    'To reconcile, store an access token as api (Credentials), or that of the one seller who granted it. What belongs to another seller is not found with it, and would be taken for deleted: give each seller a source of their own.',
    'What is fetched has the shape of Square-Version 2026-09-16, events that of the application. Devices, loyalty, terminals and the catalog have no address by the id of an event, and are not read.',
  ],
  unverified: [
    'How many requests Square takes is not published: 5 a second are asked.',
    'No order of events is promised: only a version or updated_at in the object orders states.',
    'Whether an old signature key still signs for a while is not documented: keep both in the list.',
    "Square's pages differ on time limit and retries: 10 seconds and 24 hours are kept, the shortest of what they name.",
  ],
};
