import fc from 'fast-check';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, test } from 'vitest';
import type { Provider } from '../../lib/core/provider.ts';
import { type Headers, header, type Request } from '../../lib/core/request.ts';
import { signingKeyPair } from '../../lib/core/scheme.ts';
import { standardWebhooks } from '../../lib/providers/standard-webhooks.ts';
import { svix } from '../../lib/providers/svix.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';

interface Oracle {
  readonly name: string;
  readonly provider: Provider;
  readonly brand: string;
  readonly library: new (
    secret: string,
  ) => {
    sign(id: string, time: Date, payload: string): string;
    verify(payload: string, headers: Record<string, string>): unknown;
  };
}

const oracles: readonly Oracle[] = [
  { name: 'standardwebhooks', provider: standardWebhooks, brand: 'webhook', library: StandardWebhook },
  { name: 'svix', provider: svix, brand: 'svix', library: SvixWebhook },
  { name: "svix, with the standard's headers", provider: svix, brand: 'webhook', library: SvixWebhook },
];

// Both libraries compare with the clock.
const receivedAt = Date.now();
const { secret } = signingKeyPair(standardWebhooks.scheme);
const ids = fc.stringMatching(/^msg_[A-Za-z0-9]{4,30}$/);
const payloads = fc.oneof(
  fc.json(),
  fc.constant('{"id":9007199254740993}'),
  fc.constant('{"name":"Zoë 🚪"}'),
);

describe.each(oracles)('$name', ({ provider, brand, library }) => {
  const receiver = { provider, publicUrl: 'https://hooks.example.com' };
  const sdk = new library(secret);

  function request(body: string, headers: Headers): Request {
    return { method: 'POST', path: '/source', query: '', headers, body: Buffer.from(body), receivedAt };
  }

  function headers(id: string, time: number, signature: string): Headers {
    return { [`${brand}-id`]: id, [`${brand}-timestamp`]: String(time), [`${brand}-signature`]: signature };
  }

  function accepts(body: string, sent: Headers): boolean {
    try {
      sdk.verify(body, { ...sent });
      return true;
    } catch {
      return false;
    }
  }

  test('signs, and we accept', async () => {
    await fc.assert(
      fc.asyncProperty(ids, payloads, fc.integer({ min: -299, max: 299 }), async (id, body, age) => {
        const time = Math.floor(receivedAt / 1000) - age;
        const signature = sdk.sign(id, new Date(time * 1000), body);
        expect(await outcomeOf(receiver, request(body, headers(id, time, signature)), [secret])).toBe(
          'verified by newest',
        );
        const rotated = headers(id, time, `v1,${'A'.repeat(43)}= v2,none ${signature}`);
        expect(await outcomeOf(receiver, request(body, rotated), ['whsec_AAAA', secret])).toBe(
          'verified by older',
        );
      }),
    );
  });

  test('accepts what we sign, and nothing that was changed', async () => {
    await fc.assert(
      fc.asyncProperty(ids, payloads, async (id, body) => {
        const unsigned = request(body, { [`${brand}-id`]: id });
        const signed = await signedAgain(receiver, unsigned, { signer: secret });
        expect(accepts(body, signed.headers)).toBe(true);
        expect(accepts(`${body} `, signed.headers)).toBe(false);
        const [first] = provider.scheme.kind === 'signature' ? provider.scheme.families : [];
        expect(header(signed.headers, first?.id ?? '')).toBe(id);
      }),
    );
  });

  test('refuses an empty secret, as we do', async () => {
    expect(() => new library('')).toThrow();
    expect(() => new library('whsec_')).toThrow();
    const signed = await signedAgain(receiver, request('{}', { [`${brand}-id`]: 'msg_1' }), {
      signer: secret,
    });
    expect(await outcomeOf(receiver, signed, ['whsec_'])).toBe('no-secret');
  });

  test('skips v1a, which only we verify', async () => {
    const { secret: publicKey, signer } = asymmetric();
    const signed = await signedAgain(receiver, request('{}', { [`${brand}-id`]: 'msg_1' }), { signer });
    expect(await outcomeOf(receiver, signed, [publicKey])).toBe('verified by newest');
    expect(accepts('{}', signed.headers)).toBe(false);
  });
});

function asymmetric(): ReturnType<typeof signingKeyPair> {
  const { scheme } = standardWebhooks;
  if (scheme.kind !== 'signature') throw new Error('Standard Webhooks are signed');
  const v1a = scheme.versions.find(({ label }) => label === 'v1a');
  if (v1a === undefined) throw new Error('Standard Webhooks have v1a');
  return signingKeyPair({ ...scheme, versions: [v1a] });
}
