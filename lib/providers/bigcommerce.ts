import type { EventShape, Provider, ResourceShape } from '../core/provider.ts';
import { standardSender } from './standard-webhooks.ts';

const ANY: EventShape = {
  id: '{header:webhook-id}',
  type: '{body:scope}',
  time: { at: '{body:created_at}', unit: 's' },
};

/** A cart that became an order is no more; an archived order is what the API calls deleted. */
const DELETIONS = [
  'store/order/archived',
  'store/cart/converted',
  'store/cart/deleted',
  'store/category/deleted',
  'store/customer/address/deleted',
  'store/customer/deleted',
  'store/product/deleted',
  'store/shipment/deleted',
  'store/sku/deleted',
  'store/subscriber/deleted',
] as const;

function hint(kind: string, when: EventShape['when'], resource: Omit<ResourceShape, 'deletion'>): EventShape {
  return {
    ...ANY,
    when: [{ at: '{body:data.type}', equals: kind }, ...(when ?? [])],
    resource: {
      subject: `${kind}/{body:data.id}`,
      ...resource,
      deletion: [{ at: '{body:scope}', oneOf: DELETIONS }],
    },
  };
}

/** Lists of those that have an id: of one, or of none. */
function listed(path: string, id = 'id'): Pick<ResourceShape, 'path' | 'absent'> {
  return { path, absent: [{ at: `{body:data.0.${id}}`, is: 'absent' }] };
}

const HINTS: readonly EventShape[] = [
  hint('order', [], {
    path: '/v2/orders/{body:data.id}',
    deleted: [{ at: '{body:is_deleted}', equals: 'true' }],
  }),
  hint('shipment', [], { path: '/v2/orders/{body:data.orderId}/shipments/{body:data.id}' }),
  hint('product', [], { path: '/v3/catalog/products/{body:data.id}' }),
  hint('sku', [], {
    path: ['sku', 'inventory'].map(
      (of) => `/v3/catalog/products/{body:data.${of}.product_id}/variants/{body:data.${of}.variant_id}`,
    ),
  }),
  hint('category', [], listed('/v3/catalog/trees/categories?category_id:in={body:data.id}', 'category_id')),
  hint('customer', [{ at: '{body:data.address.customer_id}' }], {
    ...listed('/v3/customers/addresses?id:in={body:data.id}'),
    subject: 'address/{body:data.id}',
  }),
  hint('customer', [], listed('/v3/customers?id:in={body:data.id}')),
  hint('subscriber', [], { path: '/v3/customers/subscribers/{body:data.id}' }),
  hint('cart', [], { path: '/v3/carts/{body:data.id}' }),
  hint('cart_line_item', [], { path: '/v3/carts/{body:data.cartId}', subject: 'cart/{body:data.cartId}' }),
];

/**
 * HTTPS webhooks: Standard Webhooks, with the client secret as text. A notification names a resource that changed and carries nothing
 * of it, so it is no state. Its `hash` is that of equal contents, not of a delivery: without a time in them, of every update.
 */
export const bigcommerce: Provider = {
  name: 'bigcommerce',
  title: 'BigCommerce',
  docs: [
    'https://developer.bigcommerce.com/docs/integrations/webhooks/http',
    'https://developer.bigcommerce.com/docs/integrations/webhooks/events',
    'https://developer.bigcommerce.com/docs/webhooks/webhooks/manage-webhooks-bulk',
    'https://developer.bigcommerce.com/docs/api-docs/getting-started/api-rate-limits',
  ],
  scheme: standardSender('webhook', { encoding: 'utf8' }),
  events: [...HINTS, ANY],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 5_000,
    retries: { spanSeconds: 173_040 },
    clientErrors: 'retried',
    disabling:
      'Under 90 % of successes within 2 minutes, from 100 requests on, the whole domain waits for 3 minutes; a delivery that fails for 48 hours deactivates its webhook, and so do 90 days without one: set is_active again by PUT /v3/hooks/{id}.',
  },
  api: {
    auth: [{ kind: 'token', header: 'x-auth-token' }],
    // 150 in 30 seconds on the smallest plan, for all apps of a store.
    rate: { perSecond: 2, burst: 30 },
  },
  setup: [
    'Create webhooks by POST /stores/{store_hash}/v3/hooks with scope and destination; a new one needs up to a minute.',
    'Store the client secret of the API account whose token created the webhook, as text: it is not decoded.',
    'What you register under `headers` is sent along, but not looked at: the signature covers more.',
    'Payloads hold only a type and an id: read the rest from the API, or reconcile. For that say the store’s address (`baseUrl: "https://api.bigcommerce.com/stores/{store_hash}"`), and store the access token of an API account that may read it. Give each store a source of its own. Metafields, transactions, price lists, channels and what is new are not read.',
    'A wildcard scope such as store/order/* brings several events for one change.',
  ],
  unverified: [
    'How long BigCommerce waits for an answer: 5 seconds.',
    'Whether every webhook is signed, whichever API or account made it: one that is not is refused.',
    'Whether a retry keeps its webhook-id, as the standard asks: were it new, the notification would be published again.',
    'Whether an old client secret still signs after a reset: keep both in the list for a day.',
  ],
};
