import { describe, expect, test } from 'vitest';
import { gitlab } from '../../lib/providers/gitlab.ts';
import { outcomeOf, verifyWith } from '../contracts/signed-request.ts';
import { readOne, reconcilingSource, sourceOf } from '../core/intake-cases.ts';
import { fixture, others } from '../fixtures/gitlab.ts';

const source = sourceOf(gitlab);
const [{ request: signed }] = fixture.samples;
const TOKEN = others[0]?.secret ?? '';

describe('a request with a signature', () => {
  const beside = { ...signed, headers: { ...signed.headers, 'x-gitlab-token': TOKEN } };
  const forged = { ...beside, body: Buffer.from('{"object_kind":"push"}') };

  test('never falls back to the token beside it while a signing token is configured', async () => {
    expect(await outcomeOf(fixture, beside, [fixture.secret, TOKEN])).toBe('verified by newest');
    expect(await outcomeOf(fixture, forged, [fixture.secret, TOKEN])).toBe('wrong-signature');
    const emptied = { ...forged, headers: { ...forged.headers, 'webhook-signature': '' } };
    expect(await outcomeOf(fixture, emptied, [fixture.secret, TOKEN])).toBe('missing-signature');
  });

  test('is proved by its token where no signing token is configured', async () => {
    expect(await outcomeOf(fixture, beside, [TOKEN])).toBe('verified by newest');
  });

  test('keeps no token, and one with a token keeps no header of a signature that nobody checked', async () => {
    const headersOf = async (secrets: readonly string[]): Promise<readonly string[]> => {
      const answer = await verifyWith(fixture, beside, secrets);
      return answer.kind === 'verified' ? Object.keys(answer.verified.request.headers) : [answer.reason];
    };
    expect(await headersOf([fixture.secret])).not.toContain('x-gitlab-token');
    expect(await headersOf([TOKEN])).not.toContain('webhook-id');
  });

  test('has a key of its own kind: the text of a signing token without its prefix is none', async () => {
    expect(await outcomeOf(fixture, signed, [fixture.secret.replace('whsec_', '')])).toBe('no-secret');
  });
});

describe('an event', () => {
  const of = (
    headers: Record<string, string>,
    body: object = { object_kind: 'push', ref: 'refs/heads/main', project_id: 1 },
  ) =>
    readOne(source, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  const uuids = { 'x-gitlab-event-uuid': 'e', 'x-gitlab-webhook-uuid': 'w' };

  test('is known by its idempotency key, which retries and manual resends keep', async () => {
    expect((await of({ ...uuids, 'idempotency-key': 'k' })).id).toBe('k');
  });

  test('of an older server is not known by the UUID of its event alone: recursive webhooks share it', async () => {
    const one = await of(uuids);
    const other = await of(uuids, { object_kind: 'push', ref: 'refs/heads/other', project_id: 1 });
    expect(one.id).toMatch(/^e\/w\/[0-9a-f]{64}$/);
    expect(other.key).not.toBe(one.key);
  });

  test('takes its type from the body, and from the header only where a template left it out', async () => {
    const header = { 'x-gitlab-event': 'Note Hook' };
    expect((await of({ ...header, 'idempotency-key': 'k' })).type).toBe('push');
    expect((await of({ ...header, 'idempotency-key': 'k' }, { custom: true })).type).toBe('Note Hook');
    expect(
      (await of({ 'idempotency-key': 'k', 'x-gitlab-event': 'System Hook' }, { event_name: 'user_create' }))
        .type,
    ).toBe('user_create');
  });

  test('is ordered by a time in either of the forms that GitLab writes', async () => {
    const versionOf = async (updated_at: string) =>
      (
        await of(
          { 'idempotency-key': 'k' },
          { object_kind: 'issue', project: { id: 1 }, object_attributes: { iid: 2, updated_at } },
        )
      ).version;
    const same = '01795514398000000000';
    expect(await versionOf('2026-11-24 09:59:58 UTC')).toBe(same);
    expect(await versionOf('2026-11-24T09:59:58Z')).toBe(same);
    expect(await versionOf('2026-11-24 10:59:58 +0100')).toBe(same);
  });

  test('is about the project’s own number, as GitLab’s API asks for it', async () => {
    const body = {
      object_kind: 'issue',
      project: { id: 7 },
      object_attributes: { id: 991, iid: 2, action: 'close' },
    };
    expect(await of({ 'idempotency-key': 'k' }, body)).toMatchObject({
      type: 'issue.close',
      subject: 'issue/7/2',
    });
  });
});

describe('the resource', () => {
  const asking = reconcilingSource(gitlab);
  const resourceOf = async (body: object) =>
    (await readOne(asking, { body: JSON.stringify({ project_id: 7, project: { id: 7 }, ...body }) }))
      .resource;

  test('has no version, since the API tells more of a second than a hook: nothing newer may seem to be older', async () => {
    const resource = await resourceOf({ object_kind: 'issue', object_attributes: { iid: 2 } });
    expect(resource).toMatchObject({ path: '/projects/7/issues/2', shape: {} });
  });

  test('of a comment is read below what it is a comment on', async () => {
    const note = (noteable_type: string, more: object) =>
      resourceOf({ object_kind: 'note', object_attributes: { id: 5, noteable_type }, ...more });
    expect((await note('Issue', { issue: { iid: 2 } }))?.path).toBe('/projects/7/issues/2/notes/5');
    expect((await note('MergeRequest', { merge_request: { iid: 3 } }))?.path).toBe(
      '/projects/7/merge_requests/3/notes/5',
    );
    expect((await note('Snippet', { snippet: { id: 4 } }))?.path).toBe('/projects/7/snippets/4/notes/5');
    expect(await note('Commit', { commit: { id: 'a' } })).toBeUndefined();
  });

  test('of a branch or tag is that, with all that may be in its name, gone when its commit is all zeros', async () => {
    const push = (ref: string, after: string, object_kind = 'push') =>
      resourceOf({ object_kind, ref, after });
    const commit = 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7';
    expect(await push('refs/heads/tor/öffnen', commit)).toMatchObject({
      path: '/projects/7/repository/branches/tor%2F%C3%B6ffnen',
      says: 'stands',
    });
    expect(await push('refs/tags/v1.0', commit, 'tag_push')).toMatchObject({
      path: '/projects/7/repository/tags/v1.0',
      says: 'stands',
    });
    for (const zeros of ['0'.repeat(40), '0'.repeat(64)])
      expect((await push('refs/heads/a', zeros))?.says).toBe('deleted');
    expect((await push('refs/heads/a', '0'.repeat(39)))?.says).toBe('stands');
    expect(await push('refs/tags/v1', commit)).toBeUndefined();
  });

  test('is none where another could have its name, or the API may not know its kind', async () => {
    expect(await resourceOf({ object_kind: 'release', id: 1, tag: 'v1', action: 'create' })).toBeUndefined();
    expect(await resourceOf({ object_kind: 'work_item', object_attributes: { iid: 2 } })).toBeUndefined();
  });
});

test('that GitLab may not send again after a 5xx is told, with what helps', () => {
  expect(gitlab.delivery).toMatchObject({
    retries: 'none',
    withoutRetries: expect.stringContaining('Resend'),
  });
});
