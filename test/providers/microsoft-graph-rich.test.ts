import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { InfrastructureError } from '../../lib/core/errors.ts';
import type { Certificates } from '../../lib/core/ports.ts';
import type { Request } from '../../lib/core/request.ts';
import { microsoftGraphRich } from '../../lib/providers/microsoft-graph.ts';
import { outcomeOf, verifyWith } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture, item, sent, serving, vectors } from '../fixtures/microsoft-graph-rich.ts';

const { secret } = fixture;
const { app, tenants, tokens, privateKey, webKey } = vectors;
const [tenant, other] = tenants;
const [{ request }] = fixture.samples;
const NOW = request.receivedAt / 1000;
const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad';

const CLAIMS = {
  aud: app,
  iss: `https://sts.windows.net/${tenant}/`,
  iat: NOW,
  nbf: NOW,
  exp: NOW + 3_600,
  appid: '0bf30f3b-4a52-48df-9a82-234910c4a086',
  tid: tenant,
  ver: '1.0',
};

/** Signed by node:crypto alone. */
function token(claims: object, head: object = {}, key: string = privateKey): string {
  const signed = [
    { typ: 'JWT', alg: 'RS256', kid: webKey.kid, ...head },
    { ...CLAIMS, ...claims },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createSign('sha256').update(signed).sign(key).toString('base64url')}`;
}
const check = (one: Request, certificates: Certificates = serving(webKey)): Promise<string> =>
  outcomeOf({ ...fixture, certificates }, one, [secret]);
const withToken = (text: string, certificates?: Certificates): Promise<string> =>
  check(sent([item(tenant)], [text]), certificates);

describe('a token', () => {
  test.each<[string, object, string]>([
    [
      'is taken from either authority of its tenant',
      { iss: `https://login.microsoftonline.com/${tenant}/v2.0` },
      'verified by newest',
    ],
    ['may name the publisher as azp', { appid: undefined, azp: CLAIMS.appid }, 'verified by newest'],
    ['is for our app', { aud: '00000003-0000-0000-c000-000000000000' }, 'wrong-signature'],
    ['is for one app', { aud: [app] }, 'wrong-signature'],
    ['is given to Microsoft Graph’s publisher and to no other app', { appid: app }, 'wrong-signature'],
    [
      'names the publisher where it says whom it was given to',
      { appid: undefined, sub: CLAIMS.appid },
      'wrong-signature',
    ],
    ['is issued by its own tenant', { iss: `https://sts.windows.net/${other}/` }, 'wrong-signature'],
    ['is issued by Microsoft', { iss: `https://evil.example/${tenant}/` }, 'wrong-signature'],
    ['is of the item’s tenant', { tid: other, iss: `https://sts.windows.net/${other}/` }, 'wrong-signature'],
    ['names a tenant', { tid: 'common', iss: 'https://sts.windows.net/common/' }, 'wrong-signature'],
    ['is stale when it has expired', { exp: NOW }, 'stale-timestamp'],
    ['is for later when its nbf is', { nbf: NOW + 301 }, 'future-timestamp'],
    ['has to expire', { exp: undefined }, 'malformed-timestamp'],
  ])('%s', async (_, claims, outcome) => {
    expect(await withToken(token(claims))).toBe(outcome);
  });

  test('of another algorithm, or that names no key, is none', async () => {
    for (const head of [{ alg: 'none' }, { alg: 'HS256' }, { alg: 'PS256' }, { kid: undefined }, { kid: 1 }])
      expect(await withToken(token({}, head)), JSON.stringify(head)).toBe('malformed-signature');
    for (const text of ['', 'a.b', `${tokens[0]}.x`, ' '])
      expect(await withToken(text), text).toMatch(/^(malformed|missing)-signature$/);
  });

  test('is signed with the key that it names, of Microsoft’s set', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const theirs = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(await withToken(token({}, {}, theirs))).toBe('wrong-signature');
    expect(await withToken(token({}, { kid: 'unknown' }))).toBe('wrong-signature');
    const jwk = { ...pair.publicKey.export({ format: 'jwk' }) };
    const forged = token(
      {},
      { kid: 'mine', jwk, jku: 'https://evil.example', x5u: 'https://evil.example' },
      theirs,
    );
    expect(await withToken(forged)).toBe('wrong-signature');
    expect(
      await withToken(token({}), serving({ ...jwk, kid: webKey.kid, issuer: webKey.issuer }, webKey)),
    ).toBe('verified by newest');
  });

  test('is refused where its key is weak, unreadable or of another kind', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const key = weak.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const public_ = { ...weak.publicKey.export({ format: 'jwk' }), kid: webKey.kid, issuer: webKey.issuer };
    expect(await withToken(token({}, {}, key), serving(public_))).toBe('wrong-signature');
    for (const odd of [
      { ...webKey, n: '' },
      { ...webKey, n: 1 },
      { ...webKey, kty: 'EC' },
    ])
      expect(await withToken(token({}), serving(odd)), JSON.stringify(odd)).toBe('wrong-signature');
  });

  test('by a key of consumers’ accounts is none of an organization', async () => {
    const consumers = { ...webKey, issuer: `https://login.microsoftonline.com/${CONSUMERS}/v2.0` };
    expect(await withToken(token({}), serving(consumers))).toBe('wrong-signature');
    expect(await withToken(token({}), serving({ ...webKey, issuer: undefined }))).toBe('wrong-signature');
    const own = token({ tid: CONSUMERS, iss: `https://login.microsoftonline.com/${CONSUMERS}/v2.0` });
    expect(await check(sent([item(CONSUMERS)], [own]), serving(consumers))).toBe('verified by newest');
  });

  test('that cannot be checked because no key can be had is refused as unavailable: Graph sends it again', async () => {
    const down: Certificates = {
      ...serving(),
      keySet: () =>
        Promise.reject(new InfrastructureError('keys:x', 'unavailable', { explanation: 'HTTP 500' })),
    };
    expect(await withToken(tokens[0], down)).toBe('unavailable');
  });
});

describe('an item', () => {
  const kept = async (one: Request): Promise<{ items: readonly object[]; dropped: number }> => {
    const answer = await verifyWith(fixture, one, [secret]);
    if (answer.kind === 'rejected') throw new Error(answer.explanation);
    const { request: body, dropped } = answer.verified;
    return { items: JSON.parse(body.body.toString()).value, dropped };
  };

  test('without a token for its app and tenant is dropped, and the others come in', async () => {
    const found = await kept(sent([item(other, { id: '2' }), item(tenant, { id: '1' })], [tokens[0]]));
    expect(found).toMatchObject({ items: [{ id: '1' }], dropped: 1 });
    expect(await kept(request)).toMatchObject({ items: [{ id: 'n1' }, {}], dropped: 0 });
  });

  test('with a wrong clientState is dropped, whatever the tokens', async () => {
    const found = await kept(sent([item(tenant, { clientState: 'guess' }), item(tenant)], [tokens[0]]));
    expect(found.dropped).toBe(1);
    expect(await check(sent([item(tenant, { clientState: 'guess' })], [tokens[0]]))).toBe('wrong-signature');
  });

  test('of an app whose token it has not is dropped, though another app of ours has one', async () => {
    const second = '11111111-2222-3333-4444-555555555555:second-state';
    const body = sent([item(tenant, { clientState: 'second-state' })], [tokens[0]]);
    expect(await outcomeOf(fixture, body, [secret, second])).toBe('wrong-signature');
  });

  test('of a lifecycle needs no token, unless it carries data', async () => {
    const lifecycle = { changeType: undefined, resourceData: undefined, encryptedContent: undefined };
    const told = item(tenant, { ...lifecycle, lifecycleEvent: 'reauthorizationRequired' });
    const never: Certificates = { ...serving(), keySet: () => Promise.reject(new Error('asked for keys')) };
    expect(await check(sent([told]), never)).toBe('verified by newest');
    for (const data of [{ changeType: 'created' }, { resourceData: {} }, { encryptedContent: {} }])
      expect(await check(sent([{ ...told, ...data }])), JSON.stringify(data)).toBe('missing-signature');
  });
});

test('nobody who does not know a clientState makes us ask Microsoft for keys', async () => {
  const never: Certificates = { ...serving(), keySet: () => Promise.reject(new Error('asked for keys')) };
  expect(await check(sent([item(tenant, { clientState: 'guess' })], [token({})]), never)).toBe(
    'wrong-signature',
  );
});

test('more tokens than there can be are not checked', async () => {
  const many = Array.from({ length: 65 }, () => tokens[0]);
  expect(await check(sent([item(tenant)], many))).toBe('malformed-signature');
  expect(await check(sent([item(tenant)], many.slice(1)))).toBe('verified by newest');
});

test('the secret is an app id and a clientState', async () => {
  for (const text of ['headgate-fixture-client-state-0000000000', `${app}:`, `x${secret}`])
    expect(await outcomeOf(fixture, request, [text]), text).toBe('no-secret');
  expect(await outcomeOf(fixture, request, [secret.replace(app, app.toUpperCase())])).toBe(
    'verified by newest',
  );
});

test('what is encrypted goes on as it came, without the clientState and the tokens', async () => {
  const { body, headers } = sent([item(tenant)], [tokens[0]]);
  const { payload } = await readOne(sourceOf(microsoftGraphRich), { body, headers });
  const text = payload.kind === 'json' ? payload.text : '';
  expect(text).toContain(JSON.stringify(item(tenant).encryptedContent));
  expect(text).not.toContain('headgate-fixture-client-state');
  expect(text).not.toContain(tokens[0]);
});
