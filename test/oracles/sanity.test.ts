import { encodeSignatureHeader, isValidSignature } from '@sanity/webhook';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/sanity.ts';

const NAME = 'sanity-webhook-signature';
const { secret } = fixture;
const [{ request }] = fixture.samples;

const sdk = (sent: Request, key: string = secret): Promise<boolean> =>
  isValidSignature(sent.body.toString('utf8'), header(sent.headers, NAME) ?? '', key);
const ours = (sent: Request): Promise<string> => outcomeOf(fixture, sent, [secret]);

test('what Sanity’s toolkit signs we accept, and it accepts what we sign', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.integer({ min: -300_000, max: 300_000 }),
      async (body, age) => {
        const timestamp = request.receivedAt - age;
        const sent = { ...request, body: Buffer.from(body) };
        const theirs = await encodeSignatureHeader(body, timestamp, secret);
        expect(await ours({ ...sent, headers: { ...request.headers, [NAME]: theirs } })).toBe(
          'verified by newest',
        );
        const signed = await signedAgain(fixture, sent, { signer: secret, timestamp });
        expect(signed.headers[NAME]).toBe(theirs);
      },
    ),
  );
});

test.each(fixture.samples)(
  '$name: both accept it, and refuse another body and another secret',
  async ({ request: sent }) => {
    expect(await sdk(sent)).toBe(true);
    expect(await ours(sent)).toBe('verified by newest');
    const altered = { ...sent, body: Buffer.concat([sent.body, Buffer.from(' ')]) };
    expect(await sdk(altered)).toBe(false);
    expect(await ours(altered)).toBe('wrong-signature');
    expect(await sdk(sent, 'another')).toBe(false);
  },
);

test('the toolkit looks at no age; we do', async () => {
  const late = { ...request, receivedAt: request.receivedAt + 3_600_000 };
  expect(await sdk(late)).toBe(true);
  expect(await ours(late)).toBe('stale-timestamp');
});
