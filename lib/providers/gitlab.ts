import type { EventShape, Provider, ResourceShape } from '../core/provider.ts';
import { standardSender } from './standard-webhooks.ts';

const KIND = '{body:object_kind}';
const ATTRIBUTES = 'body:object_attributes';

/** With a signing token the id is signed. Older servers send no id at all: recursive webhooks share the UUID of their event. */
const ANY: EventShape = {
  id: [
    '{header:webhook-id}',
    '{header:idempotency-key}',
    '{header:x-gitlab-event-uuid}/{header:x-gitlab-webhook-uuid}/{digest}',
    '{digest}',
  ],
  // A custom template may leave the kind out, and system and group hooks have another name for it.
  type: [`${KIND}.{${ATTRIBUTES}.action}`, KIND, '{body:event_name}', '{header:x-gitlab-event}'],
};

/** A resource with a time that moves with every change. */
function state(kind: string, subject: string): EventShape {
  const at = `{${ATTRIBUTES}.updated_at}`;
  return {
    ...ANY,
    when: [{ at: KIND, equals: kind }],
    subject,
    time: { at, unit: 'iso' },
    version: { at, unit: 'iso' },
  };
}

/** Runs have no time of change, but one of their end. */
function run(kind: string, subject: string, type: string, ended: string): EventShape {
  return {
    ...ANY,
    when: [{ at: KIND, equals: kind }],
    type,
    subject,
    time: { at: `{body:${ended}}`, unit: 'iso' },
  };
}

function about(kind: string, subject: string): EventShape {
  return { ...ANY, when: [{ at: KIND, equals: kind }], subject };
}

const PROJECT = '/projects/{body:project.id}';

/**
 * No fetched state has a version: the API counts milliseconds where a hook counts seconds, so of two changes within one second the later
 * would seem to be older than what was fetched.
 */
function fetched(
  shape: EventShape,
  path: ResourceShape['path'],
  more: Partial<ResourceShape> = {},
): EventShape {
  return { ...shape, resource: { path, ids: 'digits', ...more } };
}

/** Where there is none any more, the new commit is of zeros only. */
function ref(kind: string, folder: string, beginning: string): EventShape {
  return fetched(
    about(kind, 'ref/{body:project_id}/{body:ref}'),
    `/projects/{body:project_id}/repository/${folder}/{body:ref#${beginning}}`,
    { ids: 'encoded', deletion: [{ at: '{body:after}', oneOf: ['0'.repeat(40), '0'.repeat(64)] }] },
  );
}

function notes(folder: string): string {
  return `/projects/{body:project_id}/${folder}/notes/{${ATTRIBUTES}.id}`;
}

/**
 * Not fetched, since they are read by a name that can change or come to stand for another: releases, wiki pages, feature flags. Nor are
 * work items that are no issues: the API of issues does not know each kind.
 */
const shapes: readonly EventShape[] = [
  fetched(
    state('merge_request', `merge_request/{body:project.id}/{${ATTRIBUTES}.iid}`),
    `${PROJECT}/merge_requests/{${ATTRIBUTES}.iid}`,
  ),
  fetched(
    state('issue', `issue/{body:project.id}/{${ATTRIBUTES}.iid}`),
    `${PROJECT}/issues/{${ATTRIBUTES}.iid}`,
  ),
  state('work_item', `issue/{body:project.id}/{${ATTRIBUTES}.iid}`),
  fetched(state('note', `note/{${ATTRIBUTES}.id}`), {
    by: `{${ATTRIBUTES}.noteable_type}`,
    of: {
      Issue: notes('issues/{body:issue.iid}'),
      MergeRequest: notes('merge_requests/{body:merge_request.iid}'),
      Snippet: notes('snippets/{body:snippet.id}'),
    },
  }),
  fetched(
    run(
      'pipeline',
      `pipeline/{${ATTRIBUTES}.id}`,
      `pipeline.{${ATTRIBUTES}.status}`,
      'object_attributes.finished_at',
    ),
    `${PROJECT}/pipelines/{${ATTRIBUTES}.id}`,
  ),
  fetched(
    run('build', 'job/{body:build_id}', 'build.{body:build_status}', 'build_finished_at'),
    '/projects/{body:project_id}/jobs/{body:build_id}',
  ),
  fetched(
    run('deployment', 'deployment/{body:deployment_id}', 'deployment.{body:status}', 'status_changed_at'),
    `${PROJECT}/deployments/{body:deployment_id}`,
  ),
  { ...about('release', 'release/{body:id}'), type: 'release.{body:action}' },
  ref('push', 'branches', 'refs/heads/'),
  ref('tag_push', 'tags', 'refs/tags/'),
  about('wiki_page', `wiki_page/{body:project.id}/{${ATTRIBUTES}.slug}`),
  about('feature_flag', `feature_flag/{body:project.id}/{${ATTRIBUTES}.id}`),
  ANY,
];

/**
 * Project, group and system hooks. The form of the configured secret decides: `whsec_…` is a signing token, any other text a secret
 * token. While a signing token is configured, a request that has a signature never falls back to the token beside it.
 */
export const gitlab: Provider = {
  name: 'gitlab',
  title: 'GitLab',
  docs: [
    'https://docs.gitlab.com/user/project/integrations/webhooks/',
    'https://docs.gitlab.com/user/project/integrations/webhook_events/',
    'https://docs.gitlab.com/api/rest/',
    'https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/',
    'https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944',
  ],
  // A signing token is Standard Webhooks, with a key of 32 bytes that always has its prefix.
  scheme: { kind: 'any', of: [standardSender('webhook'), { kind: 'token', header: 'x-gitlab-token' }] },
  events: shapes,
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 10_000,
    retries: 'none',
    withoutRetries:
      'Do not count on GitLab to send a failed delivery again. Resend it under Settings → Webhooks → Edit → Recent events, or through the API, within 2 days.',
    disabling:
      'After 4 failures in a row (a 4xx is one too) GitLab.com pauses a webhook, first for a minute and then for up to a day, after 40 for good; older servers stop at once after 4 answers with 4xx. A test that is answered with 2xx turns it on again.',
    maxBytes: 26_214_400,
  },
  api: {
    baseUrls: { saas: 'https://gitlab.com/api/v4' },
    auth: [{ kind: 'token', header: 'private-token' }],
    // What a server of one's own allows if the limit is turned on; GitLab.com gives 2,000 a minute.
    rate: { perSecond: 2, burst: 30 },
    rateLimit: { remaining: 'ratelimit-remaining', reset: { header: 'ratelimit-reset', unit: 's' } },
  },
  setup: [
    'Settings → Webhooks → Add new webhook. With a signing token (GitLab 19 and later) store it whole, with whsec_: it covers id, time and body.',
    'With a secret token store that text: it proves who sends, not what, so use it only over TLS. It must not begin with whsec_.',
    'Moving from one to the other: store ["whsec_…", "the secret token"], and take the token out when all webhooks sign.',
    'To reconcile, store an access token with read_api (personal, project or group) as api. What its user may not see looks deleted: give it every project, and confidential issues (Reporter or above).',
    'Self-managed: api.baseUrl is https://HOST/api/v4.',
    'A custom webhook template should keep object_kind, project and object_attributes: type and resource are read from them.',
  ],
  unverified: [
    'GitLab names no tolerance for the signed time: that of Standard Webhooks is kept.',
    'Whether GitLab sends failed deliveries again is not documented: nothing is counted on.',
    'Comments on a work item that the API of issues does not know (an objective) would look deleted when they are fetched.',
    'No order of deliveries is promised: only a time that moves with every change orders states, and it counts in seconds.',
  ],
};
