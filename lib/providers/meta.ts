import type { Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';
import { metaEvents } from './meta-events.ts';

const docs = [
  'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
  'https://developers.facebook.com/docs/graph-api/webhooks/reference',
] as const;

const common: Omit<Provider, 'name' | 'title' | 'docs' | 'setup' | 'delivery' | 'events'> = {
  // The SHA-1 in x-hub-signature comes beside it, and is never looked at.
  scheme: bodyMac({ header: 'x-hub-signature-256', assign: '=' }, { label: 'sha256' }),
  handshakes: [
    {
      method: 'GET',
      guard: { verifyToken: '{query:hub.verify_token}' },
      when: [{ at: '{query:hub.mode}', equals: 'subscribe' }],
      answer: { status: 200, text: '{query:hub.challenge}' },
    },
  ],
  split: [
    'entry.*.changes.*.value.messages.*',
    'entry.*.changes.*.value.statuses.*',
    'entry.*.messaging.*',
    'entry.*.standby.*',
  ],
  idCoverage: 'signed',
  // When it was sent; links to media are signed for a while.
  volatile: [
    'entry.*.time',
    'entry.*.messaging.*.message.attachments.*.payload.url',
    'entry.*.changes.*.value.messages.*.*.url',
  ],
  unverified: [
    'Whether the time of an entry stays the same when it is sent again: where an event has an id of its own it is left out of the comparison, elsewhere it is part of the id.',
    'Whether links to media differ when a message is sent again: they are left out of the comparison.',
    'Meta’s pages name several time limits: the shortest, 5 seconds, is kept.',
  ],
};

const SECRET =
  'Store the app secret (developers.facebook.com → your app → App settings → Basic), and a verify token that you make up, a long random text: {"signing": "…", "verify": "…"}. A reset of the app secret cuts over at once: store the new one first, and keep the old one in the list for a day and a half.';

const CHECKS =
  'Meta asks for the verify token when the callback URL is saved: have Headgate deployed with both before.';

/** Facebook pages, and all other objects of an app: up to 1,000 changes in one request. Non-ASCII letters are escaped in it, and signed so. */
export const meta: Provider = {
  ...common,
  name: 'meta',
  title: 'Meta',
  docs,
  events: metaEvents('{body:object}.'),
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 129_600 }, clientErrors: 'retried' },
  setup: [
    SECRET,
    'Your app → Webhooks: choose the object (Page, User, Instagram …), enter the callback URL and the verify token, and subscribe to fields. Several objects can share a URL.',
    CHECKS,
    'A page has to be subscribed too: POST /{page-id}/subscribed_apps with the fields.',
    'Until the app is live only test notifications come.',
  ],
};

/** Messages from customers, and how messages to them stand. */
export const whatsapp: Provider = {
  ...common,
  name: 'whatsapp',
  title: 'WhatsApp',
  docs: ['https://developers.facebook.com/docs/whatsapp/cloud-api/guides/set-up-webhooks', ...docs],
  events: metaEvents(''),
  delivery: {
    timeoutMs: 5_000,
    retries: { spanSeconds: 604_800 },
    clientErrors: 'retried',
    maxBytes: 3_145_728,
  },
  setup: [
    SECRET,
    'Your app → WhatsApp → Configuration → Webhook: the callback URL and the verify token, then subscribe to messages, and to what else you need.',
    CHECKS,
    'A failed delivery is sent again for up to 7 days, ever more rarely.',
  ],
};

/** Chats with a Facebook page. */
export const messenger: Provider = {
  ...common,
  name: 'messenger',
  title: 'Messenger',
  docs: ['https://developers.facebook.com/docs/messenger-platform/webhooks', ...docs],
  events: metaEvents(''),
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 129_600 }, clientErrors: 'retried' },
  setup: [
    SECRET,
    'Your app → Messenger → Settings → Webhooks: the callback URL and the verify token; then add the page, and its fields.',
    CHECKS,
    'What comes while another app has the thread lies in standby: it is published under the type standby, and is not yours to answer.',
  ],
};

/** Chats, comments and mentions of an Instagram account. */
export const instagram: Provider = {
  ...common,
  name: 'instagram',
  title: 'Instagram',
  docs: ['https://developers.facebook.com/docs/instagram-platform/webhooks', ...docs],
  events: metaEvents(''),
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 129_600 }, clientErrors: 'retried' },
  setup: [
    SECRET,
    'An app with Instagram login has a second one, the Instagram app secret: store both, {"signing": ["…", "…"], "verify": "…"}.',
    'Your app → Instagram → Webhooks: the callback URL and the verify token, then the fields; the account is subscribed by POST /me/subscribed_apps.',
    CHECKS,
  ],
};
