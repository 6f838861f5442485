import type { EventShape, Provider, TypeRule } from '../core/provider.ts';

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

const shapes: readonly EventShape[] = [
  {
    ...ANY,
    when: [{ at: EVENT, equals: 'repo:push' }],
    // One push can move several refs, and each is an event.
    id: REQUEST.map((id) => (id === '{digest}' ? id : `${id}/{digest}`)),
    subject: ['new', 'old'].map(
      (side) => `ref/${REPOSITORY}/{body:${CHANGE}.${side}.type}/{body:${CHANGE}.${side}.name}`,
    ),
  },
  // It can bring the comment with which it was made.
  {
    ...state('issue', `issue/${REPOSITORY}/{body:issue.id}`),
    when: [{ at: EVENT, equals: 'issue:updated' }],
  },
  // What is commented on is there as well.
  state('comment', `comment/${REPOSITORY}/{body:comment.id}`),
  state('commit_status', 'commit_status/{body:commit_status.links.self.href}'),
  state('pullrequest', `pullrequest/${REPOSITORY}/{body:pullrequest.id}`),
  state('issue', `issue/${REPOSITORY}/{body:issue.id}`),
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
  setup: [
    'Repository settings → Webhooks → Add webhook: URL, and a random secret of at least 32 characters that you store here too. Without a secret Bitbucket signs nothing, and all of it is refused.',
    'Choose the triggers that you need. Turn on "Enable history" to see requests there.',
    'A push that moves several branches becomes one event for each. Payloads above 256 KB may never be sent.',
    'Data Center signs in the same way; its events have other names (pr:opened, repo:refs_changed).',
  ],
  unverified: [
    'Whether X-Request-UUID stays the same over retries is only implied: where it does not, the copy is known as a repeat by its signature.',
    'No order of deliveries is promised: only updated_on orders states.',
    'Retries and time limit are not documented: two more attempts within minutes are assumed, and 10 seconds.',
  ],
};
