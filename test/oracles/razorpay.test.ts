import Razorpay from 'razorpay';
import { describe, expect, test } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/razorpay.ts';

const sdk = (request: Request, secret = fixture.secret): boolean =>
  Razorpay.validateWebhookSignature(
    request.body.toString('utf8'),
    header(request.headers, 'x-razorpay-signature') ?? '',
    secret,
  );

describe.each(fixture.samples)('$name', ({ request }) => {
  test('is accepted by Razorpay’s SDK as by us, also when we sign it', async () => {
    expect(sdk(request)).toBe(true);
    expect(await outcomeOf(fixture, request, [fixture.secret])).toBe('verified by newest');
    const signed = await signedAgain(fixture, request, { signer: fixture.signer });
    expect(sdk(signed)).toBe(true);
    expect(sdk(signed, 'another secret')).toBe(false);
  });

  test('is refused by both with another body', async () => {
    const altered = { ...request, body: Buffer.from(request.body.toString().replace('100', '1')) };
    expect(sdk(altered)).toBe(false);
    expect(await outcomeOf(fixture, altered, [fixture.secret])).toBe('wrong-signature');
  });
});
