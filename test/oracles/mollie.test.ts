import { SignatureValidator } from 'mollie-api-typescript';
import { expect, test } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { before, fixture, signatures } from '../fixtures/mollie.ts';

/** The SDK takes each header that came; the gateway joins two of one name with a comma. */
const sdk = ({ body, headers }: Request, secret: string = fixture.secret): Promise<boolean> =>
  SignatureValidator.validate(body.toString('utf8'), secret, headers['x-mollie-signature']?.split(',')).catch(
    () => false,
  );

test.each(fixture.samples)('Mollie’s SDK accepts what we do: $name', async ({ request }) => {
  expect(await sdk(request)).toBe(true);
  const signed = await signedAgain(fixture, request, { signer: fixture.signer });
  expect(signed.headers).toEqual(request.headers);
  expect(await sdk(request, 'another')).toBe(false);
  const altered = { ...request, body: Buffer.from(request.body.toString().replace('paid', 'open')) };
  expect(await sdk(altered)).toBe(false);
  expect(await outcomeOf(fixture, altered, [fixture.secret])).toBe('wrong-signature');
});

test('of two headers of one name one is enough, there as here', async () => {
  const [{ request }] = fixture.samples;
  const both = `${signatures.before},${signatures.newest}`;
  const doubled = { ...request, headers: { ...request.headers, 'x-mollie-signature': both } };
  for (const secret of [fixture.secret, before]) {
    expect(await sdk(doubled, secret)).toBe(true);
    expect(await outcomeOf(fixture, doubled, [secret])).toBe('verified by newest');
  }
});
