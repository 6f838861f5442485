import type { Provider } from '../core/provider.ts';

/** The Event Webhook: an array of events, signed as a whole. */
export const sendgrid: Provider = {
  name: 'sendgrid',
  title: 'Twilio SendGrid',
  docs: [
    'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features',
    'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event',
  ],
  scheme: {
    kind: 'signature',
    families: [
      {
        signature: { header: 'x-twilio-email-event-webhook-signature' },
        timestamp: { header: 'x-twilio-email-event-webhook-timestamp' },
      },
    ],
    signed: '{timestamp}{body}',
    versions: [{ algorithm: 'ecdsa-p256-sha256', encoding: 'base64', key: { encoding: 'base64' } }],
    timestamp: { unit: 's', toleranceSeconds: 86_400 },
  },
  split: 'items',
  events: [
    {
      // Some kinds of event have no id of their own.
      id: ['{body:sg_event_id}', '{digest}'],
      type: '{body:event}',
      subject: '{body:sg_message_id}/{body:email}',
      time: { at: '{body:timestamp}', unit: 's' },
      version: { at: '{body:timestamp}', unit: 's' },
    },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 3_000, retries: { spanSeconds: 86_400 }, clientErrors: 'retried' },
  setup: [
    'Settings → Mail Settings → Event Webhooks: set the URL and turn on Signed Event Webhook; it is off by default, and unsigned events are refused.',
    'The signing "secret" is the Verification Key shown there (base64). Turning signing off and on makes a new one: keep the old one in the list for a day.',
    'Each subuser has webhooks and keys of its own. Inbound Parse is another product and is not signed.',
    "A custom argument that is named like one of the event's own fields (event, email, sg_event_id, timestamp) replaces it: choose other names.",
  ],
  unverified: [
    'Whether a retry is signed anew is not documented: retries run for 24 hours, and so does the tolerance. What comes twice is dropped by its id.',
    'Whether sg_message_id is one per recipient is not documented: the address is a part of the subject.',
    'The time limit is the shortest that was reported.',
  ],
};
