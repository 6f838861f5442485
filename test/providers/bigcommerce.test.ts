import { expect, test } from 'vitest';
import { bigcommerce } from '../../lib/providers/bigcommerce.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/bigcommerce.ts';

const [{ request }] = fixture.samples;
const source = sourceOf(bigcommerce);

test('the client secret is text, with and without what looks like base64', async () => {
  expect(await outcomeOf(fixture, request, [fixture.secret])).toBe('verified by newest');
  const encoded = Buffer.from(fixture.secret).toString('base64');
  for (const secret of [encoded, `whsec_${encoded}`])
    expect(await outcomeOf(fixture, request, [secret]), secret).toBe('wrong-signature');
});

test('a header that was registered with the webhook is no way around the signature', async () => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${fixture.secret}` };
  expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('missing-signature');
});

test('two notifications with the same hash are two events, and no states', async () => {
  const one = await readOne(source, request);
  const headers = { ...request.headers, 'webhook-id': 'another' };
  const other = await readOne(source, { ...request, headers });
  expect(other.key).not.toBe(one.key);
  expect(one.subject).toBeUndefined();
});
