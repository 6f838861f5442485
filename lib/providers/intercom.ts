import type { EventShape, Provider, ResourceShape, Test } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

const ANY: EventShape = {
  id: '{body:id}',
  type: '{body:topic}',
  time: { at: '{body:created_at}', unit: 's' },
};

const ID = '{body:data.item.id}';

/**
 * An item that comes whole, and moves a time of its own with every change; or no more than its id, when it is deleted or archived.
 * Contacts are sent with milliseconds and read with seconds, which are always older: only conversations can be compared.
 */
function kindOf(kind: string, unit: 's' | 'iso', version?: ResourceShape['version']): readonly EventShape[] {
  const isKind: Test = { at: '{body:data.item.type}', equals: kind };
  const subject = `${kind}/${ID}`;
  const resource: ResourceShape = {
    path: `/${kind}s/${ID}`,
    ...(version && { version }),
    deletion: [{ at: '{body:topic}', equals: `${kind}.deleted` }],
  };
  return [
    {
      ...ANY,
      when: [isKind, { at: '{body:data.item.updated_at}' }],
      subject,
      version: { at: '{body:data.item.updated_at}', unit },
      resource,
    },
    { ...ANY, when: [isKind], resource: { subject, ...resource } },
  ];
}

/** Notifications of an app, for every workspace that has it. The `ping` has no id: it is a question, and no event. */
export const intercom: Provider = {
  name: 'intercom',
  title: 'Intercom',
  docs: [
    'https://developers.intercom.com/docs/webhooks/setting-up-webhooks',
    'https://developers.intercom.com/docs/webhooks/webhook-notifications',
    'https://developers.intercom.com/docs/references/webhooks/webhook-models',
    'https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations/retrieveconversation',
    'https://developers.intercom.com/docs/references/rest-api/errors/rate-limiting',
  ],
  scheme: bodyMac({ header: 'x-hub-signature', assign: '=' }, { label: 'sha1', algorithm: 'hmac-sha1' }),
  handshakes: [
    { method: 'HEAD', guard: 'none', answer: { status: 200 } },
    {
      method: 'POST',
      guard: 'verified',
      media: 'json',
      when: [{ at: '{body:topic}', equals: 'ping' }],
      answer: { status: 200 },
    },
  ],
  events: [
    ...kindOf('conversation', 's', { at: '{body:updated_at}', unit: 's' }),
    ...kindOf('contact', 'iso'),
    ANY,
  ],
  idCoverage: 'signed',
  volatile: ['delivery_attempts', 'delivery_status', 'delivered_at', 'first_sent_at'],
  delivery: {
    timeoutMs: 5_000,
    retries: { spanSeconds: 86_400 },
    disabling:
      'More than 1,000 errors within 15 minutes pause a webhook for 15 minutes. 7 days of errors suspend that of a private app, until somebody sets it live in the Developer Hub.',
  },
  api: {
    baseUrls: {
      live: 'https://api.intercom.io',
      eu: 'https://api.eu.intercom.io',
      au: 'https://api.au.intercom.io',
    },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    headers: { 'intercom-version': '2.14' },
    // 10,000 a minute, dealt out every 10 seconds; a workspace's apps share what it may.
    rate: { perSecond: 10, burst: 100 },
    rateLimit: {
      remaining: 'x-ratelimit-remaining',
      reset: { header: 'x-ratelimit-reset', unit: 's' },
    },
  },
  setup: [
    'app.intercom.com → Settings → Developers → your app → Configure → Webhooks: the endpoint URL, then the topics.',
    'Store the app’s client secret (Basic information). It signs with SHA-1; nothing stronger is sent.',
    'A new client secret signs at once: store it first, and keep the old one in the list for a day.',
    'To reconcile, store the app’s access token as api (Configure → Authentication), and choose the base URL of your region: live, eu or au. The token is of one workspace: what belongs to another one would be taken for deleted, so give each a source of its own. Conversations and contacts are fetched.',
    'Answers within 500 ms keep an app’s notifications at a higher priority.',
  ],
  unverified: [
    'How often and how long a failed notification is sent again: up to a day is assumed.',
    'Which delivery fields change from attempt to attempt: all of them are left out of the comparison.',
    'The unit of `updated_at` in contacts is taken for RFC 3339: in any other they are ordered by nothing.',
  ],
};
