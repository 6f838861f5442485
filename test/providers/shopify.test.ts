import { describe, expect, test } from 'vitest';
import { shopify } from '../../lib/providers/shopify.ts';
import { JSON_TYPE, read, readOne, reconcilingSource, sourceOf } from '../core/intake-cases.ts';

const source = sourceOf(shopify);
const sent = (topic: string, body: string, more: Record<string, string> = {}) => ({
  body,
  headers: {
    ...JSON_TYPE,
    'x-shopify-topic': topic,
    'x-shopify-event-id': 'e1',
    'x-shopify-webhook-id': 'w1',
    ...more,
  },
});
const gid = (kind: string, id: string) => `"admin_graphql_api_id":"gid:\\/\\/shopify\\/${kind}\\/${id}"`;

describe('the id of a webhook', () => {
  const idOf = async (more: Record<string, string> = {}, topic = 'orders/paid') =>
    (await readOne(source, sent(topic, '{}', more))).id;

  test('is that of the event, which its duplicates share, not of the delivery', async () => {
    expect(await idOf()).toBe('e1/orders/paid');
    expect(
      await idOf({ 'x-shopify-webhook-id': 'w2', 'x-shopify-triggered-at': '2026-11-24T10:00:00Z' }),
    ).toBe(await idOf());
  });

  test('is that of the delivery where an older subscription sends no event id', async () => {
    expect(await idOf({ 'x-shopify-event-id': '' })).toBe('w1/orders/paid');
  });

  test('keeps topics and named subscriptions apart: one event comes once for each', async () => {
    const ids = [
      await idOf(),
      await idOf({}, 'orders/updated'),
      await idOf({ 'x-shopify-name': 'a' }),
      await idOf({ 'x-shopify-name': 'b' }),
      await idOf({ 'x-shopify-sub-topic': 'a' }),
      await idOf({ 'x-shopify-sub-topic': 'a', 'x-shopify-name': 'a' }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the subject', () => {
  test('of a deletion, which carries only an id, is the same as that of an update', async () => {
    const id = '820982911946154508';
    const update = await readOne(source, sent('orders/updated', `{"id":${id},${gid('Order', id)}}`));
    const deletion = await readOne(source, sent('orders/delete', `{"id":${id}}`));
    expect(update.subject).toBe(`gid://shopify/Order/${id}`);
    expect(deletion.subject).toBe(update.subject);
  });

  test('orders by the body, which is signed, and never by a header', async () => {
    const body = `{${gid('Order', '1')},"updated_at":"2026-11-24T04:59:58-05:00"}`;
    const event = await readOne(
      source,
      sent('orders/updated', body, { 'x-shopify-triggered-at': '2100-01-01T00:00:00Z' }),
    );
    expect(event).toMatchObject({ version: '01795514398000000000', time: 1_795_514_398_000 });
    const deletion = await readOne(
      source,
      sent('orders/delete', '{"id":1}', { 'x-shopify-triggered-at': '2100-01-01T00:00:00Z' }),
    );
    expect(deletion).not.toHaveProperty('version');
  });
});

describe('a captured body', () => {
  const order = `{"id":1,${gid('Order', '1')},"created_at":"2026-11-24T04:59:58-05:00"}`;

  test.each([
    ['under the topic of another resource', 'products/update', order],
    ['as its own deletion', 'orders/delete', order],
    ['as the erasure of a shop', 'shop/redact', order],
    ['as the erasure of a customer', 'customers/redact', order],
    ['as the request for data', 'customers/data_request', order],
    ['as an uninstalled app', 'app/uninstalled', order],
    [
      'as an uninstalled app, of another erasure',
      'app/uninstalled',
      '{"shop_id":1,"shop_domain":"a.myshopify.com"}',
    ],
    ['as a listing that is removed', 'product_listings/remove', order],
    [
      'of a listing as its removal',
      'product_listings/remove',
      '{"product_listing":{"product_id":1,"title":"a"}}',
    ],
    [
      'of another listing as its removal',
      'collection_listings/remove',
      '{"collection_listing":{"title":"a"}}',
    ],
  ])('%s is refused', async (_, topic, body) => {
    expect(await read(source, sent(topic, body))).toMatchObject({
      events: [],
      unreadable: [{ reason: 'contradicted-type' }],
    });
  });

  test('under another event id is known as a repeat', async () => {
    const first = await readOne(source, sent('orders/paid', order));
    const second = await readOne(
      source,
      sent('orders/paid', order, {
        'x-shopify-event-id': 'e2',
        'x-shopify-shop-domain': 'other.myshopify.com',
      }),
    );
    expect(second.id).not.toBe(first.id);
    expect(second.content).toBe(first.content);
  });

  test('is told from that of another topic of its resource by nothing, so the topic is part of its mark', async () => {
    const [created, paid] = [
      await readOne(source, sent('orders/create', order)),
      await readOne(source, sent('orders/paid', order)),
    ];
    expect(created.content).not.toBe(paid.content);
  });

  test('may come again where nothing in it would change', async () => {
    for (const [topic, body] of [
      ['app/uninstalled', '{"id":1,"myshopify_domain":"a.myshopify.com"}'],
      ['shop/redact', '{"shop_id":1,"shop_domain":"a.myshopify.com"}'],
      ['customers/redact', '{"shop_id":1,"shop_domain":"a.myshopify.com","customer":{"id":1}}'],
      ['product_listings/remove', '{"product_listing":{"product_id":1}}'],
      ['collection_listings/remove', '{"collection_listing":{"collection_id":1}}'],
    ] as const) {
      expect(await readOne(source, sent(topic, body)), topic).not.toHaveProperty('content');
    }
  });
});

describe('an event of the newer kind', () => {
  const change = '{"topic":"Product","action":"update","handle":"h","fields_changed":{}}';
  const newer = (more: Record<string, string> = {}) => ({
    body: change,
    headers: { ...JSON_TYPE, 'shopify-event-id': 'e1', ...more },
  });

  test('is what its signed body says, whatever its headers say', async () => {
    const event = await readOne(
      source,
      newer({ 'shopify-topic': 'Order', 'shopify-action': 'delete', 'shopify-handle': 'x' }),
    );
    expect(event).toMatchObject({ id: 'e1/h', type: 'events/Product/update' });
  });

  test('has no subject, since it holds no state, and may come twice with the same bytes', async () => {
    const event = await readOne(source, newer());
    expect(event).not.toHaveProperty('subject');
    expect(event).not.toHaveProperty('content');
  });

  test('is known by its delivery where it has no event id', async () => {
    expect(
      (await readOne(source, { body: change, headers: { ...JSON_TYPE, 'shopify-webhook-id': 'w1' } })).id,
    ).toBe('w1/h');
  });
});

test('the shop is neither signed nor in most bodies, so a source per shop is asked for', () => {
  expect(shopify.setup.join('\n')).toMatch(/source of its own for each shop/);
});

test('a field that the subscription leaves out is no contradiction', async () => {
  expect(await readOne(source, sent('products/update', '{"id":1}'))).toMatchObject({
    type: 'products/update',
  });
});

test('a state that a retry brings late is known to be the older one', async () => {
  const at = async (updated_at: string) =>
    (await readOne(source, sent('orders/updated', JSON.stringify({ id: 1, updated_at })))).version ?? '';
  expect((await at('2026-11-24T04:59:58-05:00')) < (await at('2026-11-24T10:00:00Z'))).toBe(true);
});

describe('the resource', () => {
  const asking = reconcilingSource(shopify);
  const resourceOf = async (topic: string, body: string) =>
    (await readOne(asking, sent(topic, body))).resource;

  test('is what the signed global id says, whatever the topic says, with every digit', async () => {
    const body = `{"id":1,${gid('Order', '9007199254740993')}}`;
    for (const topic of ['orders/create', 'orders/paid', 'invented/topic'])
      expect((await resourceOf(topic, body))?.path, topic).toBe('/orders/9007199254740993.json');
    expect(await resourceOf('themes/update', `{${gid('OnlineStoreTheme', '1')}}`)).toBeUndefined();
    expect(await resourceOf('orders/create', `{${gid('Order', '1?a=b')}}`)).toBeUndefined();
  });

  test('of a fulfillment is read below its order', async () => {
    const body = `{"order_id":2,${gid('Fulfillment', '3')}}`;
    expect((await resourceOf('fulfillments/update', body))?.path).toBe('/orders/2/fulfillments/3.json');
  });

  test('is deleted only where the topic of its own deletion says so', async () => {
    expect(await resourceOf('customers/delete', '{"id":4}')).toMatchObject({
      path: '/customers/4.json',
      says: 'deleted',
    });
    const level = '{"inventory_item_id":5,"location_id":6}';
    expect((await resourceOf('inventory_levels/disconnect', level))?.says).toBe('deleted');
    expect((await resourceOf('inventory_levels/connect', level))?.says).toBe('stands');
  });
});
