import { describe, expect, test } from 'vitest';
import { unsignedHandshake } from '../../lib/core/handshake.ts';
import { contradictsType } from '../../lib/core/type-contradiction.ts';
import { woocommerce } from '../../lib/providers/woocommerce.ts';
import { without } from '../contracts/signed-request.ts';
import { FORM_TYPE, read, readOne, requestOf, sourceOf, verifiedOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/woocommerce.ts';

const [{ request: order }, deletion] = fixture.samples;
if (deletion === undefined) throw new Error('the fixture has a deletion');
const source = sourceOf(woocommerce);

describe('the delivery’s id', () => {
  const other = order.body.toString('utf8').replaceAll('727', '728');

  test('may be that of another order of the same second', async () => {
    const [one, two] = [await readOne(source, order), await readOne(source, { ...order, body: other })];
    expect([one.id, one.subject]).not.toEqual([two.id, two.subject]);
    expect(two.key).not.toBe(one.key);
  });

  test('is nothing to know a captured order by: under another it is the same event', async () => {
    const headers = { ...order.headers, 'x-wc-webhook-delivery-id': 'forged', 'x-wc-webhook-id': '99' };
    expect(await readOne(source, { ...order, headers })).toEqual(await readOne(source, order));
  });

  test('keeps two deletions apart, which have the same bytes', async () => {
    const headers = { ...deletion.request.headers, 'x-wc-webhook-delivery-id': 'later' };
    const again = await readOne(source, { ...deletion.request, headers });
    expect(again.key).not.toBe((await readOne(source, deletion.request)).key);
    expect(again.content).toBeUndefined();
  });
});

describe('the topic, which is not signed,', () => {
  test.each([
    ['an order that comes again as its own deletion', order.body, 'order.deleted'],
    ['an order that comes again as a product', order.body, 'product.updated'],
    ['a deletion that comes again as an update', deletion.request.body, 'order.updated'],
  ])('is contradicted by %s', async (_, body, topic) => {
    const headers = { ...order.headers, 'x-wc-webhook-topic': topic };
    expect(await read(source, { headers, body })).toMatchObject({
      unreadable: [{ reason: 'contradicted-type' }],
    });
  });

  test('is contradicted before the queue where the body certainly lacks what it must have', () => {
    const headers = { ...order.headers, 'x-wc-webhook-topic': 'product.updated' };
    const body = order.body.toString('utf8').replaceAll('\\u00', '');
    expect(contradictsType(source, verifiedOf({ headers, body }))).toMatchObject({
      reason: 'contradicted-type',
    });
  });

  test('makes no event of a hook: that is named in the body', async () => {
    const headers = { ...order.headers, 'x-wc-webhook-topic': 'order.deleted' };
    const body = '{"action":"woocommerce_checkout_order_processed","arg":727}';
    expect(await readOne(source, { headers, body })).toMatchObject({
      type: 'action.woocommerce_checkout_order_processed',
    });
  });
});

describe('the ping', () => {
  const ping = { headers: FORM_TYPE, body: 'webhook_id=12' };

  test('gets exactly 200', () => {
    expect(unsignedHandshake(source, requestOf(ping))).toMatchObject({ status: 200, body: '' });
  });

  test.each([
    ['with a signature', { ...ping, headers: { ...FORM_TYPE, 'x-wc-webhook-signature': 'AA==' } }],
    ['of another form', { ...ping, body: 'webhook=12' }],
    ['in JSON', { headers: without(order.headers, ['x-wc-webhook-signature']), body: '{"webhook_id":12}' }],
  ])('is not seen in a request %s', (_, sent) => {
    expect(unsignedHandshake(source, requestOf(sent))).toBeUndefined();
  });
});

test('what WooCommerce does not send again after a failure is told, with what helps', () => {
  expect(woocommerce.delivery).toMatchObject({
    retries: 'none',
    withoutRetries: expect.stringContaining('modified_after'),
  });
});
