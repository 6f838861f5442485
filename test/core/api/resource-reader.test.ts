import { beforeEach, describe, expect, test } from 'vitest';
import { resourceReader } from '../../../lib/core/api/resource-reader.ts';
import { InfrastructureError } from '../../../lib/core/errors.ts';
import type { ApiRequest, ApiResponse, FetchAnswer } from '../../../lib/core/ports.ts';
import type { ApiAuth, Rate } from '../../../lib/core/provider-api.ts';
import { apiRow } from '../../../lib/core/row-key.ts';
import { parseSources, type SourceName } from '../../../lib/core/source.ts';
import { memoryCloud, memoryWorker } from '../model/memory-ports.ts';
import { shop } from '../process-world.ts';

const START = 1_795_000_000_000;
const TOKEN: ApiAuth = { kind: 'token', header: 'authorization' };
const CLIENT: ApiAuth = { kind: 'client-credentials', tokenPath: '/token' };

let now: number;
let cloud: ReturnType<typeof memoryCloud>;
let sent: ApiRequest[];
let paused: number[];
let stored: string;
let refreshed: string | undefined;
let answer: (request: ApiRequest) => ApiResponse | Error;

beforeEach(() => {
  [now, cloud, sent, paused, stored, refreshed] = [START, memoryCloud(), [], [], 'a:old', undefined];
  answer = () => respond(200);
});

const respond = (status: number, body: unknown = {}): ApiResponse => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
});
const down = (nature: InfrastructureError['nature']): Error =>
  new InfrastructureError('api:shop.example', nature, { explanation: 'ECONNREFUSED' });

function open(auth: ApiAuth = TOKEN, rate: Rate = { perSecond: 100, burst: 100 }) {
  const [source] = parseSources({
    shop: {
      provider: { ...shop, api: { baseUrls: { live: 'https://shop.example' }, auth: [auth], rate } },
      reconcile: 'always',
    },
  });
  if (source === undefined) throw new Error('no source');
  const reader = resourceReader({
    ledger: memoryWorker(cloud).ports.ledger,
    api: {
      send: async (request) => {
        sent.push(request);
        const given = answer(request);
        if (given instanceof Error) throw given;
        return given;
      },
    },
    secrets: {
      read: async () => ({ signing: [], api: stored }),
      refresh: async () => {
        if (refreshed === undefined) return undefined;
        stored = refreshed;
        return { signing: [], api: stored };
      },
    },
    now: () => now,
    random: () => 0,
    pause: async (ms) => {
      paused.push(ms);
      now += ms;
    },
  });
  return (path = '/things/1', etag?: string): Promise<FetchAnswer> =>
    reader.read(source, { path, kind: 'thing', shape: {}, ...(etag === undefined ? {} : { etag }) });
}

const row = () => cloud.rows.get(apiRow('shop' as SourceName));
const keys = (): readonly (string | undefined)[] => sent.map(({ headers }) => headers.authorization);

test('a permit that is a little early is waited for', async () => {
  const read = open(TOKEN, { perSecond: 2, burst: 1 });
  await Promise.all([read('/things/1'), read('/things/2')]);
  expect(paused).toEqual([500]);
  expect(sent).toHaveLength(2);
});

describe('a key that is not taken', () => {
  test('is changed for the one that is stored by now, within the same look', async () => {
    const read = open();
    refreshed = 'new';
    answer = ({ headers }) => respond(headers.authorization === 'new' ? 200 : 401);
    expect(await read()).toMatchObject({ kind: 'found' });
    expect(keys()).toEqual(['a:old', 'new']);
  });

  test('is said to be refused when there is no other, and no question is doubled', async () => {
    const read = open();
    answer = () => respond(401);
    expect(await read()).toMatchObject({ kind: 'unknown', reason: 'refused' });
    refreshed = 'a:old';
    expect(await read()).toMatchObject({ kind: 'unknown', reason: 'refused' });
    expect(keys()).toEqual(['a:old', 'a:old']);
  });

  test('is tried once with another, not for ever', async () => {
    const read = open();
    refreshed = 'new';
    answer = () => respond(401);
    expect(await read()).toMatchObject({ kind: 'unknown', reason: 'refused' });
    expect(keys()).toEqual(['a:old', 'new']);
  });

  test('is a token that was taken back: another is had', async () => {
    const read = open(CLIENT);
    let [tokens, revoked] = [0, false];
    answer = ({ url, headers }) => {
      if (!url.endsWith('/token'))
        return respond(revoked && headers.authorization === 'Bearer t1' ? 401 : 200);
      tokens += 1;
      return respond(200, { access_token: `t${tokens}`, expires_in: 3_600 });
    };
    expect(await read()).toMatchObject({ kind: 'found' });
    revoked = true;
    expect(await read()).toMatchObject({ kind: 'found' });
    expect(keys().filter((key) => key?.startsWith('Bearer'))).toEqual([
      'Bearer t1',
      'Bearer t1',
      'Bearer t2',
    ]);
  });

  test('is a client that gets no token: another is tried when one is stored by now', async () => {
    const read = open(CLIENT);
    refreshed = 'a:new';
    answer = ({ url, headers }) => {
      if (!url.endsWith('/token')) return respond(200);
      return headers.authorization === `Basic ${Buffer.from('a:new').toString('base64')}`
        ? respond(200, { access_token: 't', expires_in: 3_600 })
        : respond(401);
    };
    expect(await read()).toMatchObject({ kind: 'found' });
  });
});

test('a key that is not taken where a resource has moved is changed for the one that is stored by now', async () => {
  const read = open();
  refreshed = 'new';
  answer = ({ url, headers }) => {
    if (url.endsWith('/things/1')) return { ...respond(301), headers: { location: '/moved/1' } };
    return respond(headers.authorization === 'new' ? 200 : 401);
  };
  expect(await read()).toMatchObject({ kind: 'found' });
  expect(sent.map(({ url }) => new URL(url).pathname)).toEqual(['/things/1', '/moved/1', '/moved/1']);
  expect(keys()).toEqual(['a:old', 'a:old', 'new']);
});

test('no token is had from where the address of tokens has moved to', async () => {
  const read = open(CLIENT);
  answer = () => ({ ...respond(307), headers: { location: '/other' } });
  expect(await read()).toMatchObject({ kind: 'unknown', reason: 'no-credentials' });
  expect(sent.map(({ url }) => new URL(url).pathname)).toEqual(['/token']);
});

describe('a provider', () => {
  test.each<[string, ApiAuth, () => ApiResponse | Error]>([
    ['answers 5xx', TOKEN, () => respond(502)],
    ['does not answer', TOKEN, () => down('unavailable')],
    ['gives no token for 5xx', CLIENT, () => respond(503)],
    ['gives no token at all', CLIENT, () => down('unavailable')],
  ])('that %s five times in a row is left alone, by all', async (_, auth, fails) => {
    answer = fails;
    for (let look = 0; look < 5; look += 1) {
      expect(await open(auth)()).toMatchObject({ kind: 'unknown', reason: 'unanswered' });
    }
    expect(await open(auth)()).toMatchObject({ kind: 'unknown', reason: 'no-permit', afterSeconds: 30 });
    expect(sent).toHaveLength(5);
    now += 30_000;
    answer = ({ url }) => respond(200, url.endsWith('/token') ? { access_token: 't' } : {});
    expect(await open(auth)()).toMatchObject({ kind: 'found' });
    expect(row()).toMatchObject({ failures: 0, openUntil: 0 });
  });

  test.each<[string, () => ApiResponse | Error]>([
    ['does not let us look', () => respond(403)],
    ['knows no such thing', () => respond(404)],
    ['was never reached, since its name leads into a private network', () => down('refused')],
  ])('that %s is not down', async (_, answers) => {
    answer = answers;
    for (let look = 0; look < 8; look += 1) await open()();
    expect(sent).toHaveLength(8);
    expect(row()).toMatchObject({ failures: 0, openUntil: 0 });
  });

  test('that was never reached is not up either: the next one that can is the probe', async () => {
    answer = () => respond(500);
    for (let look = 0; look < 5; look += 1) await open()();
    now += 30_000;
    answer = () => down('refused');
    await open()();
    expect(await open()()).toMatchObject({ kind: 'unknown', reason: 'no-permit' });
    now += 30_000;
    answer = () => respond(200);
    expect(await open()()).toMatchObject({ kind: 'found' });
  });
});

test('what has not changed was read, too: its kind is known', async () => {
  const read = open();
  answer = () => respond(304);
  expect(await read('/things/1', '"v1"')).toEqual({ kind: 'unchanged' });
  answer = () => respond(404);
  expect(await read('/things/2')).toEqual({ kind: 'absent', ofKind: 'known' });
});

test('another key has another look at its kinds: it may see less', async () => {
  await open()();
  stored = 'b';
  answer = () => respond(404);
  expect(await open()()).toEqual({ kind: 'absent', ofKind: 'unknown' });
});
