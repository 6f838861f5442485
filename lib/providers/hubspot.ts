import type { EventShape, Provider } from '../core/provider.ts';

const EVENT: EventShape = {
  // What HubSpot calls an event's id need not be unique.
  id: '{body:portalId}/{body:subscriptionId}/{body:eventId}/{body:occurredAt}',
  type: '{body:subscriptionType}',
  time: { at: '{body:occurredAt}', unit: 'ms' },
};

/** Types that name their kind, and the id that newer ones name it by. */
const KINDS = {
  contact: '0-1',
  company: '0-2',
  deal: '0-3',
  ticket: '0-5',
  product: '0-7',
  line_item: '0-8',
} as const;

/** An event of a kind says what happened behind the `after` of its type. A change of an association has no `objectId`, and is about none. */
function hint(after: string, kind: string, path: string, ...more: EventShape['when'] & {}): EventShape {
  const happened = `{body:subscriptionType#${after}.}`;
  return {
    ...EVENT,
    when: [{ at: happened }, ...more],
    resource: {
      subject: `${kind}/{body:objectId}`,
      path,
      deletion: [{ at: happened, oneOf: ['deletion', 'privacyDeletion'] }],
      deleted: [{ at: '{body:archived}', equals: 'true' }],
    },
  };
}

const OBJECT_TYPE = '{body:objectTypeId}';

const events: readonly EventShape[] = [
  ...Object.entries(KINDS).flatMap(([kind, id]) => {
    const path = `/crm/v3/objects/${id}/{body:objectId}`;
    return [hint(kind, kind, path), hint('object', kind, path, { at: OBJECT_TYPE, equals: id })];
  }),
  hint('object', OBJECT_TYPE, `/crm/v3/objects/${OBJECT_TYPE}/{body:objectId}`),
  hint('conversation', 'conversation', '/conversations/v3/conversations/threads/{body:objectId}'),
  EVENT,
];

const common: Omit<Provider, 'name' | 'title' | 'docs' | 'scheme' | 'setup'> = {
  split: 'items',
  events,
  idCoverage: 'signed',
  volatile: ['attemptNumber'],
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 86_400 }, clientErrors: 'retried' },
  api: {
    baseUrls: { live: 'https://api.hubapi.com' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    // 100 in 10 seconds, for all apps of an account with a free plan.
    rate: { perSecond: 5, burst: 50 },
  },
};

const docs = [
  'https://developers.hubspot.com/docs/api/webhooks',
  'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation',
  'https://developers.hubspot.com/docs/apps/legacy-apps/public-apps/create-generic-webhook-subscriptions',
  'https://developers.hubspot.com/docs/guides/api/crm/using-object-apis',
];

const EVENT_ID =
  'HubSpot does not promise that eventId is unique: account, subscription and time are parts of the id too.';

const API =
  'To reconcile, store an access token (of a private app, pat-…) as api, with the scopes that read the objects. It is of one account: events of another one’s objects would be taken for objects that are deleted, so give each account that installs an app a source of its own. An object comes with its default properties.';

const SECRET =
  'The signing secret is the app’s client secret: developers.hubspot.com → your app → Auth. A reset cuts over at once: store the new one first, and keep the old one in the list for a day.';

/**
 * Webhooks of apps, by the third scheme of signatures. Events say what changed, and carry no state: they are about no resource until
 * it is fetched.
 */
export const hubspot: Provider = {
  ...common,
  name: 'hubspot',
  title: 'HubSpot',
  docs,
  scheme: { kind: 'step', step: 'hubspot-signature-v3', toleranceSeconds: 300 },
  setup: [
    SECRET,
    'Your app → Webhooks → Target URL. The signature covers the URL: enter it exactly as Headgate prints it.',
    'HubSpot sends signatures of older schemes beside the third. They have no time, and are never looked at.',
    'Batches hold up to 100 events; each is an event of its own. The webhook of a workflow is not sent again after a 4xx.',
    API,
  ],
  unverified: [
    EVENT_ID,
    'Which characters HubSpot decodes in the URL is known from its table, not tried: they matter only where the path or query holds one.',
  ],
};

/** What still comes with the second scheme only: it has no time, so a replay is known by its content alone. */
export const hubspotV2: Provider = {
  ...common,
  name: 'hubspot-v2',
  title: 'HubSpot (v2 signatures)',
  docs,
  scheme: { kind: 'step', step: 'hubspot-signature-v2' },
  setup: [
    SECRET,
    'Only for what HubSpot does not sign by its third scheme: use the provider hubspot wherever X-HubSpot-Signature-v3 comes.',
    'The signature covers the URL: enter it exactly as Headgate prints it.',
    API,
  ],
  unverified: [EVENT_ID],
};

/** What still comes with the first scheme only: neither URL nor time are signed, and the signature is no MAC. */
export const hubspotV1: Provider = {
  ...common,
  name: 'hubspot-v1',
  title: 'HubSpot (v1 signatures)',
  docs,
  scheme: { kind: 'step', step: 'hubspot-signature-v1' },
  setup: [
    SECRET,
    'Only for what HubSpot does not sign by its third or second scheme: use the providers hubspot or hubspotV2 wherever you can.',
    API,
  ],
  unverified: [EVENT_ID],
};
