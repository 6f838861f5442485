import '@shopify/shopify-api/adapters/web-api';
import { ApiVersion, LogSeverity, shopifyApi } from '@shopify/shopify-api';
import { restResources } from '@shopify/shopify-api/rest/admin/2026-07';
import { createSHA256HMAC, HashFormat } from '@shopify/shopify-api/runtime';
import { describe, expect, test } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { shopify } from '../../lib/providers/shopify.ts';
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

describe("Shopify's library reads resources", () => {
  const resources: readonly { readonly paths: unknown; readonly resourceNames: unknown }[] = Object.values(
    restResources,
  ).map((resource) => ({
    paths: Reflect.get(resource, 'paths'),
    resourceNames: Reflect.get(resource, 'resourceNames'),
  }));
  const shapes = Array.isArray(shopify.events) ? shopify.events : [];
  const ours = shapes.flatMap(({ resource }) => resource?.path ?? []);

  test('by the paths by which we read them', () => {
    const theirs = new Set(
      JSON.stringify(resources.map(({ paths }) => paths))
        .match(/"http_method":"get","operation":"get"[^}]*/g)
        ?.map((path) => /"path":"([^"]*)"/.exec(path)?.[1]?.replaceAll(/<\w+>/g, 'ID')),
    );
    expect(theirs.size).toBeGreaterThan(50);
    const paths = ours.map((path) =>
      path
        .slice(1)
        .replace(/\?.*/, '')
        .replaceAll(/\{[^}]*\}/g, 'ID'),
    );
    expect(paths.length).toBeGreaterThan(15);
    expect(paths.filter((path) => !theirs.has(path))).toEqual([]);
  });

  test('by the names under which we look for their time', () => {
    const names = JSON.stringify(resources.map(({ resourceNames }) => resourceNames));
    const [version] = shapes.flatMap(({ resource }) => resource?.version?.at ?? []);
    const fields = version?.match(/(?<=body:)\w+/g) ?? [];
    expect(fields).toHaveLength(9);
    for (const field of fields) expect(names).toContain(`"singular":"${field}"`);
  });
});
