import { describe, expect, test } from 'vitest';
import { gitlab } from '../../lib/providers/gitlab.ts';
import { outcomeOf, verifyWith } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
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

test('that GitLab may not send again after a 5xx is told, with what helps', () => {
  expect(gitlab.delivery).toMatchObject({
    retries: 'none',
    withoutRetries: expect.stringContaining('Resend'),
  });
});
