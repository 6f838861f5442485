import type { TypeRule } from '../core/provider.ts';

const EVENT = '{header:x-github-event}';

/** What the body of an event holds, whatever its action (the keys that https://github.com/octokit/openapi-webhooks requires of each). */
const HOLDS: Readonly<Record<string, readonly string[]>> = {
  branch_protection_rule: ['rule'],
  check_run: ['check_run'],
  check_suite: ['check_suite'],
  code_scanning_alert: ['alert'],
  commit_comment: ['comment'],
  create: ['ref_type', 'master_branch'],
  custom_property: ['definition'],
  custom_property_values: ['new_property_values', 'old_property_values'],
  delete: ['ref_type'],
  dependabot_alert: ['alert.dependency'],
  deploy_key: ['key'],
  deployment: ['deployment'],
  deployment_review: ['workflow_run', 'since'],
  deployment_status: ['deployment_status'],
  discussion: ['discussion'],
  discussion_comment: ['discussion', 'comment'],
  fork: ['forkee'],
  github_app_authorization: ['action'],
  gollum: ['pages'],
  // Every delivery of an App names its installation, but not the App.
  installation: ['installation.app_id'],
  installation_repositories: ['repositories_added', 'repositories_removed'],
  installation_target: ['account', 'target_type'],
  issue_dependencies: ['blocked_issue', 'blocking_issue'],
  issue_comment: ['issue', 'comment'],
  issues: ['issue'],
  label: ['label'],
  marketplace_purchase: ['marketplace_purchase'],
  member: ['member'],
  membership: ['member', 'team'],
  merge_group: ['merge_group'],
  meta: ['hook_id', 'hook'],
  milestone: ['milestone'],
  org_block: ['blocked_user'],
  organization: ['organization', 'action'],
  package: ['package'],
  page_build: ['build'],
  personal_access_token_request: ['personal_access_token_request'],
  ping: ['zen', 'hook_id'],
  project: ['project'],
  project_card: ['project_card'],
  project_column: ['project_column'],
  projects_v2: ['projects_v2'],
  projects_v2_item: ['projects_v2_item'],
  projects_v2_status_update: ['projects_v2_status_update'],
  public: ['repository'],
  pull_request: ['pull_request', 'number'],
  pull_request_review: ['pull_request', 'review'],
  pull_request_review_comment: ['pull_request', 'comment'],
  pull_request_review_thread: ['pull_request', 'thread'],
  push: ['ref', 'before', 'after', 'commits'],
  registry_package: ['registry_package'],
  release: ['release'],
  repository: ['action'],
  repository_advisory: ['repository_advisory'],
  repository_dispatch: ['client_payload'],
  repository_import: ['status'],
  repository_ruleset: ['repository_ruleset'],
  repository_vulnerability_alert: ['alert.affected_package_name'],
  secret_scanning_alert: ['alert.secret_type'],
  secret_scanning_alert_location: ['alert', 'location'],
  secret_scanning_scan: ['source', 'started_at', 'completed_at'],
  security_advisory: ['security_advisory'],
  security_and_analysis: ['changes', 'repository'],
  sponsorship: ['sponsorship'],
  star: ['starred_at'],
  status: ['sha', 'context'],
  sub_issues: ['parent_issue', 'sub_issue'],
  team: ['team', 'action'],
  team_add: ['team'],
  watch: ['repository', 'action'],
  workflow_dispatch: ['inputs', 'workflow'],
  workflow_job: ['workflow_job'],
  workflow_run: ['workflow_run'],
};

/** What the events of other resources are about. */
const RESOURCES = [
  ...['alert', 'branch', 'check_run', 'check_suite', 'comment', 'definition', 'deployment', 'discussion'],
  ...['hook', 'issue', 'key', 'label', 'merge_group', 'milestone', 'package', 'project', 'project_card'],
  ...['project_column', 'pull_request', 'registry_package', 'release', 'repository_advisory'],
  ...['repository_ruleset', 'rule', 'since', 'sponsorship', 'starred_at', 'sub_issue', 'team', 'workflow'],
  'workflow_job',
];

/** What the body of an event never holds, although those of others that hold all the above do. */
const LACKS: Readonly<Record<string, readonly string[]>> = {
  check_run: ['deployment_status'],
  code_scanning_alert: ['alert.dependency', 'alert.secret_type'],
  commit_comment: ['discussion', 'issue', 'pull_request'],
  create: ['client_payload'],
  delete: ['master_branch'],
  deployment: ['deployment_status', 'workflow_job'],
  deployment_protection_rule: ['check_run', 'check_suite', 'since', 'workflow_run'],
  discussion: ['comment'],
  installation: ['repositories_added'],
  issues: ['comment'],
  label: ['discussion', 'issue', 'pull_request'],
  member: ['team'],
  meta: ['zen'],
  milestone: ['issue', 'pull_request'],
  // Nearly every event has one.
  organization: [
    ...RESOURCES,
    'blocked_user',
    'installation.app_id',
    'member',
    'projects_v2',
    'projects_v2_item',
  ],
  public: ['action', 'build', 'context', 'forkee', 'pages', 'ref', 'status', 'team', 'zen'],
  // Nearly every event has one.
  repository: [
    ...RESOURCES,
    'blocked_user',
    'installation.app_id',
    'member',
    'projects_v2',
    'projects_v2_item',
  ],
  repository_import: ['action'],
  security_and_analysis: ['action'],
  team: ['member'],
  team_add: ['action'],
  workflow_run: ['deployment', 'deployment_status', 'since'],
};

/**
 * A captured body must not come again under another event's name: that is in a header, and not signed. Of all payloads of
 * @octokit/webhooks-examples, only those about an organization and about a repository can pass for each other: which of the two an
 * event is about its body does not say. GitHub's mark catches those, and what is captured of events to come: the same signature under
 * another name is refused, once its own event is known.
 */
export const githubTypeRules: readonly TypeRule[] = [
  ...Object.entries(HOLDS).flatMap(([equals, keys]) => keys.map((body) => ({ type: EVENT, equals, body }))),
  ...Object.entries(LACKS).flatMap(([equals, keys]) => keys.map((lacks) => ({ type: EVENT, equals, lacks }))),
  // Those whose one action nothing else has.
  { type: EVENT, begins: 'watch', body: 'action', valueBegins: 'started' },
  { type: EVENT, begins: 'github_app_authorization', body: 'action', valueBegins: 'revoked' },
];
