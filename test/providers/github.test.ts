import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { contradictsType } from '../../lib/core/type-contradiction.ts';
import { github } from '../../lib/providers/github.ts';
import { outcomeOf, signedAgain, without } from '../contracts/signed-request.ts';
import {
  FORM_TYPE,
  JSON_TYPE,
  read,
  readOne,
  reconcilingSource,
  type Sent,
  sourceOf,
  verifiedOf,
} from '../core/intake-cases.ts';
import { fixture } from '../fixtures/github.ts';

const source = sourceOf(github);
const { secret } = fixture;
const [{ request: pullRequest }, form] = fixture.samples;
if (form === undefined) throw new Error('the fixture has a form');

function sent(event: string, body: string, more: Record<string, string> = {}): Sent {
  return {
    body,
    headers: {
      ...JSON_TYPE,
      'x-github-event': event,
      'x-github-delivery': 'guid',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      ...more,
    },
  };
}

describe('the signature', () => {
  test('is never the SHA-1 of the legacy header, neither alone nor beside a wrong SHA-256', async () => {
    const sha1 = `sha1=${createHmac('sha1', secret).update(pullRequest.body).digest('hex')}`;
    const bare = without(pullRequest.headers, ['x-hub-signature-256']);
    const legacy = { ...bare, 'x-hub-signature': sha1 };
    expect(await outcomeOf(fixture, { ...pullRequest, headers: legacy }, [secret])).toBe('missing-signature');
    const both = { ...legacy, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };
    expect(await outcomeOf(fixture, { ...pullRequest, headers: both }, [secret])).toBe('wrong-signature');
    const moved = { ...bare, 'x-hub-signature-256': sha1 };
    expect(await outcomeOf(fixture, { ...pullRequest, headers: moved }, [secret])).toBe(
      'malformed-signature',
    );
  });

  test('of a hook without a secret is none, and so it is refused', async () => {
    const headers = without(pullRequest.headers, ['x-hub-signature-256']);
    expect(await outcomeOf(fixture, { ...pullRequest, headers }, [secret])).toBe('missing-signature');
  });

  test('of a form is over its raw bytes, not over the document in it', async () => {
    const { request } = form;
    const decoded = new URLSearchParams(request.body.toString()).get('payload') ?? '';
    const over = (bytes: Buffer | string): string =>
      `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
    const signedBy = (signature: string) => ({
      ...request,
      headers: { ...request.headers, 'x-hub-signature-256': signature },
    });
    expect(await outcomeOf(fixture, signedBy(over(request.body)), [secret])).toBe('verified by newest');
    expect(await outcomeOf(fixture, signedBy(over(decoded)), [secret])).toBe('wrong-signature');
  });

  test('has no time, so that of a redelivery after days is as good', async () => {
    const later = { ...pullRequest, receivedAt: pullRequest.receivedAt + 3 * 86_400_000 };
    expect(await outcomeOf(fixture, later, [secret])).toBe('verified by newest');
    expect((await signedAgain(fixture, later, { signer: secret })).headers).toEqual(pullRequest.headers);
  });
});

test('a captured delivery is known again under another id, also when the secret was another by then', async () => {
  const [first, captured] = [
    await readOne(source, sent('issues', '{"action":"opened","issue":{"id":1}}')),
    await readOne(
      source,
      sent('issues', '{"action":"opened","issue":{"id":1}}', {
        'x-github-delivery': 'another',
        'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
      }),
    ),
  ];
  expect(captured.key).not.toBe(first.key);
  expect(captured.content).toBe(first.content);
});

describe("the event's name", () => {
  test('is not signed, so the body must hold what that event holds: refused at the door when the key is nowhere in it', () => {
    const body = '{"action":"created","issue":{"id":1},"comment":{"id":2},"repository":{"id":3}}';
    const refusal = (event: string) => contradictsType(source, verifiedOf(sent(event, body)))?.reason;
    expect(refusal('issue_comment')).toBeUndefined();
    for (const event of [
      'pull_request',
      'push',
      'release',
      'check_run',
      'installation',
      'repository_dispatch',
    ]) {
      expect(refusal(event), event).toBe('contradicted-type');
    }
  });

  test('is contradicted by a body that holds more than its event does', async () => {
    const comment = '{"action":"edited","issue":{"id":1},"comment":{"id":2},"repository":{"id":3}}';
    for (const event of ['issues', 'repository']) {
      expect(await read(source, sent(event, comment)), event).toMatchObject({
        events: [],
        unreadable: [{ reason: 'contradicted-type' }],
      });
    }
  });

  test.each(['release.published', 'member.added', 'Issues', 'issues/opened', 'issues '])(
    'is one word: %s is none, so it makes no type by itself',
    async (event) => {
      const push = '{"ref":"refs/heads/a","before":"b","after":"c","commits":[],"repository":{"id":1}}';
      expect(await read(source, sent(event, push))).toMatchObject({
        events: [],
        unreadable: [{ reason: 'unidentified' }],
      });
    },
  );

  test('refuses nothing that GitHub may send: where a key can be missing, it is not asked for', async () => {
    for (const [event, body] of [
      ['code_scanning_alert', '{"action":"updated_assignment","alert":{"number":1},"repository":{"id":1}}'],
      ['organization', '{"action":"renamed","organization":{"id":1},"repository":{"id":1}}'],
      ['repository', '{"action":"anonymous_access_enabled"}'],
    ] as const) {
      expect(contradictsType(source, verifiedOf(sent(event, body))), event).toBeUndefined();
      expect((await readOne(source, sent(event, body))).id, event).toBe('guid');
    }
  });

  test('may be a new one: it is published with its id and type', async () => {
    expect(await readOne(source, sent('new_thing', '{"action":"made","thing":{"id":1}}'))).toMatchObject({
      id: 'guid',
      type: 'new_thing.made',
    });
  });
});

describe('a captured body under another GUID', () => {
  const issue = '{"action":"opened","issue":{"id":1}}';

  test('has the mark of the first, whatever else its headers say', async () => {
    const first = await readOne(source, sent('issues', issue));
    expect(first.content).toMatch(/^[0-9a-f]{64}$/);
    for (const [event, more] of [
      ['issues', { 'x-github-delivery': 'forged' }],
      ['issues', { 'x-github-delivery': 'forged', 'x-github-hook-id': '2' }],
      ['new_thing', { 'x-github-delivery': 'forged' }],
    ] as const) {
      const replayed = await readOne(source, sent(event, issue, more));
      expect(replayed.key).not.toBe(first.key);
      expect(replayed.content).toBe(first.content);
    }
    const other = await readOne(source, sent('issues', '{"action":"opened","issue":{"id":2}}'));
    expect(other.content).not.toBe(first.content);
  });

  test('under the name of another event is no repeat but a forgery: it differs in more than its id', async () => {
    const first = await readOne(source, sent('issues', issue));
    const renamed = await readOne(source, sent('new_thing', issue, { 'x-github-delivery': 'forged' }));
    expect(renamed.content).toBe(first.content);
    expect(renamed.fingerprint).not.toBe(first.fingerprint);
  });

  test('is no repeat where people rightly cause the same bytes twice', async () => {
    for (const [event, body] of [
      ['ping', '{"zen":"a","hook_id":1,"hook":{}}'],
      ['watch', '{"action":"started","repository":{"id":1}}'],
      ['workflow_dispatch', '{"inputs":{},"workflow":"a","ref":"b"}'],
      ['repository_dispatch', '{"action":"deploy","client_payload":{},"branch":"b"}'],
      ['github_app_authorization', '{"action":"revoked","sender":{"id":1}}'],
      ['org_block', '{"action":"blocked","blocked_user":{"id":2},"organization":{"id":1}}'],
      ['org_block', '{"action":"unblocked","blocked_user":{"id":2},"organization":{"id":1}}'],
      ['member', '{"action":"edited","changes":{},"member":{"id":2},"repository":{"id":1}}'],
      ['installation_repositories', '{"action":"added","repositories_added":[],"repositories_removed":[]}'],
      ['installation_repositories', '{"action":"removed","repositories_added":[],"repositories_removed":[]}'],
      ['label', '{"action":"edited","label":{"id":1,"color":"fff"},"changes":{},"repository":{"id":1}}'],
    ] as const) {
      expect((await readOne(source, sent(event, body))).content, event).toBeUndefined();
    }
  });
});

describe('time and order', () => {
  const push = (more: string) =>
    `{"ref":"refs/heads/a","before":"b","after":"c","commits":[],${more}"repository":{"id":1,"full_name":"o/r"`;

  test('of a push is when GitHub took it, never when an author says to have committed it; it orders nothing', async () => {
    const body = `${push('"head_commit":{"timestamp":"2100-01-01T00:00:00Z"},')},"pushed_at":1795514397}}`;
    const event = await readOne(source, sent('push', body));
    expect(event.time).toBe(1_795_514_397_000);
    expect(event.version).toBeUndefined();
  });

  test('of a push whose time has another form is left out', async () => {
    const event = await readOne(source, sent('push', `${push('')},"pushed_at":"2026-11-24T09:59:57Z"}}`));
    expect(event.time).toBeUndefined();
  });

  test('orders the states of a resource by its own last change', async () => {
    const at = async (time: string) =>
      (await readOne(source, sent('issues', `{"issue":{"id":1,"updated_at":"${time}"}}`))).version ?? '';
    expect((await at('2026-11-24T09:59:57Z')) < (await at('2026-11-24T09:59:58Z'))).toBe(true);
  });

  test('of a check is its end, or before that its start', async () => {
    const run =
      '"check_run":{"id":1,"started_at":"2026-11-24T09:00:00Z","completed_at":"2026-11-24T09:30:00Z"}';
    const time = async (action: string) =>
      (await readOne(source, sent('check_run', `{"action":"${action}",${run}}`))).time;
    expect(await time('created')).toBe(Date.UTC(2026, 10, 24, 9));
    expect(await time('completed')).toBe(Date.UTC(2026, 10, 24, 9, 30));
  });
});

describe('the subject', () => {
  test('of a branch is one, whether it is made, pushed to or deleted, and whatever its repository is called', async () => {
    const repository = (name: string) => `"repository":{"id":1,"full_name":"${name}"}`;
    const subjects = [
      await readOne(
        source,
        sent('push', `{"ref":"refs/heads/a/b","before":"","after":"","commits":[],${repository('o/old')}}`),
      ),
      await readOne(
        source,
        sent('create', `{"ref":"a/b","ref_type":"branch","master_branch":"main",${repository('o/new')}}`),
      ),
      await readOne(source, sent('delete', `{"ref":"a/b","ref_type":"branch",${repository('p/new')}}`)),
    ].map(({ subject }) => subject);
    expect(new Set(subjects)).toEqual(new Set(['ref/1/refs/heads/a/b']));
    const tag = await readOne(source, sent('delete', `{"ref":"a/b","ref_type":"tag",${repository('o/r')}}`));
    expect(tag.subject).toBe('ref/1/refs/tags/a/b');
  });

  test('is read from a form as from JSON', async () => {
    const body = '{"action":"opened","issue":{"id":9007199254740993}}';
    const asForm = { ...sent('issues', new URLSearchParams({ payload: body }).toString(), FORM_TYPE) };
    expect((await readOne(source, asForm)).subject).toBe('issue/9007199254740993');
    expect((await readOne(source, sent('issues', body))).subject).toBe('issue/9007199254740993');
  });
});

describe('the resource', () => {
  const asking = reconcilingSource(github);
  const resourceOf = async (event: string, body: string) =>
    (await readOne(asking, sent(event, body))).resource;
  const repository = '"repository":{"id":1,"full_name":"o/r"}';

  test('of a branch is that branch, with all that may be in its name, and of another ref nothing', async () => {
    const push = (ref: string, more = '') =>
      resourceOf('push', `{"ref":"${ref}","before":"","after":"","commits":[],${more}${repository}}`);
    expect(await push('refs/heads/häfen/#1')).toMatchObject({
      path: '/repositories/1/git/ref/heads/h%C3%A4fen%2F%231',
      says: 'stands',
    });
    expect((await push('refs/tags/v1.0'))?.path).toBe('/repositories/1/git/ref/tags/v1.0');
    expect((await push('refs/heads/a', '"deleted":true,'))?.says).toBe('deleted');
    for (const ref of ['refs/notes/a', 'refs/heads/', 'refs/heads/../../../user', 'refs/heads/a%2e'])
      expect(await push(ref), ref).toBeUndefined();
    const made = await resourceOf(
      'create',
      `{"ref":"a/b","ref_type":"branch","master_branch":"main",${repository}}`,
    );
    expect(made).toMatchObject({ path: '/repositories/1/git/ref/heads/a%2Fb', says: 'stands' });
    const gone = await resourceOf('delete', `{"ref":"v1","ref_type":"tag",${repository}}`);
    expect(gone).toMatchObject({ path: '/repositories/1/git/ref/tags/v1', says: 'deleted' });
  });

  test('is found whatever its repository is called, and is never that of a name', async () => {
    const comment = `"comment":{"id":5,"updated_at":"2026-11-24T09:59:58Z"},"issue":{"number":2}`;
    const body = `{"action":"deleted",${comment},${repository}}`;
    expect(await resourceOf('issue_comment', body)).toMatchObject({
      path: '/repositories/1/issues/comments/5',
      says: 'deleted',
    });
    expect(await resourceOf('label', `{"action":"edited","label":{"id":3,"name":"bug"},${repository}}`)).toBe(
      undefined,
    );
    expect(
      await resourceOf('member', `{"action":"added","member":{"id":3,"login":"octocat"},${repository}}`),
    ).toBeUndefined();
  });

  test('is none where GitHub would say that there is nothing: a transferred issue, a draft, the fork of another', async () => {
    const issue = (action: string) =>
      resourceOf('issues', `{"action":"${action}","issue":{"id":4,"number":2},${repository}}`);
    expect((await issue('pinned'))?.path).toBe('/repositories/1/issues/2');
    expect(await issue('transferred')).toBeUndefined();
    const release = (draft: boolean) =>
      resourceOf('release', `{"action":"edited","release":{"id":6,"draft":${draft}},${repository}}`);
    expect((await release(false))?.path).toBe('/repositories/1/releases/6');
    expect(await release(true)).toBeUndefined();
    expect(await resourceOf('fork', `{"forkee":{"id":7},${repository}}`)).toBeUndefined();
  });

  test('of a team is that of its organization', async () => {
    const body = '{"action":"deleted","team":{"id":8},"organization":{"id":9}}';
    expect(await resourceOf('team', body)).toMatchObject({
      path: '/organizations/9/team/8',
      says: 'deleted',
    });
  });
});

test('that GitHub never sends again by itself is told, with what helps', () => {
  expect(github.delivery.retries).toBe('none');
  expect(github.delivery.withoutRetries).toMatch(/never.*Redeliver.*3 days/s);
});
