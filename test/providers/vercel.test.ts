import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { outcomeOf } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/vercel.ts';

const [{ request }] = fixture.samples;

test('a signature is HMAC-SHA1: one of SHA-256 is none', async () => {
  expect(await outcomeOf(fixture, request, [fixture.secret])).toBe('verified by newest');
  const sha256 = createHmac('sha256', fixture.secret).update(request.body).digest('hex');
  const headers = { ...request.headers, 'x-vercel-signature': sha256 };
  expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('malformed-signature');
});

test('the client secret of an integration and the secret of a webhook may share a source', async () => {
  expect(await outcomeOf(fixture, request, ['the integration’s client secret', fixture.secret])).toBe(
    'verified by older',
  );
});
