import type { EventShape, Provider, ResourceShape, TypeRule } from '../core/provider.ts';

const EVENT = '{header:x-event-key}';
const REPOSITORY = '{body:repository.uuid}';
const CHANGE = 'push.changes.0';

/** Data Center has another header for the request. */
const REQUEST = ['{header:x-request-uuid}', '{header:x-request-id}', '{digest}'] as const;

const ANY: EventShape = { id: REQUEST, type: [EVENT, 'event'] };

function state(key: string, subject: string): EventShape {
  const at = `{body:${key}.updated_on}`;
  return {
    ...ANY,
    when: [{ at }],
    subject,
    time: { at, unit: 'iso' },
    version: { at, unit: 'iso' },
  };
}

/** By UUIDs, which survive renames. Older payloads have the workspace as owner alone. */
function inRepository(path: string): readonly string[] {
  return ['workspace', 'owner'].map(
    (key) => `/repositories/{body:repository.${key}.uuid}/${REPOSITORY}/${path}`,
  );
}

/** The entities of events are those of the API. */
function fetched(shape: EventShape, paths: readonly string[], more: Partial<ResourceShape> = {}): EventShape {
  const version = shape.version && ({ at: '{body:updated_on}', unit: 'iso' } as const);
  const path = paths.flatMap(inRepository);
  return { ...shape, resource: { path, ids: 'encoded', ...(version && { version }), ...more } };
}

const PUSH: EventShape = {
  ...ANY,
  when: [{ at: EVENT, equals: 'repo:push' }],
  // One push can move several refs, and each is an event.
  id: REQUEST.map((id) => (id === '{digest}' ? id : `${id}/{digest}`)),
  subject: ['new', 'old'].map(
    (side) => `ref/${REPOSITORY}/{body:${CHANGE}.${side}.type}/{body:${CHANGE}.${side}.name}`,
  ),
};

/** A ref that is deleted has an old side alone. */
function ref(side: string, type: string, folder: string): EventShape {
  const shape = {
    ...PUSH,
    when: [...(PUSH.when ?? []), { at: `{body:${CHANGE}.${side}.type}`, equals: type }],
  };
  return fetched(shape, [`refs/${folder}/{body:${CHANGE}.${side}.name}`], {
    deletion: [{ at: `{body:${CHANGE}.new.name}`, is: 'absent' }],
  });
}

const ISSUE = fetched(state('issue', `issue/${REPOSITORY}/{body:issue.id}`), ['issues/{body:issue.id}']);

/** Not fetched: the status of a commit, whose place the event tells only as a URL. */
const shapes: readonly EventShape[] = [
  ...['new', 'old'].flatMap((side) => [ref(side, 'branch', 'branches'), ref(side, 'tag', 'tags')]),
  PUSH,
  // It can bring the comment with which it was made.
  { ...ISSUE, when: [{ at: EVENT, equals: 'issue:updated' }] },
  // What is commented on is there as well.
  fetched(
    state('comment', `comment/${REPOSITORY}/{body:comment.id}`),
    ['pullrequests/{body:pullrequest.id}', 'issues/{body:issue.id}', 'commit/{body:commit.hash}'].map(
      (place) => `${place}/comments/{body:comment.id}`,
    ),
    {
      deletion: [{ at: EVENT, equals: 'pullrequest:comment_deleted' }],
      deleted: [{ at: '{body:deleted}', equals: 'true' }],
    },
  ),
  state('commit_status', 'commit_status/{body:commit_status.links.self.href}'),
  fetched(state('pullrequest', `pullrequest/${REPOSITORY}/{body:pullrequest.id}`), [
    'pullrequests/{body:pullrequest.id}',
  ]),
  ISSUE,
  ANY,
];

/** What the body of an event holds, and what it never holds although another's that holds the same does. */
const HOLDS: Readonly<Record<string, readonly string[]>> = {
  'repo:push': ['push'],
  'repo:fork': ['fork'],
  'repo:updated': ['changes'],
  'repo:commit_comment_created': ['comment', 'commit'],
  'repo:commit_status_created': ['commit_status'],
  'repo:commit_status_updated': ['commit_status'],
  'issue:created': ['issue'],
  'issue:updated': ['issue', 'changes'],
  'issue:comment_created': ['issue', 'comment'],
  'pullrequest:created': ['pullrequest'],
  'pullrequest:updated': ['pullrequest'],
  'pullrequest:approved': ['pullrequest', 'approval'],
  'pullrequest:unapproved': ['pullrequest', 'approval'],
  'pullrequest:changes_request_created': ['pullrequest', 'changes_request'],
  'pullrequest:changes_request_removed': ['pullrequest', 'changes_request'],
  'pullrequest:fulfilled': ['pullrequest'],
  'pullrequest:rejected': ['pullrequest'],
  'pullrequest:comment_created': ['pullrequest', 'comment'],
  'pullrequest:comment_updated': ['pullrequest', 'comment'],
  'pullrequest:comment_deleted': ['pullrequest', 'comment'],
  'pullrequest:comment_resolved': ['pullrequest', 'comment'],
  'pullrequest:comment_reopened': ['pullrequest', 'comment'],
};

const LACKS: Readonly<Record<string, readonly string[]>> = {
  'repo:updated': ['issue'],
  'issue:created': ['changes', 'comment'],
  'issue:comment_created': ['changes'],
  ...Object.fromEntries(
    ['created', 'updated', 'fulfilled', 'rejected'].map((action) => [
      `pullrequest:${action}`,
      ['approval', 'changes_request', 'comment'],
    ]),
  ),
};

/** The state of a pull request tells how it ended. */
const ENDS: Readonly<Record<string, string>> = { fulfilled: 'MERGED', rejected: 'DECLINED', created: 'OPEN' };

const typeRules: readonly TypeRule[] = [
  ...Object.entries(HOLDS).flatMap(([equals, keys]) => keys.map((body) => ({ type: EVENT, equals, body }))),
  ...Object.entries(LACKS).flatMap(([equals, keys]) => keys.map((lacks) => ({ type: EVENT, equals, lacks }))),
  ...Object.entries(ENDS).map(([action, valueBegins]) => ({
    type: EVENT,
    begins: `pullrequest:${action}`,
    body: 'pullrequest.state',
    valueBegins,
  })),
];

/** Bitbucket Cloud, and Data Center where it signs. */
export const bitbucket: Provider = {
  name: 'bitbucket',
  title: 'Bitbucket',
  docs: [
    'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/',
    'https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/',
    'https://developer.atlassian.com/cloud/bitbucket/rest/intro/',
    'https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/',
    'https://confluence.atlassian.com/bbkb/troubleshoot-webhooks-1167729092.html',
  ],
  scheme: {
    kind: 'signature',
    // Named like GitHub's SHA-1, but the method is in the value: only sha256 is taken.
    families: [{ signature: { header: 'x-hub-signature', assign: '=' } }],
    signed: '{body}',
    versions: [{ label: 'sha256', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
  },
  split: ['push.changes.*'],
  events: shapes,
  // Neither the request's UUID nor the event's key is signed, and no time is.
  idCoverage: 'unsigned',
  repeatableTypes: ['diagnostics:ping'],
  signatureMark: '{digest}',
  typeRequires: typeRules,
  delivery: { timeoutMs: 10_000, retries: { spanSeconds: 3_600 }, maxBytes: 262_144 },
  api: {
    baseUrls: { cloud: 'https://api.bitbucket.org/2.0' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }, { kind: 'basic' }],
    // 1,000 an hour.
    rate: { perSecond: 0.25, burst: 50 },
  },
  setup: [
    'Repository settings → Webhooks → Add webhook: URL, and a random secret of at least 32 characters that you store here too. Without a secret Bitbucket signs nothing, and all of it is refused.',
    'Choose the triggers that you need. Turn on "Enable history" to see requests there.',
    'A push that moves several branches becomes one event for each. Payloads above 256 KB may never be sent.',
    'To reconcile, store an access token that may read repositories, pull requests and issues as api, or EMAIL:API_TOKEN with auth: "basic". What it may not see looks deleted: give it every repository that sends here.',
    'Data Center signs in the same way; its events have other names (pr:opened, repo:refs_changed), and nothing is fetched for them.',
  ],
  unverified: [
    'That the name of a branch may hold an encoded slash (feature%2Fdoor) is what other clients rely on, and is not documented.',
    'Whether X-Request-UUID stays the same over retries is only implied: where it does not, the copy is known as a repeat by its signature.',
    'No order of deliveries is promised: only updated_on orders states.',
    'Retries and time limit are not documented: two more attempts within minutes are assumed, and 10 seconds.',
  ],
};
