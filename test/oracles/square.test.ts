import { WebhooksHelper } from 'square';
import { describe, expect, test } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain, urlOf } from '../contracts/signed-request.ts';
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
