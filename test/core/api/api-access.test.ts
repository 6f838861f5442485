import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { apiAccess } from '../../../lib/core/api/api-access.ts';
import type { ReconciledSource } from '../../../lib/core/api/api-request.ts';
import { ConfigurationError, InfrastructureError } from '../../../lib/core/errors.ts';
import type { ApiRequest, ApiResponse, Secrets } from '../../../lib/core/ports.ts';
import type { ApiAuth } from '../../../lib/core/provider-api.ts';
import type { SourceSecrets } from '../../../lib/core/secret.ts';
import { parseSources } from '../../../lib/core/source.ts';
import { shop } from '../process-world.ts';

const CLIENT: ApiAuth = { kind: 'client-credentials', tokenPath: '/oauth/token' };
const START = 1_795_000_000_000;

let now: number;
let sent: ApiRequest[];
let refreshes: number;
let stored: SourceSecrets | Error;
let fresh: SourceSecrets | Error | undefined;
let answer: () => ApiResponse | Error | Promise<ApiResponse>;

const holds = (api?: string): SourceSecrets => ({ signing: [], ...(api === undefined ? {} : { api }) });
const token = (text: string, life: number | string | null = 3_600): ApiResponse => ({
  status: 200,
  headers: {},
  body: Buffer.from(JSON.stringify({ access_token: text, token_type: 'Bearer', expires_in: life })),
});
const status = (code: number, headers: Record<string, string> = {}): ApiResponse => ({
  status: code,
  headers,
  body: Buffer.from('{"canary":1}'),
});

function open(auth: ApiAuth = CLIENT) {
  const [source] = parseSources({
    shop: {
      provider: {
        ...shop,
        api: {
          baseUrls: { live: 'https://api.shop.example/v2' },
          auth: [auth],
          rate: { perSecond: 5, burst: 5 },
        },
      },
      reconcile: 'always',
    },
  });
  const secrets: Secrets = {
    read: async () => {
      if (stored instanceof Error) throw stored;
      return stored;
    },
    refresh: async () => {
      refreshes += 1;
      if (fresh instanceof Error) throw fresh;
      if (fresh !== undefined) stored = fresh;
      return fresh;
    },
  };
  const access = apiAccess(source as ReconciledSource, {
    secrets,
    api: {
      send: async (request) => {
        sent.push(request);
        const given = await answer();
        if (given instanceof Error) throw given;
        return given;
      },
    },
    now: () => now,
  });
  const holding = async () => {
    const held = await access.holding();
    if (held.kind === 'unknown') throw new Error(held.cause);
    return held;
  };
  return {
    access,
    holding,
    headers: async () => {
      const proof = await access.headers(await holding());
      return proof.kind === 'headers' ? proof.headers.authorization : proof.answer;
    },
  };
}

beforeEach(() => {
  [now, sent, refreshes, stored, fresh] = [START, [], 0, holds('id:secret'), undefined];
  answer = () => token(`t${sent.length}`);
});

describe('a token', () => {
  test('is had below the base URL, once for all that wait for it', async () => {
    const { headers } = open();
    expect(await Promise.all([headers(), headers(), headers()])).toEqual([
      'Bearer t1',
      'Bearer t1',
      'Bearer t1',
    ]);
    expect(sent).toEqual([
      {
        method: 'POST',
        url: 'https://api.shop.example/v2/oauth/token',
        headers: expect.objectContaining({
          authorization: 'Basic aWQ6c2VjcmV0',
          'content-type': 'application/x-www-form-urlencoded',
        }),
        body: 'grant_type=client_credentials',
      },
    ]);
  });

  test.each([
    ['an hour', 3_600, 3_540],
    ['an hour, as a text', '3600', 3_540],
    ['a minute', 60, 30],
    ['as long as nobody says', null, 240],
  ])('that lives for %s is renewed before its end', async (_, life, seconds) => {
    const { headers } = open();
    answer = () => token(`t${sent.length}`, life);
    await headers();
    now = START + seconds * 1000 - 1;
    expect(await headers()).toBe('Bearer t1');
    now += 1;
    expect(await headers()).toBe('Bearer t2');
  });

  test('of a GitHub App lives until GitHub says', async () => {
    const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({
      type: 'pkcs1',
      format: 'pem',
    });
    stored = holds(JSON.stringify({ appId: 1, installationId: 2, privateKey: rsaKey }));
    const { headers } = open({ kind: 'github-app' });
    answer = () => ({
      status: 201,
      headers: {},
      body: Buffer.from(
        JSON.stringify({
          token: `ghs_${sent.length}`,
          expires_at: new Date(START + 3_600_000).toISOString(),
        }),
      ),
    });
    expect(await headers()).toBe('Bearer ghs_1');
    now += 3_539_000;
    expect(await headers()).toBe('Bearer ghs_1');
    now += 1_000;
    expect(await headers()).toBe('Bearer ghs_2');
    expect(sent[0]?.url).toBe('https://api.shop.example/v2/app/installations/2/access_tokens');
  });

  test.each<[string, () => ApiResponse | Error, object]>([
    [
      'the client is refused',
      () => status(401),
      { reason: 'no-credentials', cause: expect.stringContaining('HTTP 401') },
    ],
    ['the request is refused', () => status(400), { reason: 'no-credentials' }],
    ['the answer holds none', () => status(200), { reason: 'no-credentials' }],
    ['what it holds is no header', () => token('a\r\nb'), { reason: 'no-credentials' }],
    ['it is dead already', () => token('t', 0), { reason: 'no-credentials' }],
    [
      'the server is down',
      () => status(503, { 'retry-after': '9' }),
      { reason: 'unanswered', afterSeconds: 9 },
    ],
    ['there were too many', () => status(429), { reason: 'throttled' }],
    [
      'nobody answers',
      () => new InfrastructureError('api:x', 'unavailable', { explanation: 'ECONNREFUSED' }),
      { reason: 'unanswered' },
    ],
  ])('is not had when %s, nor asked for again for half a minute', async (_, given, expected) => {
    const { headers } = open();
    answer = given;
    const denied = await headers();
    expect(denied).toMatchObject({ kind: 'unknown', ...expected });
    expect(JSON.stringify(denied)).not.toMatch(/secret:|canary|aWQ6/);
    now += 29_999;
    await headers();
    expect(sent).toHaveLength(1);
    now += 1;
    answer = () => token('t2');
    expect(await headers()).toBe('Bearer t2');
  });

  test('is another one as soon as something else is stored', async () => {
    const { headers } = open();
    await headers();
    stored = holds('id:other');
    expect(await headers()).toBe('Bearer t2');
  });
});

describe('what a provider did not take', () => {
  test('is read anew: the token always, the secret when there is another', async () => {
    const { access, holding, headers } = open();
    const held = await holding();
    await headers();
    expect(await access.renewed(held, { authorization: 'Bearer t1' })).toMatchObject({ api: 'id:secret' });
    expect(await headers()).toBe('Bearer t2');
    expect(refreshes).toBe(1);
  });

  test('is read anew once for all that were refused, and at most once in half a minute', async () => {
    const { access, holding, headers } = open();
    const held = await holding();
    await headers();
    const refused = { authorization: 'Bearer t1' };
    const others = await Promise.all([access.renewed(held, refused), access.renewed(held, refused)]);
    expect(others).toEqual([expect.anything(), expect.anything()]);
    expect(await headers()).toBe('Bearer t2');
    expect(await access.renewed(held, refused)).toBeDefined();
    expect(await access.renewed(held, { authorization: 'Bearer t2' })).toBeUndefined();
    expect([refreshes, sent.length]).toEqual([1, 2]);
    now += 30_000;
    expect(await access.renewed(held, { authorization: 'Bearer t2' })).toBeDefined();
    expect(refreshes).toBe(2);
    expect(await headers()).toBe('Bearer t3');
    now += 30_000;
    // An answer that comes late: its token has been replaced since.
    await access.renewed(held, refused);
    expect(await headers()).toBe('Bearer t3');
  });

  test('and is the same as before is not tried again', async () => {
    stored = holds('key');
    const { access, holding } = open({ kind: 'token', header: 'authorization' });
    const held = await holding();
    fresh = holds('key');
    expect(await access.renewed(held, { authorization: 'key' })).toBeUndefined();
    now += 30_000;
    fresh = holds('new');
    expect(await access.renewed(held, { authorization: 'key' })).toMatchObject({ api: 'new' });
  });

  test.each([
    new InfrastructureError('secretsmanager:GetSecretValue', 'unavailable', { explanation: 'HTTP 500' }),
    new ConfigurationError('The stored secret begins like a JSON object, but is not valid JSON.'),
  ])('stays refused when nothing newer can be had: $code', async (error) => {
    stored = holds('key');
    const { access, holding } = open({ kind: 'token', header: 'authorization' });
    const held = await holding();
    fresh = error;
    expect(await access.renewed(held, { authorization: 'key' })).toBeUndefined();
  });
});

test.each<[SourceSecrets | Error, string]>([
  [
    new InfrastructureError('secretsmanager:GetSecretValue', 'throttled', { explanation: 'HTTP 400' }),
    'infrastructure',
  ],
  [new ConfigurationError('The stored secret has 1 field that nothing reads.'), 'no-credentials'],
  [holds(), 'no-credentials'],
])('a secret that cannot be read or used is an answer: %s', async (given, reason) => {
  stored = given;
  expect(await open().access.holding()).toMatchObject({ kind: 'unknown', reason });
});

test('a bug is none', async () => {
  stored = new TypeError('x is undefined');
  await expect(open().access.holding()).rejects.toThrow(TypeError);
});
