import type { EventShape, ResourceShape } from '../core/provider.ts';

const EVENT = '{header:x-github-event}';
const ACTION = '{body:action}';

/** The name is not signed: one with a dot in it would be a whole type, past every rule about its event. */
const ANY: EventShape = {
  when: [{ at: EVENT, is: 'word' }],
  id: '{header:x-github-delivery}',
  type: [`${EVENT}.${ACTION}`, EVENT],
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

/** A name may come to stand for another repository. */
const REPOSITORY = '/repositories/{body:repository.id}';

/** The API has the same time as the event, where that orders states. */
function fetched(
  shape: EventShape,
  path: string | readonly string[],
  more: Partial<ResourceShape> = {},
): EventShape {
  const version = shape.version && ({ at: '{body:updated_at}', unit: 'iso' } as const);
  return { ...shape, resource: { path, ids: 'digits', ...(version && { version }), ...more } };
}

function inRepository(shape: EventShape, path: string, more?: Partial<ResourceShape>): EventShape {
  return fetched(shape, REPOSITORY + path, more);
}

const DELETED: Partial<ResourceShape> = { deletion: [{ at: ACTION, equals: 'deleted' }] };

function when(shape: EventShape, at: string, equals: string): EventShape {
  return { ...shape, when: [...(shape.when ?? []), { at, equals }] };
}

const ISSUE = state('issues', 'issue/{body:issue.id}', 'issue.updated_at');
const RELEASE = resource('release', 'release/{body:release.id}', 'release.published_at');

/** While it runs, a check has no time but that of its start. */
function run(event: string, path: string): readonly EventShape[] {
  const subject = `${event}/{body:${event}.id}`;
  const at = `${path}/{body:${event}.id}`;
  return [
    inRepository(when(resource(event, subject, `${event}.completed_at`), ACTION, 'completed'), at),
    inRepository(resource(event, subject, `${event}.started_at`), at),
  ];
}

const GIT_REF = `${REPOSITORY}/git/ref`;

/** `create` and `delete` name a branch or tag without what `push` puts before it. */
function ref(event: string, kind: string, folder: string): EventShape {
  const shape = when(
    resource(event, `ref/{body:repository.id}/refs/${folder}/{body:ref}`),
    '{body:ref_type}',
    kind,
  );
  return fetched(shape, `${GIT_REF}/${folder}/{body:ref}`, {
    ids: 'encoded',
    ...(event === 'delete' ? { deletion: [{ at: EVENT, equals: event }] } : {}),
  });
}

function alert(kind: string, folder: string): EventShape {
  const event = `${kind}_alert`;
  const shape = state(event, `${event}/{body:repository.id}/{body:alert.number}`, 'alert.updated_at');
  return inRepository(shape, `/${folder}/alerts/{body:alert.number}`);
}

const TEAM = '/organizations/{body:organization.id}/team/{body:team.id}';

/**
 * Not fetched, since it is read by a name that can change and come to stand for another: labels, members, memberships, protection rules;
 * since it is read by the App alone or through GraphQL: installations, discussions, review threads; since it is somebody else's: forks.
 */
export const githubEvents: readonly EventShape[] = [
  inRepository(ownState('pull_request'), '/pulls/{body:pull_request.number}'),
  inRepository(ownState('check_suite'), '/check-suites/{body:check_suite.id}'),
  inRepository(ownState('deployment'), '/deployments/{body:deployment.id}'),
  inRepository(
    ownState('deployment_status'),
    '/deployments/{body:deployment.id}/statuses/{body:deployment_status.id}',
  ),
  inRepository(ownState('milestone'), '/milestones/{body:milestone.number}', DELETED),
  inRepository(ownState('repository'), '', DELETED),
  inRepository(ownState('workflow_run'), '/actions/runs/{body:workflow_run.id}'),
  ...['discussion', 'package', 'registry_package', 'projects_v2', 'projects_v2_item'].map(ownState),
  // What is at the old place by now is a redirect to another issue, with another id.
  when(ISSUE, ACTION, 'transferred'),
  inRepository(ISSUE, '/issues/{body:issue.number}', DELETED),
  inRepository(
    state('issue_comment', 'issue_comment/{body:comment.id}', 'comment.updated_at'),
    '/issues/comments/{body:comment.id}',
    DELETED,
  ),
  inRepository(
    state('commit_comment', 'commit_comment/{body:comment.id}', 'comment.updated_at'),
    '/comments/{body:comment.id}',
  ),
  state('discussion_comment', 'discussion_comment/{body:comment.id}', 'comment.updated_at'),
  inRepository(
    state(
      'pull_request_review_comment',
      'pull_request_review_comment/{body:comment.id}',
      'comment.updated_at',
    ),
    '/pulls/comments/{body:comment.id}',
    DELETED,
  ),
  state('branch_protection_rule', 'branch_protection_rule/{body:rule.id}', 'rule.updated_at'),
  alert('code_scanning', 'code-scanning'),
  alert('dependabot', 'dependabot'),
  alert('secret_scanning', 'secret-scanning'),
  fetched(
    state(
      'security_advisory',
      'security_advisory/{body:security_advisory.ghsa_id}',
      'security_advisory.updated_at',
    ),
    '/advisories/{body:security_advisory.ghsa_id}',
    { ids: 'word' },
  ),
  // A commit has one status per context; each is a new object that takes the place of the one before.
  state('status', 'status/{body:repository.id}/{body:sha}/{body:context}', 'updated_at'),
  ...run('check_run', '/check-runs'),
  ...run('workflow_job', '/actions/jobs'),
  // Their times do not move with every change, so they cannot order it.
  inRepository(
    resource('pull_request_review', 'pull_request_review/{body:review.id}', 'review.submitted_at'),
    '/pulls/{body:pull_request.number}/reviews/{body:review.id}',
  ),
  resource('pull_request_review_thread', 'pull_request_review_thread/{body:thread.node_id}'),
  // Who may only read is told that there is no such release.
  when(RELEASE, '{body:release.draft}', 'true'),
  inRepository(RELEASE, '/releases/{body:release.id}', DELETED),
  // The push's time; the commits' times are the author's word. `before` and `after` say what came after what.
  fetched(
    {
      ...resource('push', 'ref/{body:repository.id}/{body:ref}'),
      time: { at: '{body:repository.pushed_at}', unit: 's' },
    },
    [`${GIT_REF}/heads/{body:ref#refs/heads/}`, `${GIT_REF}/tags/{body:ref#refs/tags/}`],
    { ids: 'encoded', deletion: [{ at: '{body:deleted}', equals: 'true' }] },
  ),
  ref('create', 'branch', 'heads'),
  ref('create', 'tag', 'tags'),
  ref('delete', 'branch', 'heads'),
  ref('delete', 'tag', 'tags'),
  resource('fork', 'repository/{body:forkee.id}', 'forkee.created_at'),
  resource('star', 'star/{body:repository.id}/{body:sender.id}', 'starred_at'),
  resource('label', 'label/{body:label.id}'),
  inRepository(
    resource('deploy_key', 'deploy_key/{body:key.id}', 'key.created_at'),
    '/keys/{body:key.id}',
    DELETED,
  ),
  resource('member', 'member/{body:repository.id}/{body:member.id}'),
  resource('membership', 'membership/{body:team.id}/{body:member.id}'),
  resource('organization', [
    'organization_member/{body:organization.id}/{body:membership.user.id}',
    'organization/{body:organization.id}',
  ]),
  fetched(resource('team', 'team/{body:team.id}'), TEAM, DELETED),
  fetched(resource('team_add', 'team/{body:team.id}'), TEAM),
  resource('installation', 'installation/{body:installation.id}', 'installation.updated_at'),
  resource('installation_repositories', 'installation/{body:installation.id}'),
  resource('page_build', 'page_build/{body:id}', 'build.updated_at'),
  resource('meta', 'hook/{body:hook_id}', 'hook.updated_at'),
  resource('ping', 'hook/{body:hook_id}', 'hook.updated_at'),
  ANY,
];
