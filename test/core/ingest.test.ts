import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeDelivery, withStoredBody } from '../../lib/core/delivery.ts';
import { ConfigurationError } from '../../lib/core/errors.ts';
import { BODY_LIMIT } from '../../lib/core/ingest.ts';
import { answerTo } from '../../lib/core/ingest-outcome.ts';
import type { Handshake, Provider } from '../../lib/core/provider.ts';
import { JSON_TYPE } from './intake-cases.ts';
import {
  down,
  onlyDelivery,
  SECRET,
  secretsOf,
  signed,
  signingProvider,
  take,
  world,
} from './intake-world.ts';

const event = signed({ body: '{"id":"e1","thing":{}}' });
const forged = signed({ body: '{"id":"e1"}' }, 'another secret');
const large = signed({ body: JSON.stringify({ id: 'e1', text: 'x'.repeat(1_500_000) }) });

describe('a genuine delivery', () => {
  test('is queued as it came and then acknowledged', async () => {
    const ports = world();
    const outcome = await take(event, { ports });
    expect(outcome).toMatchObject({ kind: 'accepted', secret: 'newest', place: 'queue' });
    expect(answerTo(outcome)).toEqual({ status: 200, headers: {}, body: '' });
    expect(onlyDelivery(ports)).toMatchObject({
      id: 'JKJaXmPLvHcESHA=',
      source: 'acme',
      origin: 'webhook',
      method: 'POST',
      path: '/acme',
      body: Buffer.from(event.body),
      receivedAt: Date.UTC(2026, 10, 24, 10),
    });
    expect(ports.calls).toEqual(['read', 'send']);
  });

  test('is not acknowledged before the queue has confirmed', async () => {
    const confirmation = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const send = (): Promise<void> => {
      asked.resolve();
      return confirmation.promise;
    };
    let answered = false;
    const outcome = take(event, { ports: world({ queue: { send } }) }).then((it) => {
      answered = true;
      return it;
    });
    await asked.promise;
    await new Promise(setImmediate);
    expect(answered).toBe(false);
    confirmation.resolve();
    expect(await outcome).toMatchObject({ kind: 'accepted' });
  });

  test('gets the provider’s own acknowledgement', async () => {
    const provider = signingProvider({ acknowledge: { status: 202, contentType: 'text/plain', body: 'ok' } });
    expect(answerTo(await take(event, { provider }))).toEqual({
      status: 202,
      headers: { 'content-type': 'text/plain' },
      body: 'ok',
    });
  });

  test('keeps the headers that identify it and its content type, no other', async () => {
    const ports = world();
    const headers = { 'x-type': 'thing.made', 'x-other': 'a', authorization: 'b', cookie: 'c' };
    await take(signed({ ...event, headers }), { ports });
    expect(onlyDelivery(ports).headers).toEqual({
      'content-type': 'application/json',
      'x-type': 'thing.made',
    });
  });

  test.each<[string, Provider['scheme'], Record<string, string>]>([
    ['token', { kind: 'token', header: 'x-token' }, { 'x-token': SECRET }],
    [
      'basic',
      { kind: 'basic' },
      { authorization: `Basic ${Buffer.from(`user:${SECRET}`).toString('base64')}` },
    ],
  ])(
    'never carries the secret itself on, also where an event’s id is said to lie there: %s',
    async (_kind, scheme, headers) => {
      const secrets = {
        read: async () => secretsOf(SECRET, `user:${SECRET}`),
        refresh: async () => undefined,
      };
      const ports = world({ secrets });
      const [[name, value] = ['', '']] = Object.entries(headers);
      const provider = signingProvider({
        scheme,
        events: [{ id: `{header:${name}?}{body:id}`, type: 'thing' }],
      });
      await take({ body: '{"id":"e1"}', headers: { ...JSON_TYPE, ...headers } }, { ports, provider });
      expect(ports.sent).toHaveLength(1);
      expect(onlyDelivery(ports).headers).toEqual(JSON_TYPE);
      expect(JSON.stringify(ports.sent)).not.toContain(value);
    },
  );

  test('says which secret it was made with', async () => {
    const secrets = { read: async () => secretsOf('new', SECRET), refresh: async () => undefined };
    expect(await take(event, { ports: world({ secrets }) })).toMatchObject({
      kind: 'accepted',
      secret: 'older',
    });
  });

  test('is verified against the configured public URL, never the Host header', async () => {
    const provider = signingProvider({
      scheme: {
        kind: 'signature',
        families: [{ signature: { header: 'x-signature' } }],
        signed: '{url}{body}',
        versions: [{ algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
      },
    });
    const signature = createHmacOf(`https://hooks.example.com/acme?a=%20b&a=1{}`);
    const headers = { ...JSON_TYPE, 'x-type': 't', host: 'attacker.example', 'x-signature': signature };
    expect(await take({ body: '{}', headers, query: 'a=%20b&a=1' }, { provider })).toMatchObject({
      kind: 'accepted',
    });
    expect(await take({ body: '{}', headers, query: 'a=+b&a=1' }, { provider })).toMatchObject({
      reason: 'wrong-signature',
    });
  });
});

describe('a large delivery', () => {
  test('goes to the bucket first, then a reference to the queue', async () => {
    const ports = world();
    expect(await take(large, { ports })).toMatchObject({ kind: 'accepted', place: 'store' });
    expect(ports.calls).toEqual(['read', 'put', 'send']);
    const [[key, bytes] = ['', Buffer.alloc(0)]] = ports.stored;
    expect(key).toBe(`bodies/acme/${createHash('sha256').update(large.body).digest('hex')}`);
    const [message] = ports.sent;
    const decoded = message && decodeDelivery(message);
    if (decoded?.kind !== 'stored') throw new Error(JSON.stringify(decoded));
    expect(decoded.key).toBe(key);
    expect(withStoredBody(decoded, bytes)).toMatchObject({ delivery: { body: Buffer.from(large.body) } });
  });

  test('is not accepted when the bucket fails, and nothing refers to it', async () => {
    const objects = { put: () => Promise.reject(down('s3:PutObject')), get: async () => Buffer.alloc(0) };
    const ports = world({ objects });
    expect(await take(large, { ports })).toMatchObject({ kind: 'unavailable' });
    expect(ports.sent).toEqual([]);
  });

  test('is spilled whole, for its stored body expires', async () => {
    const ports = world({ queue: { send: () => Promise.reject(down('sqs:SendMessage')) } });
    expect(await take(large, { ports })).toMatchObject({ kind: 'spilled' });
    const spilled = [...ports.stored].find(([key]) => key.startsWith('spill/acme/'))?.[1] ?? Buffer.alloc(0);
    expect(decodeDelivery(JSON.parse(spilled.toString()))).toMatchObject({
      kind: 'delivery',
      delivery: { body: Buffer.from(large.body) },
    });
  });
});

describe('when the queue fails', () => {
  const queue = { send: () => Promise.reject(down('sqs:SendMessage')) };

  test('the delivery is spilled and acknowledged', async () => {
    const ports = world({ queue });
    const outcome = await take(event, { ports });
    expect(outcome).toMatchObject({
      kind: 'spilled',
      secret: 'newest',
      cause: expect.stringContaining('sqs:SendMessage'),
    });
    expect(answerTo(outcome).status).toBe(200);
    const [[key, bytes] = ['', Buffer.alloc(0)]] = ports.stored;
    expect(key).toMatch(/^spill\/acme\//);
    expect(decodeDelivery(JSON.parse(bytes.toString()))).toMatchObject({
      delivery: { body: Buffer.from(event.body) },
    });
  });

  test('and the bucket too, the provider is asked to send again', async () => {
    const objects = { put: () => Promise.reject(down('s3:PutObject')), get: async () => Buffer.alloc(0) };
    const outcome = await take(event, { ports: world({ queue, objects }) });
    expect(outcome).toMatchObject({
      kind: 'unavailable',
      cause: expect.stringMatching(/sqs:SendMessage.*s3:PutObject/),
    });
    expect(answerTo(outcome)).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
  });

  test('by a bug of ours, that is no outcome but an exception', async () => {
    const broken = { send: () => Promise.reject(new TypeError('a bug')) };
    await expect(take(event, { ports: world({ queue: broken }) })).rejects.toThrow('a bug');
  });
});

describe('a request that proves nothing', () => {
  test.each([
    ['another secret', forged, 'wrong-signature', 401],
    ['a flipped byte', { ...event, body: '{"id":"e1","thing":{} }' }, 'wrong-signature', 401],
    ['no signature', { body: event.body }, 'missing-signature', 401],
    [
      'a signature that is none',
      { ...event, headers: { ...JSON_TYPE, 'x-signature': 'sha256=00' } },
      'malformed-signature',
      401,
    ],
  ])('is refused and goes nowhere: %s', async (_what, sent, reason, status) => {
    const ports = world();
    const outcome = await take(sent, { ports });
    expect(outcome).toMatchObject({ kind: 'rejected', reason });
    expect(answerTo(outcome)).toMatchObject({ status, body: JSON.stringify({ reason }) });
    expect(ports.sent).toEqual([]);
    expect(ports.stored.size).toBe(0);
  });

  test('costs nothing when it is larger than Lambda takes', async () => {
    const ports = world();
    const outcome = await take({ ...event, body: Buffer.alloc(BODY_LIMIT + 1) }, { ports });
    expect(answerTo(outcome).status).toBe(413);
    expect(outcome).toMatchObject({ reason: 'too-large' });
    expect(ports.calls).toEqual([]);
  });

  test('costs nothing when it is larger than its provider sends', async () => {
    const provider = signingProvider({
      delivery: { timeoutMs: 1_000, retries: 'none', maxBytes: event.body.length },
    });
    const ports = world();
    const larger = { ...event, body: `${event.body} ` };
    expect(await take(larger, { ports, provider })).toMatchObject({ reason: 'too-large' });
    expect(ports.calls).toEqual([]);
    expect(await take(event, { provider })).toMatchObject({ kind: 'accepted' });
  });

  test('costs nothing when its headers are larger than a gateway takes', async () => {
    const ports = world();
    const headers = { ...event.headers, 'x-type': 'x'.repeat(70_000) };
    expect(await take({ ...event, headers }, { ports })).toMatchObject({ reason: 'too-large' });
    expect(ports.calls).toEqual([]);
  });

  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)(
    'is not taken by %s',
    async (method) => {
      const ports = world();
      const outcome = await take({ ...event, method }, { ports });
      expect(answerTo(outcome)).toMatchObject({ status: 405, headers: { allow: 'POST' } });
      expect(ports.calls).toEqual([]);
    },
  );
});

describe('the secrets', () => {
  test('are read again once after a mismatch, and a newer one accepts', async () => {
    const mismatched: unknown[] = [];
    const old = secretsOf('old');
    const secrets = {
      read: async () => old,
      refresh: async (_source: unknown, known: unknown) => {
        mismatched.push(known);
        return secretsOf(SECRET);
      },
    };
    const ports = world({ secrets });
    expect(await take(event, { ports })).toMatchObject({ kind: 'accepted' });
    expect(mismatched).toEqual([old]);
    expect(mismatched[0]).toBe(old);
    expect(ports.calls).toEqual(['read', 'refresh', 'send']);
  });

  test('are read again once, not more, for a forgery', async () => {
    const secrets = { read: async () => secretsOf(SECRET), refresh: async () => secretsOf(SECRET) };
    const ports = world({ secrets });
    expect(await take(forged, { ports })).toMatchObject({ reason: 'wrong-signature' });
    expect(ports.calls).toEqual(['read', 'refresh']);
  });

  test('are not read again where no other secret could help', async () => {
    const ports = world();
    await take({ body: event.body }, { ports });
    expect(ports.calls).toEqual(['read']);
  });

  test('that are empty accept nothing, and the provider is asked to send again', async () => {
    const secrets = { read: async () => secretsOf(), refresh: async () => undefined };
    const outcome = await take(event, { ports: world({ secrets }) });
    expect(outcome).toMatchObject({ kind: 'rejected', reason: 'no-secret' });
    expect(answerTo(outcome)).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
  });

  test('that were stored just now are found', async () => {
    const secrets = { read: async () => secretsOf(), refresh: async () => secretsOf(SECRET) };
    expect(await take(event, { ports: world({ secrets }) })).toMatchObject({ kind: 'accepted' });
  });

  test.each([
    ['cannot be read', down('secretsmanager:GetSecretValue')],
    ['are not what they should be', new ConfigurationError('"signing" of the stored secret is null.')],
  ])('that %s make it our own trouble', async (_what, error) => {
    const secrets = { read: () => Promise.reject(error), refresh: async () => undefined };
    const outcome = await take(event, { ports: world({ secrets }) });
    expect(outcome).toEqual({ kind: 'unavailable', cause: error.message });
    expect(answerTo(outcome).status).toBe(503);
  });

  test('that cannot be read again leave open whose fault a mismatch is', async () => {
    const secrets = {
      read: async () => secretsOf('old'),
      refresh: () => Promise.reject(down('secretsmanager:GetSecretValue')),
    };
    expect(answerTo(await take(event, { ports: world({ secrets }) })).status).toBe(503);
  });
});

describe('a handshake', () => {
  const challenge = (guard: Handshake['guard'], method: Handshake['method'] = 'POST'): Provider =>
    signingProvider({
      handshakes: [
        {
          method,
          guard,
          when: [{ at: '{body:type}', equals: 'hello' }],
          answer: { status: 200, json: { echo: '{body:echo}' } },
        },
        {
          method: 'GET',
          guard,
          when: [{ at: '{query:echo}' }],
          answer: { status: 200, text: '{query:echo}' },
        },
      ],
    });
  const hello = { body: '{"type":"hello","echo":"abc"}' };

  test('that is not signed is answered before any secret is read', async () => {
    const ports = world();
    const outcome = await take({ ...hello, headers: JSON_TYPE }, { ports, provider: challenge('none') });
    expect(outcome.kind).toBe('handshake');
    expect(answerTo(outcome)).toMatchObject({ status: 200, body: '{"echo":"abc"}' });
    expect(ports.calls).toEqual([]);
  });

  test('that is signed is answered and never queued', async () => {
    const ports = world();
    const outcome = await take(signed(hello), { ports, provider: challenge('verified') });
    expect(answerTo(outcome)).toMatchObject({ status: 200, body: '{"echo":"abc"}' });
    expect(ports.sent).toEqual([]);
  });

  test('that is forged is refused like any forgery', async () => {
    const outcome = await take(signed(hello, 'another secret'), { provider: challenge('verified') });
    expect(outcome).toMatchObject({ reason: 'wrong-signature' });
  });

  test('that is signed but lacks its challenge is unusable', async () => {
    const outcome = await take(signed({ body: '{"type":"hello"}' }), { provider: challenge('verified') });
    expect(answerTo(outcome).status).toBe(400);
    expect(outcome).toMatchObject({ reason: 'unusable-handshake' });
  });

  test('can come by another method, by which no event comes', async () => {
    const sent = signed({ body: '', method: 'GET', query: 'echo=abc' });
    const ports = world();
    const provider = challenge('verified');
    expect(answerTo(await take(sent, { ports, provider }))).toMatchObject({ status: 200, body: 'abc' });
    expect(answerTo(await take({ ...sent, query: '' }, { ports, provider })).status).toBe(405);
    expect(ports.sent).toEqual([]);
  });
});

describe('a genuine delivery that is not wanted', () => {
  test('contradicts its type: a body replayed under another event’s name', async () => {
    const provider = signingProvider({
      typeRequires: [{ type: '{header:x-type}', equals: 'thing.made', body: 'thing' }],
    });
    expect(await take(event, { provider })).toMatchObject({ kind: 'accepted' });
    const ports = world();
    const outcome = await take(signed({ body: '{"id":"e1"}' }), { ports, provider });
    expect(outcome).toMatchObject({ reason: 'contradicted-type' });
    expect(answerTo(outcome).status).toBe(400);
    expect(ports.sent).toEqual([]);
  });

  test('is of a type that the source does not take: acknowledged, not queued', async () => {
    const ports = world();
    const outcome = await take(event, { ports, options: { events: ['other.*'] } });
    expect(outcome).toMatchObject({ kind: 'filtered', type: 'thing.made' });
    expect(answerTo(outcome).status).toBe(200);
    expect(ports.sent).toEqual([]);
  });
});

describe('a JSON body that was damaged on its way', () => {
  const damaged = '{"id":"e1","text":"\ufffd"}';
  const length = (bytes: number) => ({ 'content-length': String(bytes) });
  const token = signingProvider({ scheme: { kind: 'token', header: 'x-token' } });
  const withToken = (body: string | Buffer, headers: Record<string, string> = {}) => ({
    body,
    headers: { ...JSON_TYPE, 'x-type': 't', 'x-token': SECRET, ...headers },
  });

  test.each([
    ['its signature fails and it holds U+FFFD', signed({ body: damaged }, 'another secret'), undefined],
    [
      'its signature fails and it is longer than it said',
      { ...forged, body: damaged, headers: { ...forged.headers, ...length(23) } },
      undefined,
    ],
    [
      'no signature covers it, but it is longer than it said',
      withToken(damaged, length(Buffer.byteLength(damaged) - 2)),
      token,
    ],
    ['no signature covers it, and it is not UTF-8', withToken(Buffer.from([0x22, 0xc3, 0x28, 0x22])), token],
    [
      'it is signed as it is, but is not UTF-8',
      signed({ body: Buffer.from([0x22, 0xc3, 0x28, 0x22]) }),
      undefined,
    ],
    [
      'it is large and not UTF-8',
      signed({ body: Buffer.concat([Buffer.alloc(1_200_000, '1'), Buffer.from([0xff])]) }),
      undefined,
    ],
  ])('is refused as mangled when %s', async (_what, sent, provider) => {
    const ports = world();
    const outcome = await take(sent, { ports, ...(provider && { provider }) });
    expect(outcome).toMatchObject({ kind: 'rejected', reason: 'mangled-body' });
    expect(answerTo(outcome).status).toBe(400);
    expect(ports.sent).toEqual([]);
    expect(ports.stored.size).toBe(0);
  });

  test.each([
    ['its signature holds, so the character is the sender’s own', signed({ body: damaged }), undefined],
    [
      'its signature holds, whatever its length was said to be',
      signed({ body: damaged, headers: { ...JSON_TYPE, ...length(5) } }),
      undefined,
    ],
    ['its length is right', withToken(damaged, length(Buffer.byteLength(damaged))), token],
    [
      'it is no JSON',
      signed({ body: Buffer.from([0xff]), headers: { 'content-type': 'application/octet-stream' } }),
      undefined,
    ],
    ['it holds characters that SQS does not take', signed({ body: '{"id":"\ufffe"}' }), undefined],
  ])('is not suspected when %s', async (_what, sent, provider) => {
    expect(await take(sent, provider && { provider })).toMatchObject({ kind: 'accepted' });
  });

  test('is not blamed for a signature that is missing', async () => {
    expect(await take({ body: damaged, headers: JSON_TYPE })).toMatchObject({ reason: 'missing-signature' });
  });
});

function createHmacOf(text: string): string {
  return String(signed({ body: text }).headers?.['x-signature']).slice('sha256='.length);
}
