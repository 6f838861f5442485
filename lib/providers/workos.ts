import type { Provider } from '../core/provider.ts';

/**
 * Where objects are read. Not so invitations, password resets, e-mail verifications and magic links: the API gives their token or code,
 * which their events hold back.
 */
const PATHS: Readonly<Record<string, string>> = {
  user: '/user_management/users/{body:data.id}',
  organization: '/organizations/{body:data.id}',
  organization_domain: '/organization_domains/{body:data.id}',
  organization_membership: '/user_management/organization_memberships/{body:data.id}',
  group: '/organizations/{body:data.organization_id}/groups/{body:data.id}',
  connection: '/connections/{body:data.id}',
  directory: '/directories/{body:data.id}',
  directory_user: '/directory_users/{body:data.id}',
  directory_group: '/directory_groups/{body:data.id}',
};

/** What deletes them. */
const DELETIONS = [
  'user.deleted',
  'organization.deleted',
  'organization_domain.deleted',
  'organization_membership.deleted',
  'group.deleted',
  'connection.deleted',
  'dsync.deleted',
  'dsync.user.deleted',
  'dsync.group.deleted',
] as const;

/**
 * Webhooks of events. Each carries the full object that it is about, so `updated_at` orders its states, as WorkOS recommends; events of
 * two objects, or of a sign-in, are about none. WorkOS's library signs a body that it has written anew, and reads no time of the future.
 */
export const workos: Provider = {
  name: 'workos',
  title: 'WorkOS',
  docs: [
    'https://workos.com/docs/events/data-syncing/webhooks',
    'https://workos.com/docs/events/data-syncing/data-reconciliation',
    'https://workos.com/docs/events',
    'https://workos.com/docs/reference/rate-limits',
  ],
  scheme: {
    kind: 'signature',
    families: [
      { signature: { header: 'workos-signature', separator: ', ', assign: '=' }, timestamp: { label: 't' } },
    ],
    signed: '{timestamp}.{body}',
    versions: [{ label: 'v1', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    timestamp: { unit: 'ms', toleranceSeconds: 180 },
  },
  events: [
    {
      id: '{body:id}',
      type: '{body:event}',
      subject: '{body:data.object}/{body:data.id}',
      time: { at: '{body:created_at}', unit: 'iso' },
      version: { at: '{body:data.updated_at}', unit: 'iso' },
      resource: {
        path: { by: '{body:data.object}', of: PATHS },
        version: { at: '{body:updated_at}', unit: 'iso' },
        deletion: [{ at: '{body:event}', oneOf: DELETIONS }],
      },
    },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 259_200 }, clientErrors: 'retried' },
  api: {
    baseUrls: { live: 'https://api.workos.com' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    // Of a directory's users 4 a second; of all else many more.
    rate: { perSecond: 4, burst: 4 },
  },
  setup: [
    'WorkOS Dashboard → Webhooks → Create webhook, with the events that you need. Then store its signing secret, whole.',
    'Each webhook, and each environment, has a secret of its own: several on one source are a list.',
    'Production events are retried up to 12 times in 3 days, those of other environments for some minutes. Later, resend them in the dashboard, or read them from GET /events.',
    'To reconcile, store an API key (sk_…) of the environment. Invitations, password resets, e-mail verifications and magic links are not read: the API gives their token or code.',
  ],
  unverified: [
    'How long WorkOS waits for an answer: 5 seconds.',
    'Whether a retry is signed with a new time: that its library refuses what is older than 3 minutes says so.',
    'Whether an old secret still signs while it is changed: keep both in the list for a day.',
  ],
};
