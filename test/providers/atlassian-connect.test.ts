import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { atlassianConnect } from '../../lib/providers/atlassian-connect.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture, oauth } from '../fixtures/atlassian-connect.ts';

const { secret } = fixture;
const [{ request }, page] = fixture.samples;
const NOW = request.receivedAt / 1000;
const QSH = JSON.parse(
  Buffer.from(request.headers.authorization?.split('.')[1] ?? '', 'base64url').toString(),
).qsh;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed by node:crypto alone. */
function token(claims: object, head: object = { typ: 'JWT', alg: 'HS256' }, hash = 'sha256'): string {
  const signed = `${part(head)}.${part(claims)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}
const sent = (text: string, prefix = 'JWT'): Request => ({
  ...request,
  headers: { ...request.headers, authorization: `${prefix} ${text}` },
});
const check = (one: Request): Promise<string> => outcomeOf(fixture, one, [secret]);
const CLAIMS = { iss: 'key', iat: NOW, exp: NOW + 180, qsh: QSH };

describe('a token', () => {
  test('is of HS256 and of no other algorithm, whatever it says of itself', async () => {
    expect(await check(sent(token(CLAIMS)))).toBe('verified by newest');
    for (const alg of ['none', 'None', 'HS512', 'RS256', undefined])
      expect(await check(sent(token(CLAIMS, { typ: 'JWT', alg }))), alg).toBe('malformed-signature');
    expect(await check(sent(token(CLAIMS, { alg: 'HS512' }, 'sha512')))).toBe('wrong-signature');
    const unsigned = `${part({ alg: 'none' })}.${part(CLAIMS)}.`;
    expect(await check(sent(unsigned))).toBe('malformed-signature');
    expect(await check(sent(unsigned.slice(0, -1)))).toBe('malformed-signature');
  });

  test('is good for the method, path and query that it was made for', async () => {
    for (const other of [
      { ...request, query: 'b=x+y&a=2&a=1' },
      { ...request, query: '' },
      { ...request, query: `${request.query}&c` },
      { ...request, query: '%ff' },
      { ...request, path: '/atlassian-connect/other' },
      { ...request, method: 'PUT' as const },
    ])
      expect(await check(other), `${other.method} ${other.path}?${other.query}`).toBe('wrong-signature');
    expect(await check({ ...request, query: 'a=%C3%A9&a=1&a=2&b=x%20y' })).toBe('verified by newest');
  });

  test('of a page in the user’s browser, which is for no request, is refused', async () => {
    expect(await check(sent(token({ ...CLAIMS, qsh: 'context-qsh' })))).toBe('wrong-signature');
    expect(await check(sent(token({ ...CLAIMS, qsh: undefined })))).toBe('wrong-signature');
    const unreadable = { ...sent(token({ ...CLAIMS, qsh: undefined })), query: '%ff' };
    expect(await check(unreadable)).toBe('wrong-signature');
  });

  test.each<[string, object, string]>([
    ['is good until it expires', { exp: NOW + 1 }, 'verified by newest'],
    ['is stale when it has expired', { exp: NOW }, 'stale-timestamp'],
    [
      'is stale when it was made too long ago, though it lives on',
      { iat: NOW - 181, exp: NOW + 999 },
      'stale-timestamp',
    ],
    ['is for later when its nbf is', { nbf: NOW + 181 }, 'future-timestamp'],
    ['is for later when it was made in the future', { iat: NOW + 181, exp: NOW + 361 }, 'future-timestamp'],
    ['has to say when it was made', { iat: undefined }, 'missing-timestamp'],
    ['has to say when it expires', { exp: undefined }, 'missing-timestamp'],
    ['has times that are numbers', { exp: String(NOW + 180) }, 'malformed-timestamp'],
    ['has times that are whole', { nbf: 1.5 }, 'malformed-timestamp'],
  ])('%s', async (_, changed, outcome) => {
    expect(await check(sent(token({ ...CLAIMS, ...changed })))).toBe(outcome);
  });

  test('covers nothing of the body', async () => {
    expect(await check({ ...request, body: Buffer.from('{}') })).toBe('verified by newest');
  });
});

test('the token of a Connect app and that of an OAuth app are not taken for each other', async () => {
  const [{ request: bearer }] = oauth.samples;
  expect(await outcomeOf(oauth, request, [secret])).toBe('malformed-signature');
  expect(await check(bearer)).toBe('malformed-signature');
});

test('the token of an OAuth app is no good for ever: it says when it was made, or expires', async () => {
  const bearer = (claims: object): Promise<string> =>
    outcomeOf(oauth, sent(token(claims), 'Bearer'), [secret]);
  expect(await bearer({ exp: NOW + 3_600 })).toBe('verified by newest');
  expect(await bearer({ iat: NOW })).toBe('verified by newest');
  expect(await bearer({})).toBe('missing-timestamp');
  expect(await bearer({ exp: NOW - 1 })).toBe('stale-timestamp');
});

describe('an event', () => {
  const source = sourceOf(atlassianConnect);

  test('of an issue that carries a comment is a state of the issue', async () => {
    const { headers, body, query } = request;
    expect((await readOne(source, { headers, body, query })).subject).toBe('issue/9007199254740993');
  });

  test('under another identifier with the same bytes is told as a repetition, since no identifier is signed', async () => {
    const { headers, body, query } = request;
    const other = { ...headers, 'x-atlassian-webhook-identifier': 'another' };
    const [first, again] = [
      await readOne(source, { headers, body, query }),
      await readOne(source, { headers: other, body, query }),
    ];
    expect(again.key).not.toBe(first.key);
    expect(again.content).toBe(first.content);
    expect(first.content).toBeDefined();
  });

  test('of Confluence has the type that stands in the signed query', async () => {
    if (page === undefined) throw new Error('no page');
    const { headers, body, query } = page.request;
    expect((await readOne(source, { headers, body, query })).type).toBe('page_updated');
    const forged = { ...page.request, query: 'event=page_removed' };
    expect(await check(forged)).toBe('wrong-signature');
  });
});

test('two deliveries in one second have equal tokens, so that a token is no mark of its event', async () => {
  const [first, second] = await Promise.all(
    ['{"a":1}', '{"a":2}'].map((body) =>
      signedAgain(fixture, { ...request, body: Buffer.from(body) }, fixture),
    ),
  );
  expect(second?.headers.authorization).toBe(first?.headers.authorization);
  expect(atlassianConnect.signatureMark).toBeUndefined();
});
