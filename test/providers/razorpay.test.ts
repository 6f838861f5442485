import { describe, expect, test } from 'vitest';
import { razorpay } from '../../lib/providers/razorpay.ts';
import { outcomeOf, without } from '../contracts/signed-request.ts';
import { JSON_TYPE, readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/razorpay.ts';

const [{ request }] = fixture.samples;
const source = sourceOf(razorpay);

test('without a signature, as where no secret was entered, is refused', async () => {
  const headers = without(request.headers, ['x-razorpay-signature']);
  expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('missing-signature');
});

describe('an event', () => {
  test('is the same under another x-razorpay-event-id: nothing protects that header', async () => {
    const { headers, body } = request;
    const first = await readOne(source, { headers, body });
    const forged = await readOne(source, { headers: { ...headers, 'x-razorpay-event-id': 'forged' }, body });
    expect(forged).toEqual(first);
    const later = body.toString('utf8').replace('"created_at":1795514398', '"created_at":1795514399');
    expect((await readOne(source, { headers, body: later })).key).not.toBe(first.key);
  });

  test.each([
    ['invoice.paid', ['payment', 'order', 'invoice'], 'invoice/1'],
    ['payment.dispute.created', ['payment', 'dispute'], 'dispute/1'],
    ['subscription.charged', ['subscription', 'payment'], 'subscription/1'],
    ['refund.created', ['refund', 'payment'], 'refund/1'],
    ['qr_code.credited', ['payment', 'qr_code'], 'qr_code/1'],
    ['virtual_account.credited', ['payment', 'virtual_account', 'bank_transfer'], 'virtual_account/1'],
    ['payment.failed', ['payment'], 'payment/1'],
  ])('is about the last thing that it was made for: %s', async (type, contains, subject) => {
    const payload = Object.fromEntries(contains.map((kind) => [kind, { entity: { id: '1' } }]));
    const body = JSON.stringify({ event: type, contains, payload, created_at: 1_795_514_398 });
    expect(await readOne(source, { headers: JSON_TYPE, body })).toMatchObject({ type, subject });
  });
});
