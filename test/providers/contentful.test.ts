import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Headers, Request } from '../../lib/core/request.ts';
import { contentful } from '../../lib/providers/contentful.ts';
import { outcomeOf, verifyWith } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/contentful.ts';

const { secret } = fixture;
const [published] = fixture.samples;
const { request } = published;
const TIME = '1795514400000';

/** Signed by node:crypto alone: exactly these names. */
function sent(names: string, headers: Headers, path = '/contentful', query = ''): Request {
  const all: Headers = {
    ...headers,
    'x-contentful-timestamp': TIME,
    'x-contentful-signed-headers': names,
  };
  const signed = names.split(',').map((name) => `${name}:${all[name]}`);
  const [signedPath = ''] = [path + (query === '' ? '' : `?${encodeURIComponent(query)}`)].map(encodeURI);
  const signature = createHmac('sha256', secret)
    .update(`POST\n${signedPath}\n${signed.join(';')}\n`)
    .update(request.body)
    .digest('hex');
  return { ...request, path, query, headers: { ...all, 'x-contentful-signature': signature } };
}
const OWN = 'x-contentful-signed-headers,x-contentful-timestamp';
const check = (one: Request, ...secrets: readonly string[]): Promise<string> =>
  outcomeOf(fixture, one, secrets.length === 0 ? [secret] : secrets);

describe('a header that is not signed', () => {
  test('is no type and no id: those come from the body then', async () => {
    const forged = sent(OWN, {
      'content-type': 'application/vnd.contentful.management.v1+json',
      'x-contentful-topic': 'ContentManagement.Entry.delete',
      'x-contentful-idempotency-key': 'forged',
    });
    const answer = await verifyWith(fixture, forged, [secret]);
    if (answer.kind === 'rejected') throw new Error(answer.explanation);
    const { headers, body } = answer.verified.request;
    expect(headers).not.toHaveProperty('x-contentful-topic');
    const event = await readOne(sourceOf(contentful), { headers, body });
    expect(event.type).toBe('Entry');
    expect(event.id).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is refused where it is added to the list, or a signed one is taken from it', async () => {
    const names = request.headers['x-contentful-signed-headers'] ?? '';
    const withNames = (other: string): Request => ({
      ...request,
      headers: { ...request.headers, 'x-contentful-signed-headers': other, 'x-contentful-crn': 'crn' },
    });
    expect(await check(withNames(names))).toBe('verified by newest');
    expect(await check(withNames(`${names},x-contentful-crn`))).toBe('wrong-signature');
    expect(await check(withNames(names.replace('x-contentful-topic,', '')))).toBe('wrong-signature');
    expect(await check(withNames(`${names},x-absent`))).toBe('malformed-signature');
  });
});

test('a list that leaves out itself or the time is no list of signed headers', async () => {
  for (const names of ['x-contentful-timestamp', 'x-contentful-signed-headers', 'x-contentful-topic'])
    expect(await check(sent(names, { 'x-contentful-topic': 'a' })), names).toBe('malformed-signature');
  expect(await check(sent(OWN, {}))).toBe('verified by newest');
});

test('only a text of exactly 64 characters is a secret', async () => {
  for (const other of [secret.slice(1), `${secret}x`, `${secret.slice(1)}!`])
    expect(await check(request, other), other).toBe('no-secret');
});

test('the query is escaped as one piece, and the whole path once more', async () => {
  expect(await check(sent(OWN, {}, '/contentful', 'a=1&b=x%20y/z'))).toBe('verified by newest');
  expect(await check({ ...sent(OWN, {}, '/contentful', 'a=1'), query: 'a=2' })).toBe('wrong-signature');
  expect(await check({ ...sent(OWN, {}, '/contentful', 'a=1'), query: '' })).toBe('wrong-signature');
  expect(await check({ ...request, query: 'a=\ud800' })).toBe('malformed-signature');
});

test('the time is in milliseconds, five minutes either way', async () => {
  const at = (ms: number): Promise<string> => check({ ...sent(OWN, {}), receivedAt: Number(TIME) + ms });
  expect(await at(300_000)).toBe('verified by newest');
  expect(await at(300_001)).toBe('stale-timestamp');
  expect(await at(-300_001)).toBe('future-timestamp');
});

test('a body under Contentful’s own content type is read as JSON', async () => {
  const { headers, body } = request;
  expect(headers['content-type']).toBe('application/vnd.contentful.management.v1+json');
  expect((await readOne(sourceOf(contentful), { headers, body })).payload.kind).toBe('json');
});
