import type { EventShape, Provider, ResourceShape, TypeRule } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

const TOPIC = '{header:x-wc-webhook-topic}';
const DELIVERY = '{header:x-wc-webhook-delivery-id}';

/** Kind → what only its payload has. */
const KINDS = Object.entries({
  order: 'order_key',
  product: 'catalog_visibility',
  customer: 'avatar_url',
  coupon: 'discount_type',
});
const STATES = ['created', 'updated', 'restored'];

/** A payload is made when it is sent: under one topic, equal ones tell the same. */
const ANY: EventShape = { id: `${TOPIC}/{digest}`, type: TOPIC };

const MODIFIED = { at: '{body:date_modified_gmt}', unit: 'iso' } as const;

/** A payload is what this gives. What was deleted stands in the trash first, under its id. */
function resource(kind: string): ResourceShape {
  return {
    path: `/wp-json/wc/v3/${kind}s/{body:id}`,
    ids: 'digits',
    version: MODIFIED,
    deleted: [{ at: '{body:status}', equals: 'trash' }],
  };
}

function state(kind: string, event: string): EventShape {
  return {
    ...ANY,
    when: [{ at: TOPIC, equals: `${kind}.${event}` }],
    subject: `${kind}/{body:id}`,
    time: MODIFIED,
    version: MODIFIED,
    resource: resource(kind),
  };
}

/** Carries the id alone, so that another of the same thing, once it was restored, has the same bytes. */
function deletion(kind: string): EventShape {
  return {
    when: [{ at: TOPIC, equals: `${kind}.deleted` }],
    id: `${TOPIC}/${DELIVERY}/{digest}`,
    type: TOPIC,
    subject: `${kind}/{body:id}`,
    resource: { ...resource(kind), deletion: [{ at: TOPIC }] },
  };
}

/** A hook of WordPress and its first argument, which may rightly come twice. */
const ACTION: EventShape = {
  when: [{ at: '{body:action}' }],
  id: `action/${DELIVERY}/{digest}`,
  type: 'action.{body:action}',
};

/** The topic is not signed: a captured order must not come again as a product, nor as its own deletion. */
const rules = KINDS.flatMap(([kind, key]): TypeRule[] => [
  ...STATES.map((event) => ({ type: TOPIC, equals: `${kind}.${event}`, body: key })),
  { type: TOPIC, equals: `${kind}.deleted`, lacks: key },
]);

/**
 * Webhooks of a shop; those of the legacy REST API, which is gone from WooCommerce 9, are not read. The delivery's id is not signed, and
 * made of webhook and second: two orders of one second share it. Read in WooCommerce's source, class-wc-webhook.php.
 */
export const woocommerce: Provider = {
  name: 'woocommerce',
  title: 'WooCommerce',
  docs: [
    'https://woocommerce.com/document/webhooks/',
    'https://developer.woocommerce.com/docs/apis/rest-api/v3/webhooks/',
    'https://woocommerce.github.io/woocommerce-rest-api-docs/',
    'https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php',
  ],
  scheme: bodyMac('x-wc-webhook-signature', { encoding: 'base64' }),
  handshakes: [
    {
      method: 'POST',
      guard: 'none',
      media: 'form',
      when: [{ at: '{body:webhook_id}' }, { at: '{header:x-wc-webhook-signature}', is: 'absent' }],
      answer: { status: 200 },
    },
  ],
  events: [
    ACTION,
    ...KINDS.flatMap(([kind]) => [...STATES.map((event) => state(kind, event)), deletion(kind)]),
    ANY,
  ],
  idCoverage: 'unsigned',
  repeatableTypes: [...KINDS.map(([kind]) => `${kind}.deleted`), 'action.*'],
  typeRequires: rules,
  delivery: {
    timeoutMs: 60_000,
    retries: 'none',
    withoutRetries:
      'WooCommerce never sends a failed delivery again. Read what is missing from its REST API: GET /wp-json/wc/v3/orders?modified_after=….',
    disabling:
      'After more than 5 failures in a row the webhook is disabled: set its status to Active again. The filter woocommerce_max_webhook_delivery_failures raises the limit.',
  },
  api: {
    auth: [{ kind: 'basic' }],
    // Each request is work for the shop's own server.
    rate: { perSecond: 2, burst: 10 },
  },
  setup: [
    'WooCommerce → Settings → Advanced → Webhooks → Add webhook, with API version WP REST API Integration v3. Store its secret as you typed it; avoid & < > and quotes, which WordPress may write in another way.',
    'Saving an active webhook sends an unsigned ping: it wants exactly 200, which Headgate answers.',
    'Each webhook has one topic and a secret of its own: several on one source are a list. Give each shop a source of its own: the shop is only in a header, which is not signed.',
    'A deletion carries nothing but an id, and its topic is not signed: give webhooks of *.deleted topics a source of their own for each kind, with `events` naming it.',
    'The user of the webhook must be allowed to read what it sends: else its payload is an error message, and refused. Leave the filter woocommerce_webhook_hash_algorithm as it is: only SHA-256 is accepted.',
    'Times count in seconds: two states of one second have no order, and deletions have none.',
    'To reconcile, say the shop’s address (`baseUrl: "https://shop.example.com"`, with the folder where WordPress is in one), and store a key of WooCommerce → Settings → Advanced → REST API that may read, as consumer_key:consumer_secret. Permalinks must not be plain.',
  ],
};
