import fc from 'fast-check';
import twilioSdk from 'twilio';
import { describe, expect, test } from 'vitest';
import { readCredentials } from '../../lib/core/api/credentials.ts';
import { formFields } from '../../lib/core/form.ts';
import { header, mediaKind, type Request } from '../../lib/core/request.ts';
import { twilio } from '../../lib/providers/twilio.ts';
import { call, post } from '../contracts/provider-fixture.ts';
import { signedAgain, urlOf, verifyWith } from '../contracts/signed-request.ts';
import { startStubProvider } from '../contracts/stub-provider.ts';
import { readOne, reconcilingSource } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/twilio.ts';

const { getExpectedBodyHash, getExpectedTwilioSignature, validateRequest, validateRequestWithBody } =
  twilioSdk;

type Parameters = Record<string, string | string[]>;

/** As a web framework hands it to the SDK: a list for a name that comes twice. */
function parameters(body: Buffer): Parameters {
  const groups = Map.groupBy(formFields(body) ?? [], ([name]) => name);
  const entries = [...groups].map(([name, all]) => {
    const values = all.map(([, value]) => value);
    return [name, values.length === 1 ? (values[0] ?? '') : values] as const;
  });
  return Object.fromEntries(entries);
}

function sdk(request: Request): boolean {
  const signature = header(request.headers, 'x-twilio-signature') ?? '';
  const url = urlOf(fixture.publicUrl, request);
  return mediaKind(header(request.headers, 'content-type')) === 'form'
    ? validateRequest(fixture.secret, signature, url, parameters(request.body))
    : validateRequestWithBody(fixture.secret, signature, url, request.body.toString());
}

const ours = async (request: Request): Promise<boolean> =>
  (await verifyWith(fixture, request, [fixture.secret])).kind === 'verified';

describe.each(fixture.samples)('$name', ({ request }) => {
  test('is accepted by the SDK as by us', async () => {
    expect(sdk(request)).toBe(true);
    expect(await ours(request)).toBe(true);
  });

  test('signed by us is accepted by the SDK', async () => {
    const unsigned = { ...request, query: '' };
    expect(sdk(await signedAgain(fixture, unsigned, { signer: fixture.signer }))).toBe(true);
  });

  test('is refused by both when its body is another', async () => {
    const altered = {
      ...request,
      body: Buffer.from(request.body.toString().replace('SM0', 'SM1').replace('CA0', 'CA1')),
    };
    expect(sdk(altered)).toBe(false);
    expect(await ours(altered)).toBe(false);
  });
});

const FORM = 'application/x-www-form-urlencoded; charset=UTF-8';
const receivedAt = '2026-11-24T10:00:00Z';
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const fields = fc.array(fc.tuple(fc.oneof(text, fc.constantFrom('Body', 'To', 'a', 'A', 'Media')), text), {
  minLength: 1,
});

test('whatever form the SDK signs, we accept, and the other way round', async () => {
  await fc.assert(
    fc.asyncProperty(
      fields,
      fc.constantFrom('/twilio', '/twilio?a=1&b=2', "/twilio?q=it's"),
      async (pairs, path) => {
        const body = new URLSearchParams(pairs).toString();
        // The SDK reads parameters from a plain object, where this name does not stay a parameter.
        fc.pre(!pairs.some(([name]) => name === '__proto__'));
        const bare = post(path, { 'content-type': FORM }, body, receivedAt);
        const signature = getExpectedTwilioSignature(
          fixture.secret,
          urlOf(fixture.publicUrl, bare),
          parameters(bare.body),
        );
        expect(await ours({ ...bare, headers: { ...bare.headers, 'x-twilio-signature': signature } })).toBe(
          true,
        );
        expect(sdk(await signedAgain(fixture, bare, { signer: fixture.signer }))).toBe(true);
      },
    ),
  );
});

test('whatever JSON the SDK signs, we accept, and the other way round', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), async (body) => {
      const headers = { 'content-type': 'application/json' };
      const hashed = post(`/twilio?bodySHA256=${getExpectedBodyHash(body)}`, headers, body, receivedAt);
      const signature = getExpectedTwilioSignature(fixture.secret, urlOf(fixture.publicUrl, hashed), {});
      expect(await ours({ ...hashed, headers: { ...headers, 'x-twilio-signature': signature } })).toBe(true);
      const bare = post('/twilio', headers, body, receivedAt);
      expect(sdk(await signedAgain(fixture, bare, { signer: fixture.signer }))).toBe(true);
    }),
  );
});

test('a body that is no form is refused without a hash of it, although the SDK could sign its URL', async () => {
  const bare = call('POST', '/twilio', { 'content-type': 'application/json' }, '{}', receivedAt);
  const signature = getExpectedTwilioSignature(fixture.secret, urlOf(fixture.publicUrl, bare), {});
  expect(await ours({ ...bare, headers: { ...bare.headers, 'x-twilio-signature': signature } })).toBe(false);
});

test('a form cannot be read in another way than it was signed', async () => {
  const bare = post('/twilio', { 'content-type': FORM }, 'MessageStatus=sent&SmsSid=SM1', receivedAt);
  const signed = await signedAgain(fixture, bare, { signer: fixture.signer });
  expect(await ours(signed)).toBe(true);
  expect(await ours({ ...signed, body: Buffer.from(`?${signed.body}`) })).toBe(false);
});

describe('a resource', () => {
  const [account, tail] = ['AC00000000000000000000000000000001', '00000000000000000000000000000001'];

  test('is read where the SDK reads it', async () => {
    const asked: string[] = [];
    const httpClient = {
      request: async ({ uri }: { uri: string }) => {
        asked.push(uri);
        return { statusCode: 200, body: '{}' };
      },
    };
    const client = twilioSdk(account, 'pass', { httpClient: httpClient as never });
    await client.messages(`SM${tail}`).fetch();
    await client.calls(`CA${tail}`).fetch();
    await client.recordings(`RE${tail}`).fetch();
    await client.transcriptions(`TR${tail}`).fetch();
    const source = reconcilingSource(twilio);
    const forms = [
      `MessageSid=SM${tail}&MessageStatus=sent`,
      `CallSid=CA${tail}&CallStatus=ringing&SequenceNumber=1`,
      `RecordingSid=RE${tail}&RecordingStatus=completed&CallSid=CA${tail}`,
      `TranscriptionSid=TR${tail}&TranscriptionStatus=completed&RecordingSid=RE${tail}`,
    ];
    const ours = forms.map(async (form) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const { resource } = await readOne(source, { headers, body: `AccountSid=${account}&${form}` });
      return `${source.reconcile?.baseUrl}${resource?.path}`;
    });
    expect(await Promise.all(ours)).toEqual(asked);
  });

  test('is asked for by the same Basic authorization', async () => {
    const stub = await startStubProvider();
    const { origin } = new URL(stub.baseUrl);
    await twilioSdk(account, 'pass').request({ method: 'get', uri: `${origin}/x.json` });
    await stub.close();
    const [asked] = stub.asked;
    const credentials = readCredentials({ kind: 'basic' }, `${account}:pass`);
    expect(credentials).toEqual({
      kind: 'headers',
      headers: { authorization: asked?.headers.authorization },
    });
  });
});
