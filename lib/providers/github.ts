import type { Provider } from '../core/provider.ts';
import { githubEvents } from './github-events.ts';
import { githubTypeRules } from './github-type-rules.ts';

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
    'https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api',
  ],
  scheme: {
    kind: 'signature',
    // The SHA-1 in x-hub-signature is a relic that GitHub may send too. It is never looked at.
    families: [{ signature: { header: 'x-hub-signature-256', assign: '=' } }],
    signed: '{body}',
    versions: [{ label: 'sha256', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
  },
  document: { formField: 'payload' },
  events: githubEvents,
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
  api: {
    baseUrls: { cloud: 'https://api.github.com' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }, { kind: 'github-app' }],
    headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    // 5,000 an hour at least.
    rate: { perSecond: 1, burst: 60 },
    rateLimit: { remaining: 'x-ratelimit-remaining', reset: { header: 'x-ratelimit-reset', unit: 's' } },
  },
  setup: [
    'Make up a random secret of at least 32 characters, store it here, and enter the same text at GitHub. Without a secret GitHub signs nothing, and all of it is refused.',
    'Repository or organization: Settings → Webhooks → Add webhook → Payload URL. App: Settings → Developer settings → GitHub Apps → your app → Webhook.',
    'Choose content type application/json: form, the default, is read too, but grows by a third on its way through API Gateway.',
    'To reconcile, store a token (fine-grained, read-only) as api, or the JSON of an App with auth: "github-app". Give it every repository and permission that the events need: what it may not see looks deleted.',
    'GitHub Enterprise Server: api.baseUrl is https://HOST/api/v3; with data residency https://api.SUBDOMAIN.ghe.com.',
    'Copies that several hooks send of one event (an organization and its repository) share one id: give each hook a source of its own.',
  ],
  unverified: [
    "Paths by a repository's id are not in the reference of the API, only in the Link headers that it shows; GitHub's support has vouched for them. A path by names could come to be another repository's.",
    'No promise of an order was found: only a time that moves with every change of a resource orders its states.',
    'Which events rightly come twice with the same bytes is not documented: those that may have nothing in them that would change.',
  ],
};
