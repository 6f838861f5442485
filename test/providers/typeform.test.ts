import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { typeform } from '../../lib/providers/typeform.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/typeform.ts';

const [{ request }] = fixture.samples;
const check = (signature: string) =>
  outcomeOf(fixture, { ...request, headers: { ...request.headers, 'typeform-signature': signature } }, [
    fixture.secret,
  ]);

test('a signature is base64 behind its prefix: in hex, or bare, it is none', async () => {
  const mac = createHmac('sha256', fixture.secret).update(request.body).digest();
  expect(await check(`sha256=${mac.toString('base64')}`)).toBe('verified by newest');
  expect(await check(`sha256=${mac.toString('hex')}`)).toBe('malformed-signature');
  expect(await check(`sha256=${mac.toString('base64url')}`)).toBe('malformed-signature');
  expect(await check(mac.toString('base64'))).toBe('malformed-signature');
});

test('the trailing "=" of the base64 is no second label', async () => {
  const sent = request.headers['typeform-signature'] ?? '';
  expect(sent).toMatch(/=$/);
  expect(await check(sent.slice(0, -1))).toBe('malformed-signature');
});

test('what a 404 or 410 does there is told, and that neither is ever given', () => {
  expect(typeform.delivery.disabling).toMatch(/404 or 410 disables .* Headgate gives neither/);
});
