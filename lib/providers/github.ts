import type { EventShape, Provider } from '../core/provider.ts';
import { githubTypeRules } from './github-type-rules.ts';

const EVENT = '{header:x-github-event}';

/** The name is not signed: one with a dot in it would be a whole type, past every rule about its event. */
const ANY: EventShape = {
  when: [{ at: EVENT, is: 'word' }],
  id: '{header:x-github-delivery}',
  type: [`${EVENT}.{body:action}`, EVENT],
};

/** The resource of an event, by an id that survives renames, and the path of its time. */
function resource(event: string, subject: string | readonly string[], at?: string): EventShape {
  return {
    ...ANY,
    when: [{ at: EVENT, equals: event }],
    subject,
    ...(at === undefined ? {} : { time: { at: `{body:${at}}`, unit: 'iso' } }),
  };
}

/** The same for a resource whose time moves with every change, and so orders its states. */
function state(event: string, subject: string, at: string): EventShape {
  return { ...resource(event, subject, at), version: { at: `{body:${at}}`, unit: 'iso' } };
}

/** Most events: the event's name is the key of its resource too. */
function ownState(event: string): EventShape {
  return state(event, `${event}/{body:${event}.id}`, `${event}.updated_at`);
}

/** While it runs, a check has no time but that of its start. */
function run(event: string): readonly EventShape[] {
  const subject = `${event}/{body:${event}.id}`;
  const completed = resource(event, subject, `${event}.completed_at`);
  return [
    {
      ...completed,
      when: [
        { at: EVENT, equals: event },
        { at: '{body:action}', equals: 'completed' },
      ],
    },
    resource(event, subject, `${event}.started_at`),
  ];
}

/** `create` and `delete` name a branch or tag without what `push` puts before it. */
function ref(event: string, kind: string, folder: string): EventShape {
  return {
    ...resource(event, `ref/{body:repository.id}/${folder}/{body:ref}`),
    when: [
      { at: EVENT, equals: event },
      { at: '{body:ref_type}', equals: kind },
    ],
  };
}

const ALERT = '{body:repository.id}/{body:alert.number}';

const shapes: readonly EventShape[] = [
  ...[
    'pull_request',
    'check_suite',
    'deployment',
    'deployment_status',
    'discussion',
    'milestone',
    'package',
  ].map(ownState),
  ...['registry_package', 'repository', 'workflow_run', 'projects_v2', 'projects_v2_item'].map(ownState),
  state('issues', 'issue/{body:issue.id}', 'issue.updated_at'),
  state('issue_comment', 'issue_comment/{body:comment.id}', 'comment.updated_at'),
  state('commit_comment', 'commit_comment/{body:comment.id}', 'comment.updated_at'),
  state('discussion_comment', 'discussion_comment/{body:comment.id}', 'comment.updated_at'),
  state('pull_request_review_comment', 'pull_request_review_comment/{body:comment.id}', 'comment.updated_at'),
  state('branch_protection_rule', 'branch_protection_rule/{body:rule.id}', 'rule.updated_at'),
  state('code_scanning_alert', `code_scanning_alert/${ALERT}`, 'alert.updated_at'),
  state('dependabot_alert', `dependabot_alert/${ALERT}`, 'alert.updated_at'),
  state('secret_scanning_alert', `secret_scanning_alert/${ALERT}`, 'alert.updated_at'),
  state(
    'security_advisory',
    'security_advisory/{body:security_advisory.ghsa_id}',
    'security_advisory.updated_at',
  ),
  // A commit has one status per context; each is a new object that takes the place of the one before.
  state('status', 'status/{body:repository.id}/{body:sha}/{body:context}', 'updated_at'),
  ...run('check_run'),
  ...run('workflow_job'),
  // Their times do not move with every change, so they cannot order it.
  resource('pull_request_review', 'pull_request_review/{body:review.id}', 'review.submitted_at'),
  resource('pull_request_review_thread', 'pull_request_review_thread/{body:thread.node_id}'),
  resource('release', 'release/{body:release.id}', 'release.published_at'),
  // The push's time; the commits' times are the author's word. `before` and `after` say what came after what.
  {
    ...resource('push', 'ref/{body:repository.id}/{body:ref}'),
    time: { at: '{body:repository.pushed_at}', unit: 's' },
  },
  ref('create', 'branch', 'refs/heads'),
  ref('create', 'tag', 'refs/tags'),
  ref('delete', 'branch', 'refs/heads'),
  ref('delete', 'tag', 'refs/tags'),
  resource('fork', 'repository/{body:forkee.id}', 'forkee.created_at'),
  resource('star', 'star/{body:repository.id}/{body:sender.id}', 'starred_at'),
  resource('label', 'label/{body:label.id}'),
  resource('deploy_key', 'deploy_key/{body:key.id}', 'key.created_at'),
  resource('member', 'member/{body:repository.id}/{body:member.id}'),
  resource('membership', 'membership/{body:team.id}/{body:member.id}'),
  resource('organization', [
    'organization_member/{body:organization.id}/{body:membership.user.id}',
    'organization/{body:organization.id}',
  ]),
  resource('team', 'team/{body:team.id}'),
  resource('team_add', 'team/{body:team.id}'),
  resource('installation', 'installation/{body:installation.id}', 'installation.updated_at'),
  resource('installation_repositories', 'installation/{body:installation.id}'),
  resource('page_build', 'page_build/{body:id}', 'build.updated_at'),
  resource('meta', 'hook/{body:hook_id}', 'hook.updated_at'),
  resource('ping', 'hook/{body:hook_id}', 'hook.updated_at'),
  ANY,
];

/**
 * Webhooks of repositories, organizations, enterprises, Apps and the Marketplace, as JSON or as form.
 * `repository.pushed_at` is a number in pushes and a text elsewhere (in @octokit/webhooks-examples), `installation.updated_at` a number in
 * older deliveries and a text in newer ones: they date those events, and order none.
 */
export const github: Provider = {
  name: 'github',
  title: 'GitHub',
  docs: [
    'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
    'https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks',
    'https://docs.github.com/en/webhooks/webhook-events-and-payloads',
  ],
  scheme: {
    kind: 'signature',
    // The SHA-1 in x-hub-signature is a relic that GitHub may send too. It is never looked at.
    families: [{ signature: { header: 'x-hub-signature-256', assign: '=' } }],
    signed: '{body}',
    versions: [{ label: 'sha256', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
  },
  document: { formField: 'payload' },
  events: shapes,
  // Neither the delivery's GUID nor the event's name is signed, and no time is.
  idCoverage: 'unsigned',
  repeatableTypes: [
    'check_run.requested_action',
    'check_run.rerequested',
    'github_app_authorization.revoked',
    'installation_repositories.*',
    'label.edited',
    'member.added',
    'member.edited',
    'member.removed',
    'membership.added',
    'membership.removed',
    'org_block.*',
    'organization.member_added',
    'organization.member_removed',
    'ping',
    'repository_dispatch.*',
    'star.deleted',
    'team.added_to_repository',
    'team.removed_from_repository',
    'team_add',
    'watch.started',
    'workflow_dispatch',
  ],
  // The name and the GUID can be changed, the signature not: each body has one, and is that of one event.
  signatureMark: '{digest}',
  typeRequires: githubTypeRules,
  // Of one event's copies only an App's names the installation.
  volatile: ['installation'],
  delivery: {
    timeoutMs: 10_000,
    retries: 'none',
    withoutRetries:
      'GitHub never sends a failed delivery again by itself. Redeliver it under Settings → Webhooks → Recent Deliveries, or through the API, within 3 days (GitHub Enterprise Server: 7).',
    maxBytes: 26_214_400,
  },
  setup: [
    'Make up a random secret of at least 32 characters, store it here, and enter the same text at GitHub. Without a secret GitHub signs nothing, and all of it is refused.',
    'Repository or organization: Settings → Webhooks → Add webhook → Payload URL. App: Settings → Developer settings → GitHub Apps → your app → Webhook.',
    'Choose content type application/json: form, the default, is read too, but grows by a third on its way through API Gateway.',
    'Copies that several hooks send of one event (an organization and its repository) share one id: give each hook a source of its own.',
  ],
  unverified: [
    'No promise of an order was found: only a time that moves with every change of a resource orders its states.',
    'Which events rightly come twice with the same bytes is not documented: those that may have nothing in them that would change.',
  ],
};
