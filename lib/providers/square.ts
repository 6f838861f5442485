import type { EventShape, Provider } from '../core/provider.ts';

const TYPE = '{body:type}';

/** About no resource. */
const BARE: EventShape = {
  id: '{body:event_id}',
  type: TYPE,
  time: { at: '{body:created_at}', unit: 'iso' },
};

const ANY: EventShape = { ...BARE, subject: '{body:data.type}/{body:data.id}' };

/** A resource that carries a number which grows with every change. */
function versioned(kind: string): EventShape {
  return {
    ...ANY,
    when: [{ at: '{body:data.type}', equals: kind }],
    version: { at: `{body:data.object.${kind}.version}`, unit: 'integer' },
  };
}

/** A resource with a time that moves with every change. */
function timed(kind: string): EventShape {
  return {
    ...ANY,
    when: [{ at: '{body:data.type}', equals: kind }],
    version: { at: `{body:data.object.${kind}.updated_at}`, unit: 'iso' },
  };
}

/** Says what changed of an order, and nothing of how it stands now. */
const FULFILLMENT: EventShape = {
  ...BARE,
  when: [{ at: '{body:data.type}', equals: 'order_fulfillment_updated' }],
};

/** Orders are named after what happened to them. */
function order(kind: string): EventShape {
  return { ...versioned(kind), subject: 'order/{body:data.id}' };
}

/** Webhook subscriptions of an application. The legacy x-square-signature (SHA-1) is never looked at. */
export const square: Provider = {
  name: 'square',
  title: 'Square',
  docs: [
    'https://developer.squareup.com/docs/webhooks/step3validate',
    'https://developer.squareup.com/docs/webhooks/step4manage',
    'https://developer.squareup.com/docs/webhooks/troubleshooting',
  ],
  scheme: {
    kind: 'signature',
    families: [{ signature: { header: 'x-square-hmacsha256-signature' } }],
    signed: '{url}{body}',
    versions: [{ algorithm: 'hmac-sha256', encoding: 'base64', key: { encoding: 'utf8' } }],
  },
  events: [
    ...['order_created', 'order_updated'].map(order),
    FULFILLMENT,
    ...['customer', 'invoice', 'subscription', 'booking'].map(versioned),
    ...['payment', 'refund', 'dispute'].map(timed),
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
  setup: [
    'developer.squareup.com → your application → Webhooks → Subscriptions → Add subscription. Store its Signature key as it is shown.',
    'The signature covers the URL: it must be entered at Square exactly as Headgate prints it, with the custom domain if there is one.',
    'Each subscription has a key of its own, and sandbox and production too: several on one source are a list.',
    'A key that was renewed through the API signs at once: store the new one first, and keep the old one in the list for a day.',
    'Order events carry only ids, version and state: fetch the order for the rest.',
  ],
  unverified: [
    'No order of events is promised: only a version or updated_at in the object orders states.',
    'Whether an old signature key still signs for a while is not documented: keep both in the list.',
    "Square's pages differ on time limit and retries: 10 seconds and 24 hours are kept, the shortest of what they name.",
  ],
};
