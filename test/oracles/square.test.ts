import { SquareClient, WebhooksHelper } from 'square';
import { describe, expect, test } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { square } from '../../lib/providers/square.ts';
import { outcomeOf, signedAgain, urlOf } from '../contracts/signed-request.ts';
import { startStubProvider } from '../contracts/stub-provider.ts';
import { readOne, reconcilingSource } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/square.ts';

const SIGNATURE = 'x-square-hmacsha256-signature';

const sdk = (request: Request, key: string = fixture.secret): Promise<boolean> =>
  WebhooksHelper.verifySignature({
    requestBody: request.body.toString('utf8'),
    signatureHeader: header(request.headers, SIGNATURE) ?? '',
    signatureKey: key,
    notificationUrl: urlOf(fixture.publicUrl, request),
  });

const ours = async (request: Request): Promise<boolean> =>
  (await outcomeOf(fixture, request, [fixture.secret])) === 'verified by newest';

describe.each(fixture.samples)('$name', ({ request }) => {
  test('is accepted by Square’s SDK as by us', async () => {
    expect(await sdk(request)).toBe(true);
    expect(await ours(request)).toBe(true);
  });

  test('signed by us is accepted by Square’s SDK', async () => {
    const { [SIGNATURE]: _, ...headers } = request.headers;
    const signed = await signedAgain(fixture, { ...request, headers }, { signer: fixture.signer });
    expect(await sdk(signed)).toBe(true);
    expect(await sdk(signed, 'another key')).toBe(false);
  });

  test('is refused by both when its bytes or its URL are others', async () => {
    const altered: readonly Request[] = [
      { ...request, body: Buffer.from(request.body.toString().replace('{', '{ ')) },
      { ...request, query: 'a=1' },
      { ...request, path: '/square/' },
    ];
    for (const one of altered) {
      expect(await sdk(one)).toBe(false);
      expect(await ours(one)).toBe(false);
    }
  });
});

test('Square’s SDK reads each kind where we do, by the same version of the API', async () => {
  const stub = await startStubProvider();
  const client = new SquareClient({ token: 'none', baseUrl: stub.baseUrl });
  const id = 'inv:0-ChCHu2mZEabLeeHahQnXDjZQECY';
  const reads: Readonly<Record<string, () => PromiseLike<unknown>>> = {
    order_updated: () => client.orders.get({ orderId: id }),
    order_fulfillment_updated: () => client.orders.get({ orderId: id }),
    customer: () => client.customers.get({ customerId: id }),
    invoice: () => client.invoices.get({ invoiceId: id }),
    subscription: () => client.subscriptions.get({ subscriptionId: id }),
    booking: () => client.bookings.get({ bookingId: id }),
    payment: () => client.payments.get({ paymentId: id }),
    refund: () => client.refunds.get({ refundId: id }),
    dispute: () => client.disputes.get({ disputeId: id }),
    bank_account: () => client.bankAccounts.get({ bankAccountId: id }),
    card: () => client.cards.get({ cardId: id }),
    gift_card: () => client.giftCards.get({ id }),
    location: () => client.locations.get({ locationId: id }),
    payout: () => client.payouts.get({ payoutId: id }),
    team_member: () => client.teamMembers.get({ teamMemberId: id }),
    vendor: () => client.vendors.get({ vendorId: id }),
  };
  for (const read of Object.values(reads)) await read();
  await stub.close();
  const source = reconcilingSource(square);
  const ours = Object.keys(reads).map(async (type) => {
    const body = JSON.stringify({ event_id: 'e', type: 't', data: { type, id } });
    return (await readOne(source, { body })).resource?.path;
  });
  expect(await Promise.all(ours)).toEqual(stub.asked.map(({ url }) => url));
  expect(new Set(stub.asked.map(({ headers }) => headers['square-version']))).toEqual(
    new Set([square.api?.headers?.['square-version']]),
  );
});
