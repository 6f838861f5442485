import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readCredentials } from '../../../lib/core/api/credentials.ts';
import type { ApiAuth } from '../../../lib/core/provider-api.ts';

const bearer: ApiAuth = { kind: 'token', header: 'authorization', prefix: 'Bearer ' };
const client: ApiAuth = { kind: 'client-credentials', tokenPath: '/oauth/token', scope: 'read write' };
const app: ApiAuth = { kind: 'github-app' };
const NOW = 1_795_000_000_500;

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const ellipticKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const appText = (fields: object = {}): string =>
  JSON.stringify({ appId: 12_345, installationId: 678, privateKey: pkcs1, ...fields });

test.each<[string, ApiAuth, string, Record<string, string>]>([
  ['a token behind its prefix', bearer, 'abc', { authorization: 'Bearer abc' }],
  ['a token in a header of its own', { kind: 'token', header: 'x-key' }, 'abc', { 'x-key': 'abc' }],
  [
    'a token, without the line break that was pasted with it',
    bearer,
    ' abc\n',
    { authorization: 'Bearer abc' },
  ],
  // RFC 7617, 2.
  [
    'user and password',
    { kind: 'basic' },
    'Aladdin:open sesame',
    { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' },
  ],
  // RFC 7617, 2.1: test, 123 and a pound sign, in UTF-8.
  [
    'a password that is no ASCII',
    { kind: 'basic' },
    'test:123£',
    { authorization: 'Basic dGVzdDoxMjPCow==' },
  ],
  ['a user without a password', { kind: 'basic' }, 'sk_test:', { authorization: 'Basic c2tfdGVzdDo=' }],
])('are headers: %s', (_, auth, api, headers) => {
  expect(readCredentials(auth, api)).toEqual({ kind: 'headers', headers });
});

describe('a client’s credentials', () => {
  test('are exchanged by Basic with a form (RFC 6749, 4.4)', () => {
    const exchange = readCredentials(client, 's6BhdRkqt3:7Fjfp0ZBr1KtDRbnfVdmIw');
    if (exchange.kind !== 'exchange') throw new Error(exchange.kind);
    expect(exchange).toMatchObject({
      path: '/oauth/token',
      body: 'grant_type=client_credentials&scope=read+write',
      answer: 'oauth',
    });
    expect(exchange.headersAt(NOW)).toEqual({
      // RFC 6749, 2.3.1 has it for these.
      authorization: 'Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3',
      'content-type': 'application/x-www-form-urlencoded',
    });
  });

  test('are form-encoded first, so that a colon in the secret is part of it', () => {
    const exchange = readCredentials(client, 'id:a:b c%');
    if (exchange.kind !== 'exchange') throw new Error(exchange.kind);
    const basic = exchange.headersAt(NOW).authorization ?? '';
    expect(Buffer.from(basic.replace('Basic ', ''), 'base64').toString()).toBe('id:a%3Ab+c%25');
  });
});

describe('a GitHub App', () => {
  test.each([
    ['PKCS #1, as GitHub gives it', pkcs1],
    ['PKCS #8', pkcs8],
  ])('proves itself for ten minutes at most, from a minute ago: %s', (_, key) => {
    const exchange = readCredentials(app, appText({ privateKey: key }));
    if (exchange.kind !== 'exchange') throw new Error(exchange.kind);
    expect(exchange).toMatchObject({ path: '/app/installations/678/access_tokens', answer: 'github-app' });
    expect(exchange).not.toHaveProperty('body');
    const [header, claims] = (exchange.headersAt(NOW).authorization ?? '')
      .replace('Bearer ', '')
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString());
    expect(JSON.parse(header ?? '')).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(JSON.parse(claims ?? '')).toEqual({ iss: '12345', iat: 1_794_999_940, exp: 1_795_000_540 });
  });

  test('can be named by its client id', () => {
    expect(readCredentials(app, appText({ appId: 'Iv23liAbC', installationId: '9' }))).toMatchObject({
      path: '/app/installations/9/access_tokens',
    });
  });
});

test.each<[string, ApiAuth, string | undefined]>([
  ['nothing', bearer, undefined],
  ['white space', bearer, ' \n'],
  ['a token with a line break in it', bearer, 'canary\r\nx-admin: 1'],
  ['a token that is no ASCII', bearer, 'canaryé'],
  ['no colon', { kind: 'basic' }, 'canary'],
  ['a control character', { kind: 'basic' }, 'canary:\u0000'],
  ['no client', client, 'canary'],
  ['no JSON', app, 'canary'],
  ['no key', app, appText({ privateKey: 'canary' })],
  ['no RSA key', app, appText({ privateKey: ellipticKey })],
  ['an installation that leads elsewhere', app, appText({ installationId: '../canary' })],
  ['no app', app, appText({ appId: undefined })],
])('are none, and it is said what to store, not what is stored: %s', (_, auth, api) => {
  const read = readCredentials(auth, api);
  expect(read).toEqual({
    kind: 'none',
    explanation: expect.stringMatching(/store \{"signing": …, "api": …\}, where "api" is/),
  });
  expect(JSON.stringify(read)).not.toMatch(/canary|BEGIN [A-Z ]+KEY-----\\n/);
});
