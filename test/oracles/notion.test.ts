import { signWebhookPayload, verifyWebhookSignature } from '@notionhq/client';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/notion.ts';

const SIGNATURE = 'x-notion-signature';

const sdk = ({ headers, body }: Request, verificationToken: string = fixture.secret): Promise<boolean> =>
  verifyWebhookSignature({ body, signature: header(headers, SIGNATURE) ?? null, verificationToken });

const ours = async (request: Request): Promise<boolean> =>
  (await outcomeOf(fixture, request, [fixture.secret])) === 'verified by newest';

describe.each(fixture.samples)('$name', ({ request }) => {
  test('is accepted by Notion’s SDK as by us', async () => {
    expect(await sdk(request)).toBe(true);
    expect(await ours(request)).toBe(true);
  });

  test('signed by us is accepted by Notion’s SDK, under its token and no other', async () => {
    const signed = await signedAgain(fixture, request, { signer: fixture.signer });
    expect(await sdk(signed)).toBe(true);
    expect(await sdk(signed, 'secret_another')).toBe(false);
  });

  test('is refused by both when its bytes are others', async () => {
    for (const body of [request.body.toString().replace('{', '{ '), `${request.body}\n`]) {
      const altered = { ...request, body: Buffer.from(body) };
      expect(await sdk(altered)).toBe(false);
      expect(await ours(altered)).toBe(false);
    }
  });
});

test('whatever the SDK signs, we accept', async () => {
  const [{ request }] = fixture.samples;
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const body = Buffer.from(bytes);
      const signature = await signWebhookPayload({ body, verificationToken: fixture.secret });
      const headers = { ...request.headers, [SIGNATURE]: signature };
      expect(await ours({ ...request, headers, body })).toBe(true);
    }),
  );
});
