import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { httpsApiClient } from '../../lib/aws/https-api-client.ts';
import { resourceReader } from '../../lib/core/api/resource-reader.ts';
import type { FetchAnswer, ResourceReader, Secrets } from '../../lib/core/ports.ts';
import type { DocumentShape } from '../../lib/core/provider.ts';
import { apiRow } from '../../lib/core/row-key.ts';
import type { SourceSecrets } from '../../lib/core/secret.ts';
import { parseSources, type Source } from '../../lib/core/source.ts';
import { memoryCloud, memoryWorker } from '../core/model/memory-ports.ts';
import { json, type StubProvider, startStubProvider } from './stub-provider.ts';

/** Never part of anything that is logged. */
const KEY = 'sk_live_canary';

let provider: StubProvider;
let now = Date.UTC(2026, 10, 24);
let cloud = memoryCloud();
let source: Source;
let read: (path?: string, etag?: string) => Promise<FetchAnswer>;
let close: () => void;

function open(secret: { readonly api?: string } = { api: KEY }, limitMs = 5_000): ResourceReader {
  return openWith(
    { read: async () => ({ signing: [], ...secret }), refresh: async () => undefined },
    limitMs,
  );
}

function openWith(secrets: Secrets, limitMs = 5_000): ResourceReader {
  const api = httpsApiClient({ limitMs });
  close = api.close;
  const { ledger } = memoryWorker(cloud).ports;
  const pause = async (ms: number): Promise<void> => {
    now += ms;
  };
  return resourceReader({ ledger, api, secrets, now: () => now, random: () => 0, pause });
}

function use(reader: ResourceReader): void {
  read = (path = '/v1/things/1?expand=all', etag) =>
    reader.read(source, { path, kind: 'thing', shape: {}, ...(etag === undefined ? {} : { etag }) });
}

beforeAll(async () => {
  provider = await startStubProvider();
});
afterAll(() => provider.close());

beforeEach(() => {
  close?.();
  provider.asked.length = 0;
  cloud = memoryCloud();
  const [parsed] = parseSources({
    acme: {
      provider: {
        name: 'acme',
        scheme: { kind: 'token', header: 'x-acme-token' },
        events: [{ id: '{body:id}', type: '{body:type}' }],
        idCoverage: 'unsigned',
        delivery: { timeoutMs: 4_000, retries: { spanSeconds: 86_400 } },
        api: {
          auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
          headers: { 'acme-version': '2026-01-01' },
          rate: { perSecond: 10, burst: 20 },
          rateLimit: {
            remaining: 'x-ratelimit-remaining',
            reset: { header: 'x-ratelimit-reset', unit: 's' },
          },
        },
      },
      reconcile: 'always',
      api: { baseUrl: provider.baseUrl },
    },
  });
  source = parsed ?? expect.fail();
  use(open());
});

afterAll(() => close());

describe('a resource', () => {
  test('is read with the key, the versions and nothing that asks for a compressed answer', async () => {
    provider.answer((_, response) =>
      response.writeHead(200, { etag: '"v1"' }).end('{"id": 12345678901234567890, "name":"Grüße"}'),
    );
    expect(await read()).toEqual({
      kind: 'found',
      text: '{"id": 12345678901234567890, "name":"Grüße"}',
      etag: '"v1"',
    });
    expect(provider.asked).toEqual([
      expect.objectContaining({
        method: 'GET',
        url: '/v1/things/1?expand=all',
        headers: expect.objectContaining({
          authorization: `Bearer ${KEY}`,
          'acme-version': '2026-01-01',
          'accept-encoding': 'identity',
          accept: 'application/json',
        }),
      }),
    ]);
    expect(provider.asked[0]?.headers).not.toHaveProperty('if-none-match');
  });

  test('is unchanged only for whoever has sent its tag', async () => {
    provider.answer((_, response) => response.writeHead(304).end());
    expect(await read(undefined, 'W/"v1"')).toEqual({ kind: 'unchanged' });
    expect(provider.asked[0]?.headers['if-none-match']).toBe('W/"v1"');
    expect(await read()).toMatchObject({
      kind: 'unknown',
      reason: 'unusable',
      cause: expect.stringContaining('HTTP 304'),
    });
    expect(await read(undefined, 'v1\r\nx: y')).toMatchObject({ kind: 'unknown' });
    expect(provider.asked.at(-1)?.headers).not.toHaveProperty('x');
  });

  test.each([404, 410])(
    'is absent after a %i, and whether the key reads others of its kind is known to all',
    async (status) => {
      provider.answer(json(status, {}));
      expect(await read()).toEqual({ kind: 'absent', ofKind: 'unknown' });
      provider.answer(json(200, {}));
      await read('/v1/things/2');
      provider.answer(json(status, {}));
      expect(await read()).toEqual({ kind: 'absent', ofKind: 'known' });
      use(open());
      expect(await read()).toEqual({ kind: 'absent', ofKind: 'known' });
      use(open({ api: 'sk_live_other' }));
      expect(await read()).toEqual({ kind: 'absent', ofKind: 'unknown' });
    },
  );
});

describe('an API that tells its errors under 200', () => {
  const shape: DocumentShape = {
    absent: [{ at: '{body:error}', equals: 'thing_not_found' }],
    valid: [{ at: '{body:ok}', equals: 'true' }],
  };
  const ask = (reader = open()): Promise<FetchAnswer> =>
    reader.read(source, { path: '/api/things.info?thing=1', kind: 'thing', shape });

  test('gives no resource in an error, and its key has read nothing by it', async () => {
    provider.answer(json(200, { ok: false, error: `missing_scope ${KEY}` }));
    const answer = await ask();
    expect(answer).toMatchObject({ kind: 'unknown', reason: 'refused' });
    expect(JSON.stringify(answer)).not.toMatch(/missing_scope|canary/);
    provider.answer(json(200, { ok: false, error: 'thing_not_found' }));
    expect(await ask()).toEqual({ kind: 'absent', ofKind: 'unknown' });
    provider.answer(json(200, { ok: true, thing: {} }));
    expect(await ask()).toEqual({ kind: 'found', text: '{"ok":true,"thing":{}}' });
    provider.answer(json(200, { ok: false, error: 'thing_not_found' }));
    expect(await ask()).toEqual({ kind: 'absent', ofKind: 'known' });
  });

  test('is asked again with the key that is stored by now, since the error may be about the old one', async () => {
    let stored: SourceSecrets = { signing: [], api: KEY };
    const refresh = async (): Promise<SourceSecrets> => {
      stored = { signing: [], api: 'sk_live_new' };
      return stored;
    };
    provider.answer((request, response) =>
      json(200, { ok: request.headers.authorization === 'Bearer sk_live_new' })(request, response),
    );
    const reader = openWith({ read: async () => stored, refresh });
    expect(await ask(reader)).toEqual({ kind: 'found', text: '{"ok":true}' });
    expect(provider.asked).toHaveLength(2);
  });
});

describe('a resource that has moved', () => {
  /** Answers by path; what is not named is not there. */
  const places = (of: Readonly<Record<string, Parameters<StubProvider['answer']>[0]>>): void =>
    provider.answer((request, response) => (of[request.url ?? ''] ?? json(404, {}))(request, response));
  const moved = (location: string, status = 301): Parameters<StubProvider['answer']>[0] =>
    json(status, {}, { location });
  const urls = (): readonly string[] => provider.asked.map(({ url }) => url);
  const own = { 'acme-version': '2026-01-01', authorization: `Bearer ${KEY}` };

  test.each([301, 302, 307, 308])('is read where a %i says, with the same key', async (status) => {
    places({
      '/v1/things/1': moved(`${provider.baseUrl}/v1/new/1`, status),
      '/v1/new/1': (_, response) => response.writeHead(200, { etag: '"v1"' }).end('{"id":1}'),
    });
    // A tag is of an address, and this address has none.
    expect(await read('/v1/things/1', '"v0"')).toEqual({ kind: 'found', text: '{"id":1}' });
    expect(provider.asked).toMatchObject([
      { method: 'GET', url: '/v1/things/1', headers: { ...own, 'if-none-match': '"v0"' } },
      { method: 'GET', url: '/v1/new/1', headers: own },
    ]);
    expect(provider.asked[1]?.headers).not.toHaveProperty('if-none-match');
  });

  test('is absent when it is not there', async () => {
    places({ '/v1/things/1': moved('/v1/new/1') });
    expect(await read('/v1/things/1')).toEqual({ kind: 'absent', ofKind: 'unknown' });
    expect(urls()).toEqual(['/v1/things/1', '/v1/new/1']);
  });

  test.each([
    ['twice', { '/v1/a': moved('/v1/b'), '/v1/b': moved('/v1/c') }],
    ['in a circle', { '/v1/a': moved('/v1/b'), '/v1/b': moved('/v1/a') }],
  ])('%s is not looked for any further', async (_, of) => {
    places(of);
    expect(await read('/v1/a')).toMatchObject({ kind: 'unknown', reason: 'unusable' });
    expect(urls()).toEqual(['/v1/a', '/v1/b']);
  });

  test('to where it was is not asked for again', async () => {
    places({ '/v1/a': moved('/v1/a') });
    expect(await read('/v1/a')).toMatchObject({ kind: 'unknown', reason: 'unusable' });
    expect(urls()).toEqual(['/v1/a']);
  });

  test('out of the path of the base URL is not looked for', async () => {
    const reconcile = source.reconcile ?? expect.fail();
    source = { ...source, reconcile: { ...reconcile, baseUrl: `${provider.baseUrl}/api/v3` } };
    places({ '/api/v3/things/1': moved('/login') });
    expect(await read('/things/1')).toMatchObject({ kind: 'unknown', reason: 'unusable' });
    expect(urls()).toEqual(['/api/v3/things/1']);
  });

  test('elsewhere is asked for nowhere: nobody else ever sees the key', async () => {
    const other = await startStubProvider();
    const port = new URL(other.baseUrl).port;
    try {
      for (const location of [
        `${other.baseUrl}/v1/things/1`,
        `//127.0.0.1:${port}/v1/things/1`,
        `http://localhost:${port}/v1/things/1`,
        `https://127.0.0.1:${port}/v1/things/1`,
        `${provider.baseUrl.replace('http://', 'http://me@')}/v1/things/2`,
      ]) {
        places({ '/v1/things/1': moved(location) });
        expect(await read('/v1/things/1')).toMatchObject({ kind: 'unknown', reason: 'unusable' });
      }
      expect(other.asked).toEqual([]);
      expect(new Set(urls())).toEqual(new Set(['/v1/things/1']));
    } finally {
      await other.close();
    }
  });

  test('needs a permit for each of its two questions', async () => {
    places({ '/v1/a': moved('/v1/b'), '/v1/b': json(200, {}) });
    const reconcile = source.reconcile ?? expect.fail();
    source = { ...source, reconcile: { ...reconcile, rate: { perSecond: 0.1, burst: 1 } } };
    expect(await read('/v1/a')).toMatchObject({ kind: 'unknown', reason: 'no-permit', afterSeconds: 10 });
    expect(urls()).toEqual(['/v1/a']);
  });

  test('waits where the first answer asks for a pause', async () => {
    places({ '/v1/a': json(301, {}, { location: '/v1/b', 'retry-after': '30' }), '/v1/b': json(200, {}) });
    expect(await read('/v1/a')).toMatchObject({ kind: 'unknown', reason: 'no-permit', afterSeconds: 30 });
    expect(urls()).toEqual(['/v1/a']);
  });
});

const SECRETIVE = { 'content-type': 'text/html', 'www-authenticate': `Bearer ${KEY}` };

test.each<
  [string, Parameters<StubProvider['answer']>[0], Partial<Extract<FetchAnswer, { kind: 'unknown' }>>]
>([
  ['401', json(401, { key: KEY }, SECRETIVE), { reason: 'refused' }],
  ['403', json(403, {}, SECRETIVE), { reason: 'refused' }],
  ['403 with Retry-After', json(403, {}, { 'retry-after': '30' }), { reason: 'throttled', afterSeconds: 30 }],
  ['429 that says nothing', json(429, {}), { reason: 'throttled', afterSeconds: 60 }],
  ['429 with Retry-After', json(429, {}, { 'retry-after': '7' }), { reason: 'throttled', afterSeconds: 7 }],
  ['500', json(500, { key: KEY }), { reason: 'unanswered' }],
  ['503 with Retry-After', json(503, {}, { 'retry-after': '9' }), { reason: 'unanswered', afterSeconds: 9 }],
  ['204', (_, response) => response.writeHead(204).end(), { reason: 'unusable' }],
  ['a redirect', json(302, {}, { location: 'https://evil.example/v1/things/1' }), { reason: 'unusable' }],
  ['no JSON', (_, response) => response.end(`<p>${KEY}`), { reason: 'unusable' }],
  ['no UTF-8', (_, response) => response.end(Buffer.from([0x22, 0xff, 0x22])), { reason: 'unusable' }],
  [
    'a compressed answer',
    (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('{}'),
    { reason: 'unusable' },
  ],
  [
    'too deep an answer',
    (_, response) => response.end('['.repeat(600) + ']'.repeat(600)),
    { reason: 'unusable' },
  ],
  [
    'too large an answer',
    (_, response) => response.end(`"${'x'.repeat(1_100_000)}"`),
    { reason: 'unusable' },
  ],
  [
    'an answer that breaks off',
    (_, response) => response.writeHead(200, { 'content-length': '9' }).write('{', () => response.destroy()),
    { reason: 'unanswered' },
  ],
])(
  'nobody knows how it stands after %s, and nobody is told what was sent or came',
  async (_, how, expected) => {
    provider.answer(how);
    const answer = await read();
    expect(answer).toMatchObject({ kind: 'unknown', ...expected });
    expect(JSON.stringify(answer)).not.toMatch(new RegExp(`${KEY}|expand|evil`));
    expect(provider.asked).toHaveLength(1);
  },
);

test('an answer that does not come in time is none', async () => {
  close();
  use(open({ api: KEY }, 50));
  provider.answer((_, response) => response.writeHead(200).write('{'));
  expect(await read()).toMatchObject({
    kind: 'unknown',
    reason: 'unanswered',
    cause: expect.stringContaining('within 50 ms'),
  });
});

test.each([
  [undefined, 'holds no "api"'],
  ['two words\nof text', 'holds an "api" that is something else'],
])('without a key in the secret nobody is asked, and it is said what to store: %s', async (api, says) => {
  use(open(api === undefined ? {} : { api }));
  const answer = await read();
  expect(answer).toMatchObject({
    kind: 'unknown',
    reason: 'no-credentials',
    cause: expect.stringContaining(says),
  });
  expect(JSON.stringify(answer)).not.toContain('words');
  expect(provider.asked).toEqual([]);
});

test.each([
  '/../admin',
  '/%2e%2e/admin',
  '//evil.example',
  '/v1/a b',
  '/v1/é',
  '/v1/x#y',
  '\\evil',
  'v1',
  '@evil.example/',
  '.evil.example/',
])('a path that is not what it looks like is asked of nobody: %s', async (path) => {
  expect(await read(path)).toMatchObject({ kind: 'unknown', reason: 'unusable' });
  expect(provider.asked).toEqual([]);
});

describe('a pause that the provider asks for', () => {
  test('holds for every worker, and ends', async () => {
    provider.answer(json(429, {}, { 'retry-after': '20' }));
    await read();
    use(open());
    provider.answer(json(200, {}));
    now += 5_000;
    expect(await read()).toMatchObject({ kind: 'unknown', reason: 'no-permit', afterSeconds: 15 });
    expect(provider.asked).toHaveLength(1);
    now += 15_000;
    expect(await read()).toMatchObject({ kind: 'found' });
  });

  test('is obeyed before the limit is overstepped', async () => {
    const reset = String(Math.floor(now / 1000) + 40);
    provider.answer(json(200, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }));
    expect(await read()).toMatchObject({ kind: 'found' });
    expect(await read()).toMatchObject({ kind: 'unknown', reason: 'no-permit' });
    expect(provider.asked).toHaveLength(1);
  });
});

test('a ledger that fails gives no permits, and is no failure of the provider', async () => {
  const worker = memoryWorker(cloud, { fate: () => 'fails' });
  const secrets: Secrets = { read: async () => ({ signing: [], api: KEY }), refresh: async () => undefined };
  const api = httpsApiClient({ limitMs: 5_000 });
  use(
    resourceReader({
      ledger: worker.ports.ledger,
      api,
      secrets,
      now: () => now,
      random: () => 0,
      pause: async () => {},
    }),
  );
  expect(await read()).toMatchObject({ kind: 'unknown', reason: 'infrastructure' });
  api.close();
  expect(provider.asked).toEqual([]);
  expect(cloud.rows.get(apiRow(source.name))).toBeUndefined();
});

test('a batch of questions costs one read and one write', async () => {
  provider.answer(json(200, {}));
  await Promise.all(Array.from({ length: 12 }, (_, index) => read(`/v1/things/${index}`)));
  const calls = cloud.calls.map(({ name }) => name);
  expect(calls).toEqual(['ledger.read', 'ledger.write', 'ledger.write']);
  // The second write is for the kind, once for ever.
  await Promise.all(Array.from({ length: 3 }, (_, index) => read(`/v1/things/${index}`)));
  expect(cloud.calls.slice(3).map(({ name }) => name)).toEqual(['ledger.read', 'ledger.write']);
});
