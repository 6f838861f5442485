import type { EventShape, Provider } from '../core/provider.ts';
import { standardSender } from './standard-webhooks.ts';
import { svix } from './svix.ts';

/** Where objects are read. Memberships, domains, e-mails, texts and what is of billing have no address of their own. */
const PATHS: Readonly<Record<string, string>> = {
  user: '/users/{body:data.id}',
  organization: '/organizations/{body:data.id}',
  organization_invitation: '/organizations/{body:data.organization_id}/invitations/{body:data.id}',
  session: '/sessions/{body:data.id}',
  role: '/organization_roles/{body:data.id}',
  permission: '/organization_permissions/{body:data.id}',
};

const ANY: EventShape = {
  id: '{header:svix-id}',
  type: '{body:type}',
  subject: '{body:data.object}/{body:data.id}',
  time: { at: '{body:timestamp}', unit: 'ms' },
  resource: {
    path: { by: '{body:data.object}', of: PATHS },
    version: { at: '{body:updated_at}', unit: 'ms' },
    deletion: [{ at: '{body:data.deleted}', equals: 'true' }],
  },
};

/** Sends by Svix, under its headers. A deletion has no time of its object, but comes after all of its changes. */
export const clerk: Provider = {
  name: 'clerk',
  title: 'Clerk',
  docs: [
    'https://clerk.com/docs/guides/development/webhooks/overview',
    'https://clerk.com/docs/guides/development/webhooks/syncing',
    'https://clerk.com/docs/reference/backend/verify-webhook',
    'https://clerk.com/docs/guides/how-clerk-works/system-limits',
    'https://github.com/clerk/openapi-specs',
  ],
  scheme: standardSender('svix'),
  events: [
    {
      ...ANY,
      when: [{ at: '{body:data.updated_at}' }],
      version: { at: '{body:data.updated_at}', unit: 'ms' },
    },
    { ...ANY, version: { at: '{body:timestamp}', unit: 'ms' } },
  ],
  idCoverage: 'signed',
  delivery: svix.delivery,
  api: {
    baseUrls: { live: 'https://api.clerk.com/v1' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    // 100 in 10 seconds for a development instance, ten times that for production.
    rate: { perSecond: 5, burst: 50 },
  },
  setup: [
    'Clerk Dashboard → Configure → Webhooks → Add Endpoint, with the events that you need. Store its signing secret whole, with whsec_.',
    'Development and production instances have endpoints, and so secrets, of their own: several on one source are a list.',
    'Failed messages are sent again for about 28 hours; any message can be sent again from the endpoint’s page.',
    'To reconcile, store the Secret key (sk_live_…, sk_test_…) of the instance, from Configure → API keys. Users, organizations and their invitations, sessions, roles and permissions are read; memberships, domains, e-mails, texts and billing have no address of their own.',
  ],
  unverified: [
    'That `timestamp` is the time of the event, not of an attempt: of a deletion it stands for the time of its object.',
    'How long Clerk waits for an answer, and how long it sends again: what Svix does by default.',
  ],
};
