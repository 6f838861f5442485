import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bitbucket } from '../../lib/providers/bitbucket.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { read, readOne, reconcilingSource, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/bitbucket.ts';

const source = sourceOf(bitbucket);
const [{ request }] = fixture.samples;

const of = (event: string, body: object, id = 'r1') => ({
  body: JSON.stringify({ repository: { uuid: '{r}' }, ...body }),
  headers: {
    'content-type': 'application/json',
    'x-event-key': event,
    'x-request-uuid': id,
    'x-hub-signature': 'sha256=00',
  },
});

describe('a signature', () => {
  test('is SHA-256, although its header is named like the SHA-1 of others', async () => {
    const sha1 = createHmac('sha1', fixture.secret).update(request.body).digest('hex');
    for (const value of [`sha1=${sha1}`, sha1, `sha256=${sha1}`]) {
      const headers = { ...request.headers, 'x-hub-signature': value };
      expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret]), value).toBe(
        'malformed-signature',
      );
    }
  });

  test('of a webhook without a secret is none, and so it is refused', async () => {
    const { 'x-hub-signature': _, ...headers } = request.headers;
    expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('missing-signature');
  });
});

describe('a body under another event’s name, which is not signed', () => {
  const pullrequest = { id: 7, state: 'OPEN', updated_on: '2026-11-24T09:59:58.123456+00:00' };

  test.each<[string, string, object]>([
    ['a pull request as one that was merged', 'pullrequest:fulfilled', { pullrequest }],
    ['a pull request as one that was declined', 'pullrequest:rejected', { pullrequest }],
    ['a comment as a new pull request', 'pullrequest:created', { pullrequest, comment: { id: 1 } }],
    ['a pull request as its approval', 'pullrequest:approved', { pullrequest }],
    ['a push as a pull request', 'pullrequest:created', { push: { changes: [{}] } }],
    ['an issue as its change', 'issue:updated', { issue: { id: 1 } }],
    [
      'a change of an issue as a comment',
      'issue:comment_created',
      { issue: { id: 1 }, comment: { id: 2 }, changes: {} },
    ],
  ])('is refused: %s', async (_, event, body) => {
    expect(await read(source, of(event, body))).toMatchObject({
      events: [],
      unreadable: [{ reason: 'contradicted-type' }],
    });
  });

  test('has the mark of its own, under a name that nobody knows too, a push of several changes included', async () => {
    const push = { push: { changes: [{ new: { type: 'branch', name: 'a' } }, { new: null }] } };
    for (const body of [push, { pullrequest }]) {
      const marks = async (event: string, id: string): Promise<readonly unknown[]> => {
        const reading = await read(source, of(event, body, id));
        return reading.kind === 'events' ? reading.events.map(({ content }) => content) : [];
      };
      const own = await marks('push' in body ? 'repo:push' : 'pullrequest:created', 'r1');
      expect(own.length).toBeGreaterThan(0);
      expect(own).not.toContain(undefined);
      expect(await marks('repo:unknown', 'r2')).toEqual(own);
    }
  });

  test('refuses nothing that is what it says', async () => {
    const merged = { ...pullrequest, state: 'MERGED' };
    for (const [event, body] of [
      ['pullrequest:fulfilled', { pullrequest: merged }],
      ['pullrequest:updated', { pullrequest }],
      ['pullrequest:comment_created', { pullrequest, comment: { id: 1 } }],
      ['issue:updated', { issue: { id: 1 }, comment: { id: 2 }, changes: {} }],
      ['repo:imported', {}],
    ] as const)
      expect((await readOne(source, of(event, body))).type).toBe(event);
  });
});

describe('a push', () => {
  const change = (name: string, more: object = {}) => ({ new: { type: 'branch', name }, old: null, ...more });

  test('is one event for each ref that it moves', async () => {
    const reading = await read(
      source,
      of('repo:push', {
        push: { changes: [change('a'), change('b', { new: null, old: { type: 'tag', name: 'v1' } })] },
      }),
    );
    if (reading.kind !== 'events') throw new Error(reading.explanation);
    expect(reading.events.map(({ subject }) => subject)).toEqual(['ref/{r}/branch/a', 'ref/{r}/tag/v1']);
    expect(new Set(reading.events.map(({ key }) => key)).size).toBe(2);
  });
});

describe('the request’s UUID, which is not signed', () => {
  const body = { issue: { id: 1, updated_on: '2026-11-24T09:59:58.000000+00:00' }, changes: {} };

  test('is changed: the same body under another is known as a repeat', async () => {
    const first = await readOne(source, of('issue:updated', body));
    const again = await readOne(source, of('issue:updated', body, 'r2'));
    expect(again.key).not.toBe(first.key);
    expect(again.content).toBe(first.content);
    expect(again.fingerprint).toBe(first.fingerprint);
  });

  test('has another name on Data Center', async () => {
    const { headers, body: text } = of('pr:opened', {});
    const { 'x-request-uuid': _, ...rest } = headers;
    expect(await readOne(source, { body: text, headers: { ...rest, 'x-request-id': 'dc1' } })).toMatchObject({
      id: 'dc1',
      type: 'pr:opened',
    });
  });
});

test('a test of the connection may come twice with the same bytes', async () => {
  expect((await readOne(source, of('diagnostics:ping', { test: true }))).content).toBeUndefined();
});

describe('the resource', () => {
  const asking = reconcilingSource(bitbucket);
  const resourceOf = async (event: string, body: object) =>
    (await readOne(asking, of(event, { repository: { uuid: '{r}', workspace: { uuid: '{w}' } }, ...body })))
      .resource;
  const updated_on = '2026-11-24T09:59:58.000000+00:00';

  test('is below the UUIDs of workspace and repository, braces and all', async () => {
    const body = { issue: { id: 1, updated_on }, changes: {} };
    const path = '/repositories/%7Bw%7D/%7Br%7D/issues/1';
    expect((await resourceOf('issue:updated', body))?.path).toBe(path);
    const owned = { ...body, repository: { uuid: '{r}', owner: { uuid: '{w}' } } };
    expect((await resourceOf('issue:updated', owned))?.path).toBe(path);
    expect(await resourceOf('issue:updated', { ...body, repository: { uuid: '{r}' } })).toBeUndefined();
  });

  test('of a comment is read below what it is a comment on', async () => {
    const on = async (event: string, place: object): Promise<string | undefined> =>
      (await resourceOf(event, { comment: { id: 5, updated_on }, ...place }))?.path.replace(/^.*7D/, '');
    expect(await on('pullrequest:comment_created', { pullrequest: { id: 2 } })).toBe(
      '/pullrequests/2/comments/5',
    );
    expect(await on('issue:comment_created', { issue: { id: 3 } })).toBe('/issues/3/comments/5');
    expect(await on('repo:commit_comment_created', { commit: { hash: 'ab' } })).toBe('/commit/ab/comments/5');
  });

  test('of a moved ref stands, of one without a new side it is gone', async () => {
    const side = (name: string) => ({ type: 'branch', name });
    const push = (change: object) => resourceOf('repo:push', { push: { changes: [change] } });
    expect(await push({ old: side('a/b'), new: side('a/b') })).toMatchObject({
      path: expect.stringMatching(/\/refs\/branches\/a%2Fb$/),
      says: 'stands',
    });
    expect(await push({ old: side('a'), new: null })).toMatchObject({ says: 'deleted' });
    expect(await push({ old: null, new: { type: 'bookmark', name: 'a' } })).toBeUndefined();
  });
});
