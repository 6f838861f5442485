import type { Provider } from '../core/provider.ts';

const common: Omit<Provider, 'name' | 'title' | 'docs' | 'scheme' | 'setup'> = {
  split: 'items',
  events: [
    {
      // What HubSpot calls an event's id need not be unique.
      id: '{body:portalId}/{body:subscriptionId}/{body:eventId}/{body:occurredAt}',
      type: '{body:subscriptionType}',
      time: { at: '{body:occurredAt}', unit: 'ms' },
    },
  ],
  idCoverage: 'signed',
  volatile: ['attemptNumber'],
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 86_400 }, clientErrors: 'retried' },
};

const docs = [
  'https://developers.hubspot.com/docs/api/webhooks',
  'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation',
];

const EVENT_ID =
  'HubSpot does not promise that eventId is unique: account, subscription and time are parts of the id too.';

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
  ],
  unverified: [EVENT_ID],
};
