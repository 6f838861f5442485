import { type Fresh, json, type SampleBody, type SampleBook } from './sample.ts';

/** In UTC without a zone, as WooCommerce writes it. */
function gmt({ now }: Fresh): string {
  return new Date(now).toISOString().slice(0, 19);
}

function resource(fields: (fresh: Fresh) => Readonly<Record<string, unknown>>): (fresh: Fresh) => SampleBody {
  return (fresh) => json({ id: Number(fresh.digits(7)), ...fields(fresh), date_modified_gmt: gmt(fresh) });
}

const order = resource((fresh) => ({
  order_key: `wc_order_${fresh.hex(13)}`,
  status: 'processing',
  currency: 'EUR',
  total: '29.35',
  billing: { first_name: 'Zoë', email: 'zoe@example.com' },
  line_items: [{ name: 'Big Brown Bear Boots', quantity: 1, total: '29.35' }],
}));

const product = resource(() => ({
  name: 'Big Brown Bear Boots',
  status: 'publish',
  catalog_visibility: 'visible',
  price: '29.35',
}));

const customer = resource(() => ({
  email: 'zoe@example.com',
  first_name: 'Zoë',
  avatar_url: 'https://secure.gravatar.com/avatar/0',
}));

/** https://developer.woocommerce.com/docs/apis/rest-api/v3/, with fewer of the many fields. */
export const woocommerce: SampleBook = {
  bodies: {
    'order.created': order,
    'order.updated': order,
    'order.deleted': (fresh) => json({ id: Number(fresh.digits(7)) }),
    'product.updated': product,
    'customer.created': customer,
    'action.woocommerce_add_to_cart': (fresh) =>
      json({ action: 'woocommerce_add_to_cart', arg: fresh.hex(32) }),
  },
  headers: (type, fresh) => ({
    'x-wc-webhook-delivery-id': fresh.hex(32),
    'x-wc-webhook-id': '12',
    'x-wc-webhook-source': 'https://shop.example.com/',
    'x-wc-webhook-topic': type,
  }),
};
