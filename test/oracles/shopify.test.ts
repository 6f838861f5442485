import '@shopify/shopify-api/adapters/web-api';
import { ApiVersion, LogSeverity, shopifyApi } from '@shopify/shopify-api';
import { createSHA256HMAC, HashFormat } from '@shopify/shopify-api/runtime';
import { describe, expect, test } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { signedAgain, urlOf, verifyWith } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/shopify.ts';

const { webhooks } = shopifyApi({
  apiKey: 'key',
  apiSecretKey: fixture.secret,
  apiVersion: ApiVersion.October26,
  hostName: 'hooks.example.com',
  isEmbeddedApp: false,
  logger: { level: LogSeverity.Error, log: () => undefined },
});

async function sdk(request: Request): Promise<boolean> {
  const rawRequest = new globalThis.Request(urlOf(fixture.publicUrl, request), {
    method: 'POST',
    headers: request.headers,
    body: request.body,
  });
  return (await webhooks.validate({ rawBody: request.body.toString(), rawRequest })).valid;
}

const ours = async (request: Request): Promise<boolean> =>
  (await verifyWith(fixture, request, [fixture.secret])).kind === 'verified';

const hmacHeader = ({ headers }: Request): string =>
  'shopify-hmac-sha256' in headers ? 'shopify-hmac-sha256' : 'x-shopify-hmac-sha256';

describe.each(fixture.samples)('$name', ({ request }) => {
  const name = hmacHeader(request);

  test('is accepted by @shopify/shopify-api as by us', async () => {
    expect(await sdk(request)).toBe(true);
    expect(await ours(request)).toBe(true);
  });

  test('signed by us is accepted by @shopify/shopify-api', async () => {
    const signed = await signedAgain(fixture, request, { signer: fixture.signer });
    const [signature] = Object.entries(signed.headers).flatMap(([key, value]) =>
      key.endsWith('hmac-sha256') ? [value] : [],
    );
    expect(await sdk({ ...request, headers: { ...request.headers, [name]: signature ?? '' } })).toBe(true);
  });

  test('signed by @shopify/shopify-api is accepted by us', async () => {
    const signature = await createSHA256HMAC(fixture.secret, request.body.toString(), HashFormat.Base64);
    expect(await ours({ ...request, headers: { ...request.headers, [name]: signature } })).toBe(true);
  });

  test('is refused by both when body or signature is another', async () => {
    const altered: readonly Request[] = [
      { ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) },
      { ...request, headers: { ...request.headers, [name]: 'x'.repeat(43) } },
    ];
    for (const each of altered) {
      expect(await sdk(each)).toBe(false);
      expect(await ours(each)).toBe(false);
    }
  });
});

test('with both families of headers only the newer is looked at, here as there', async () => {
  const [, { request } = fixture.samples[0]] = fixture.samples;
  const both = { ...request, headers: { ...request.headers, 'shopify-hmac-sha256': 'x'.repeat(43) } };
  expect(await sdk(both)).toBe(false);
  expect(await ours(both)).toBe(false);
});
