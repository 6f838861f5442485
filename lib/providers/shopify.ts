import type { EventShape, Provider, ResourceShape, TypeRule } from '../core/provider.ts';

/** First part of the topic, and of the path in the API → what its resources are called in their global ids. */
const KINDS = [
  ['collections', 'Collection'],
  ['customers', 'Customer'],
  ['draft_orders', 'DraftOrder'],
  ['inventory_items', 'InventoryItem'],
  ['locations', 'Location'],
  ['orders', 'Order'],
  ['products', 'Product'],
] as const;

const TOPIC = '{header:x-shopify-topic}';

const NAME = '{header:x-shopify-name}';
const SUB_TOPIC = '{header:x-shopify-sub-topic}';

/** One event comes once for each subscription to it, all under one event id. Not every delivery has that: then the delivery's own. */
const ids = ['{header:x-shopify-event-id}', '{header:x-shopify-webhook-id}'].flatMap((id) => [
  `${id}/${TOPIC}/${SUB_TOPIC}/${NAME}`,
  `${id}/${TOPIC}/sub-topic/${SUB_TOPIC}`,
  `${id}/${TOPIC}/name/${NAME}`,
  `${id}/${TOPIC}`,
]);

/** A document of the API is the only field of an object, with the kind as its name: of these holes one has a value. */
const VERSION: ResourceShape['version'] = {
  at: [...KINDS.map(([folder]) => folder.slice(0, -1)), 'fulfillment', 'variant']
    .map((kind) => `{body:${kind}.updated_at?}`)
    .join(''),
  unit: 'iso',
};

function gid(kind: string): string {
  return `{body:admin_graphql_api_id#gid://shopify/${kind}/}`;
}

const WEBHOOK: EventShape = {
  when: [{ at: TOPIC }],
  id: ids,
  type: TOPIC,
  // The body's own ids exceed 2^53.
  subject: [
    '{body:admin_graphql_api_id}',
    'inventory_items/{body:inventory_item_id}/locations/{body:location_id}',
  ],
  // From the body, which is signed: the header with the time is not, and a forged one would put later states into the shade.
  time: { at: '{body:updated_at}', unit: 'iso' },
  version: { at: '{body:updated_at}', unit: 'iso' },
  resource: {
    path: [
      ...KINDS.map(([folder, kind]) => `/${folder}/${gid(kind)}.json`),
      `/orders/{body:order_id}/fulfillments/${gid('Fulfillment')}.json`,
      `/variants/${gid('ProductVariant')}.json`,
    ],
    ids: 'digits',
    version: VERSION,
  },
};

/** They have no id, and are listed: one of them, or none. */
const LEVEL: EventShape = {
  ...WEBHOOK,
  when: [{ at: TOPIC }, { at: '{body:inventory_item_id}' }, { at: '{body:location_id}' }],
  resource: {
    path: '/inventory_levels.json?inventory_item_ids={body:inventory_item_id}&location_ids={body:location_id}',
    ids: 'digits',
    version: { at: '{body:inventory_levels.0.updated_at}', unit: 'iso' },
    deletion: [{ at: TOPIC, equals: 'inventory_levels/disconnect' }],
    absent: [{ at: '{body:inventory_levels.0.inventory_item_id}', is: 'absent' }],
  },
};

/** Deletions carry hardly more than the id. */
const deletions = KINDS.map(
  ([topic, kind]): EventShape => ({
    ...WEBHOOK,
    when: [{ at: TOPIC, equals: `${topic}/delete` }],
    subject: ['{body:admin_graphql_api_id}', `gid://shopify/${kind}/{body:id}`],
    resource: {
      path: `/${topic}/{body:id}.json`,
      ids: 'digits',
      version: VERSION,
      deletion: [{ at: TOPIC, equals: `${topic}/delete` }],
    },
  }),
);

/** The topic is not signed: a captured product must not come again as an order, nor as its own deletion. */
const rules = KINDS.flatMap(([topic, kind]): TypeRule[] => [
  {
    type: TOPIC,
    begins: `${topic}/`,
    body: 'admin_graphql_api_id',
    valueBegins: `gid://shopify/${kind}/`,
  },
  { type: TOPIC, equals: `${topic}/delete`, lacks: 'created_at' },
]);

/** What may come again, or erases something, must be what it says: topic → what its body holds, and what it lacks. */
const ALONE: readonly (readonly [topic: string, holds: string, lacks: string])[] = [
  ['app/uninstalled', 'myshopify_domain', 'admin_graphql_api_id'],
  ['collection_listings/remove', 'collection_listing', 'collection_listing.title'],
  ['customers/data_request', 'shop_domain', 'admin_graphql_api_id'],
  ['customers/redact', 'shop_domain', 'admin_graphql_api_id'],
  ['product_listings/remove', 'product_listing', 'product_listing.title'],
  ['shop/redact', 'shop_domain', 'admin_graphql_api_id'],
];

const aloneRules = ALONE.flatMap(([equals, body, lacks]): TypeRule[] => [
  { type: TOPIC, equals, body },
  { type: TOPIC, equals, lacks },
]);

/**
 * Webhooks, and the newer Events (a developer preview), each with its own family of headers.
 * Two topics of one resource (orders/create, orders/paid) may rightly have the same bytes, so no rule can keep them apart.
 */
export const shopify: Provider = {
  name: 'shopify',
  title: 'Shopify',
  docs: [
    'https://shopify.dev/docs/apps/build/webhooks/subscribe/https',
    'https://shopify.dev/docs/apps/build/webhooks/ignore-duplicates',
    'https://shopify.dev/docs/apps/build/events/delivery-structure',
    'https://shopify.dev/docs/api/admin-rest',
  ],
  scheme: {
    kind: 'signature',
    families: [
      { signature: { header: 'shopify-hmac-sha256' } },
      { signature: { header: 'x-shopify-hmac-sha256' } },
    ],
    signed: '{body}',
    versions: [{ algorithm: 'hmac-sha256', encoding: 'base64', key: { encoding: 'utf8' } }],
  },
  events: [
    {
      // Events say in the (signed) body what they are. They name what changed but carry no version, so they are no states.
      when: [{ at: '{body:topic}' }, { at: '{body:action}' }, { at: '{body:handle}' }],
      id: ['{header:shopify-event-id}/{body:handle}', '{header:shopify-webhook-id}/{body:handle}'],
      type: 'events/{body:topic}/{body:action}',
    },
    ...deletions,
    LEVEL,
    WEBHOOK,
  ],
  idCoverage: 'unsigned',
  repeatableTypes: [
    'events/*',
    'app/uninstalled',
    'collection_listings/remove',
    'customers/redact',
    'product_listings/remove',
    'shop/redact',
  ],
  typeRequires: [...rules, ...aloneRules],
  delivery: {
    timeoutMs: 5_000,
    retries: { spanSeconds: 172_800 },
    clientErrors: 'retried',
    disabling:
      'After 8 failures in a row Shopify deletes a subscription that was made through the Admin API: create it again. Those of shopify.app.toml stay.',
  },
  api: {
    // https://SHOP.myshopify.com/admin/api/VERSION
    auth: [{ kind: 'token', header: 'x-shopify-access-token' }],
    // What the smallest plan allows.
    rate: { perSecond: 2, burst: 40 },
  },
  setup: [
    "The signing secret is the app's client secret, whole: Partner Dashboard → your app → Client credentials. Webhooks made in the store's own Settings → Notifications are signed with the key shown there: give them a source of their own.",
    'Subscribe in shopify.app.toml or with webhookSubscriptionCreate.',
    'With include_fields, include id, admin_graphql_api_id and updated_at (for app/uninstalled myshopify_domain): without updated_at, two updates can be the same bytes and count as a repeat.',
    "Several subscriptions to one topic need names (or filters): the name is a part of the event's id.",
    "The shop is only in a header, which is not signed, and so it is not published: give your app a source of its own for each shop, or read the shop's resources by their global ids.",
    'One topic of a resource can pass for another (orders/create for orders/paid): let what you do follow from the body (cancelled_at), which is signed.',
    'Deletions carry no version, so their order is unconfirmed, unless they are reconciled.',
    "To reconcile, store the shop's Admin API access token as api, with api.baseUrl https://SHOP.myshopify.com/admin/api/2026-07: a source for each shop. The token needs the read scope of each topic's resource, and read_all_orders for orders older than 60 days.",
    'What is read is the REST representation, which is a legacy but that of webhooks too: collections, customers, draft orders, fulfillments, inventory items and levels, locations, orders, products and variants.',
  ],
  unverified: [
    'Whether a retry keeps its triggered-at is not documented: that header is not used at all.',
    'Which topics rightly come twice with the same bytes is not documented: those that may have nothing in them that would change. The newer Events name what changed, not to what: the same price may change twice.',
    'How long Shopify keeps its legacy REST API is not known: versions up to 2026-07 are in its library.',
    "Old posts speak of 19 tries in 48 hours, today's pages of 8 in 4 hours: what is stored for dedup lasts for the longer.",
    'That subscriptions of shopify.app.toml outlive failures is not documented.',
  ],
};
