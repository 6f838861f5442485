import { Client, Signature } from '@hubspot/api-client';
import { expect, test, vi } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain, urlOf } from '../contracts/signed-request.ts';
import { startStubProvider } from '../contracts/stub-provider.ts';
import { fixture, v1, v2 } from '../fixtures/hubspot.ts';

/** The SDK wants the URL as HubSpot signs it; the fixture's has two characters that are decoded for that. */
const signedUrl = (request: Request): string =>
  urlOf(fixture.publicUrl, request).replace('%2F', '/').replace('%3a', ':');

function sdk(request: Request, version: 'v1' | 'v2' | 'v3', secret: string = fixture.secret): boolean {
  vi.setSystemTime(request.receivedAt);
  try {
    return Signature.isValid({
      signature:
        header(request.headers, version === 'v3' ? 'x-hubspot-signature-v3' : 'x-hubspot-signature') ?? '',
      clientSecret: secret,
      requestBody: request.body.toString('utf8'),
      url: signedUrl(request),
      signatureVersion: version,
      timestamp: Number(header(request.headers, 'x-hubspot-request-timestamp')),
    });
  } finally {
    vi.useRealTimers();
  }
}

test.each([
  ['v3', fixture],
  ['v2', v2],
  ['v1', v1],
] as const)('HubSpot’s SDK accepts %s as we do, and what we sign', async (version, of) => {
  const [{ request }] = of.samples;
  expect(sdk(request, version)).toBe(true);
  expect(await outcomeOf(of, request, [of.secret])).toBe('verified by newest');
  const signed = await signedAgain(of, request, { signer: of.secret });
  expect(sdk(signed, version)).toBe(true);
  const altered = { ...request, body: Buffer.from(request.body.toString().replace('deal', 'lead')) };
  expect(sdk(altered, version)).toBe(false);
  expect(await outcomeOf(of, altered, [of.secret])).toBe('wrong-signature');
  expect(sdk(request, version, 'another secret')).toBe(false);
});

test('HubSpot’s SDK reads an object where we do', async () => {
  const stub = await startStubProvider();
  const client = new Client({ accessToken: 'pat-none', basePath: stub.baseUrl });
  const [event] = fixture.samples[0].events;
  const object = await client.crm.objects.basicApi.getById('0-1', '123');
  await stub.close();
  expect(object).toBeDefined();
  expect(stub.asked).toMatchObject([
    { method: 'GET', url: event?.resource?.path, headers: { authorization: 'Bearer pat-none' } },
  ]);
});
