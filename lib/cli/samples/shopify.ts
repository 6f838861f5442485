import { type Fresh, isoSeconds, type SampleBody, type SampleBook } from './sample.ts';

/** As text: an id of more than 53 bits is no number in JavaScript. */
function resource(
  kind: string,
  fields: (fresh: Fresh) => Readonly<Record<string, unknown>>,
): (fresh: Fresh) => SampleBody {
  return (fresh) => {
    const id = fresh.digits(18);
    const rest = JSON.stringify({ admin_graphql_api_id: `gid://shopify/${kind}/${id}`, ...fields(fresh) });
    return { contentType: 'application/json', text: `{"id":${id},${rest.slice(1)}` };
  };
}

const order = resource('Order', (fresh) => ({
  created_at: isoSeconds(fresh.now),
  updated_at: isoSeconds(fresh.now),
  currency: 'EUR',
  email: 'jenny.rosen@example.com',
  financial_status: 'paid',
  fulfillment_status: null,
  name: '#1347',
  order_number: 1347,
  total_price: '20.00',
  line_items: [{ title: 'Big Brown Bear Boots', quantity: 1, price: '20.00', sku: 'BBBB-42' }],
}));

const product = resource('Product', (fresh) => ({
  title: 'Big Brown Bear Boots',
  vendor: 'Acme',
  status: 'active',
  handle: 'big-brown-bear-boots',
  created_at: '2026-01-15T09:30:00+01:00',
  updated_at: isoSeconds(fresh.now),
  variants: [{ title: 'Default', price: '20.00', sku: 'BBBB-42' }],
}));

/** https://shopify.dev/docs/api/webhooks, with fewer of the many fields. */
export const shopify: SampleBook = {
  bodies: {
    'orders/create': order,
    'products/update': product,
    'products/delete': (fresh) => ({
      contentType: 'application/json',
      text: `{"id":${fresh.digits(18)}}`,
    }),
  },
  headers: (type, fresh) => ({
    'user-agent': 'Shopify-Captain-Hook',
    'x-shopify-api-version': '2026-10',
    'x-shopify-event-id': fresh.uuid(),
    'x-shopify-shop-domain': 'example.myshopify.com',
    'x-shopify-topic': type,
    'x-shopify-triggered-at': new Date(fresh.now).toISOString(),
    'x-shopify-webhook-id': fresh.uuid(),
  }),
  signatureHeader: 'x-shopify-hmac-sha256',
};
