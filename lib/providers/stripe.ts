import type { EventShape, Provider, ResourceShape } from '../core/provider.ts';
import { STRIPE_DELETIONS, stripePaths } from './stripe-resources.ts';

const SNAPSHOT: EventShape & Required<Pick<EventShape, 'when'>> = {
  when: [{ at: '{body:object}', equals: 'event' }],
  id: ['{body:account}/{body:id}', '{body:id}'],
  type: '{body:type}',
  subject: '{body:data.object.object}/{body:data.object.id}',
  time: { at: '{body:created}', unit: 's' },
  version: { at: '{body:created}', unit: 's' },
};

const THIN: EventShape & Required<Pick<EventShape, 'when'>> = {
  when: [{ at: '{body:object}', equals: 'v2.core.event' }],
  id: ['{body:context}/{body:id}', '{body:id}'],
  type: '{body:type}',
  time: { at: '{body:created}', unit: 'iso' },
};

/** An object has no version of its own: it is fetched whenever its order is in question. Ids of coupons, plans and products are a merchant's own words. */
const OBJECT: Pick<ResourceShape, 'ids' | 'deletion' | 'deleted'> = {
  ids: 'encoded',
  deletion: [{ at: '{body:type}', oneOf: STRIPE_DELETIONS }],
  deleted: [{ at: '{body:deleted}', equals: 'true' }],
};

const KIND = '{body:data.object.object}';
const ID = '{body:data.object.id}';

/** What a platform reads with its own key, although it is an account of another's. */
const ACCOUNTS = {
  account: `/v1/accounts/${ID}`,
  person: `/v1/accounts/{body:data.object.account}/persons/${ID}`,
};

/**
 * Snapshot and thin events, also from both kinds of destination on one URL. A thin event carries no state of its resource, so it has no
 * subject, and no place in its order, unless that is fetched. The URL that it names is never followed: the path is made of kind and id.
 */
export const stripe: Provider = {
  name: 'stripe',
  title: 'Stripe',
  docs: [
    'https://docs.stripe.com/webhooks/signature',
    'https://docs.stripe.com/webhooks/process-undelivered-events',
    'https://docs.stripe.com/api/events/object',
    'https://docs.stripe.com/api/v2/core/events',
    'https://docs.stripe.com/rate-limits',
  ],
  scheme: {
    kind: 'signature',
    // A second `t` is refused: Stripe's library takes the last, and what nobody sends has no right reading.
    families: [
      { signature: { header: 'stripe-signature', separator: ',', assign: '=' }, timestamp: { label: 't' } },
    ],
    signed: '{timestamp}.{body}',
    // `v0` and unknown versions are a downgrade. The key is the whole text, `whsec_` included, although it looks like base64.
    versions: [{ label: 'v1', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    timestamp: { unit: 's', toleranceSeconds: 300 },
  },
  events: [
    {
      ...SNAPSHOT,
      when: [...SNAPSHOT.when, { at: '{body:account}', is: 'absent' }],
      resource: { path: { by: KIND, of: { ...stripePaths(ID), ...ACCOUNTS } }, ...OBJECT },
    },
    { ...SNAPSHOT, resource: { path: { by: KIND, of: ACCOUNTS }, ...OBJECT } },
    {
      ...THIN,
      when: [...THIN.when, { at: '{body:context}', is: 'absent' }],
      resource: {
        subject: '{body:related_object.type}/{body:related_object.id}',
        path: { by: '{body:related_object.type}', of: stripePaths('{body:related_object.id}') },
        ...OBJECT,
        deletion: [{ at: '{body:type#v1.}', oneOf: STRIPE_DELETIONS }],
      },
    },
    THIN,
  ],
  idCoverage: 'signed',
  // Counts the destinations that have not answered yet.
  volatile: ['pending_webhooks'],
  delivery: {
    timeoutMs: 10_000,
    retries: { spanSeconds: 259_200 },
    clientErrors: 'retried',
    disabling:
      'Stripe writes a mail and then disables a destination that keeps failing; events that are made while it is disabled are never sent to it. Enable it again in the Dashboard.',
  },
  api: {
    baseUrls: { live: 'https://api.stripe.com' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    // The newest library's. The second API insists on one.
    headers: { 'stripe-version': '2026-10-28.endive' },
    // A sandbox takes 25 a second, and so does each endpoint of live mode.
    rate: { perSecond: 20, burst: 20 },
  },
  setup: [
    'Dashboard → Developers → Webhooks → Add destination → Webhook endpoint, with the events that you need. Then store the signing secret it shows, whole, with whsec_.',
    'Each destination, and each of live mode, sandbox and `stripe listen`, has a secret of its own: several on one source are a list, newest first.',
    'Snapshot and thin events may share the source: a destination of each, with both secrets in the list.',
    "A snapshot has the shape of the destination's api_version, not of your library's.",
    'In a sandbox an event is retried 3 times within hours only.',
    'To reconcile, store a restricted key with read permissions (rk_…) as api. It is of one mode: a test event would be taken for one about an object that does not exist, so give live mode and each sandbox a source of its own.',
    "What is fetched has the shape of Stripe-Version 2026-10-28.endive, whatever the destination's api_version is.",
    "Of connected accounts only the account and its persons are fetched, with the platform's key. To fetch the rest, give the account a source of its own with a destination and a key of that account.",
    'Rolling a secret: keep the old one in the list until it has expired at Stripe (up to 24 hours).',
  ],
  unverified: [
    'How long Stripe waits for an answer is published nowhere: 10 seconds are kept.',
    'Some snapshot objects (an upcoming invoice, a balance) seem to have no id: such an event is about no resource.',
    'The time of an event counts whole seconds, and no order is promised: two states of one second have none.',
    'Two accounts could share the id of an event: where an event names another account, that is a part of its id.',
    'After how many days of failures a destination is disabled is not documented.',
  ],
};
