import type { EventShape, Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

const ANY: EventShape = {
  id: '{body:id}',
  type: '{body:topic}',
  time: { at: '{body:created_at}', unit: 's' },
};

/** An item that comes whole, and moves a time of its own with every change. */
function state(kind: string, unit: 's' | 'iso'): EventShape {
  return {
    ...ANY,
    when: [{ at: '{body:data.item.type}', equals: kind }, { at: '{body:data.item.updated_at}' }],
    subject: `${kind}/{body:data.item.id}`,
    version: { at: '{body:data.item.updated_at}', unit },
  };
}

/** Notifications of an app, for every workspace that has it. The `ping` has no id: it is a question, and no event. */
export const intercom: Provider = {
  name: 'intercom',
  title: 'Intercom',
  docs: [
    'https://developers.intercom.com/docs/webhooks/setting-up-webhooks',
    'https://developers.intercom.com/docs/webhooks/webhook-notifications',
    'https://developers.intercom.com/docs/references/webhooks/webhook-models',
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
  events: [state('conversation', 's'), state('contact', 'iso'), ANY],
  idCoverage: 'signed',
  volatile: ['delivery_attempts', 'delivery_status', 'delivered_at', 'first_sent_at'],
  delivery: {
    timeoutMs: 5_000,
    retries: { spanSeconds: 86_400 },
    disabling:
      'More than 1,000 errors within 15 minutes pause a webhook for 15 minutes. 7 days of errors suspend that of a private app, until somebody sets it live in the Developer Hub.',
  },
  setup: [
    'app.intercom.com → Settings → Developers → your app → Configure → Webhooks: the endpoint URL, then the topics.',
    'Store the app’s client secret (Basic information). It signs with SHA-1; nothing stronger is sent.',
    'A new client secret signs at once: store it first, and keep the old one in the list for a day.',
    'Answers within 500 ms keep an app’s notifications at a higher priority.',
  ],
  unverified: [
    'How often and how long a failed notification is sent again: up to a day is assumed.',
    'Which delivery fields change from attempt to attempt: all of them are left out of the comparison.',
    'The unit of `updated_at` in contacts is taken for RFC 3339: in any other they are ordered by nothing.',
  ],
};
