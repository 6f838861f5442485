import type { EventShape, Provider } from '../core/provider.ts';
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

const shapes: readonly EventShape[] = [
  state('merge_request', `merge_request/{body:project.id}/{${ATTRIBUTES}.iid}`),
  state('issue', `issue/{body:project.id}/{${ATTRIBUTES}.iid}`),
  state('work_item', `issue/{body:project.id}/{${ATTRIBUTES}.iid}`),
  state('note', `note/{${ATTRIBUTES}.id}`),
  run(
    'pipeline',
    `pipeline/{${ATTRIBUTES}.id}`,
    `pipeline.{${ATTRIBUTES}.status}`,
    'object_attributes.finished_at',
  ),
  run('build', 'job/{body:build_id}', 'build.{body:build_status}', 'build_finished_at'),
  run('deployment', 'deployment/{body:deployment_id}', 'deployment.{body:status}', 'status_changed_at'),
  { ...about('release', 'release/{body:id}'), type: 'release.{body:action}' },
  about('push', 'ref/{body:project_id}/{body:ref}'),
  about('tag_push', 'ref/{body:project_id}/{body:ref}'),
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
  setup: [
    'Settings → Webhooks → Add new webhook. With a signing token (GitLab 19 and later) store it whole, with whsec_: it covers id, time and body.',
    'With a secret token store that text: it proves who sends, not what, so use it only over TLS. It must not begin with whsec_.',
    'Moving from one to the other: store ["whsec_…", "the secret token"], and take the token out when all webhooks sign.',
    'A custom webhook template should keep object_kind, project and object_attributes: type and resource are read from them.',
  ],
  unverified: [
    'GitLab names no tolerance for the signed time: that of Standard Webhooks is kept.',
    'Whether GitLab sends failed deliveries again is not documented: nothing is counted on.',
    'No order of deliveries is promised: only a time that moves with every change orders states, and it counts in seconds.',
  ],
};
