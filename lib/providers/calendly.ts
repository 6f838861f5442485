import type { EventShape, Provider } from '../core/provider.ts';

/** There is no event id: what happened, to what, and when are one. */
const ANY: EventShape = {
  id: ['{body:event}/{body:payload.uri}/{body:created_at}', '{digest}'],
  type: '{body:event}',
  time: { at: '{body:created_at}', unit: 'iso' },
};

/** Webhook subscriptions of users and organizations. A new time for a meeting comes as two events: one canceled, one created. */
export const calendly: Provider = {
  name: 'calendly',
  title: 'Calendly',
  docs: [
    'https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures',
    'https://developer.calendly.com/api-docs/overview/webhooks/webhook-errors',
    'https://developer.calendly.com/api-docs/overview/webhooks/webhook-timeouts',
  ],
  scheme: {
    kind: 'signature',
    families: [
      {
        signature: { header: 'calendly-webhook-signature', separator: ',', assign: '=' },
        timestamp: { label: 't' },
      },
    ],
    signed: '{timestamp}.{body}',
    versions: [{ label: 'v1', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    timestamp: { unit: 's', toleranceSeconds: 300 },
  },
  events: [
    {
      ...ANY,
      when: [{ at: '{body:payload.uri}' }, { at: '{body:payload.updated_at}' }],
      subject: '{body:payload.uri}',
      version: { at: '{body:payload.updated_at}', unit: 'iso' },
    },
    ANY,
  ],
  idCoverage: 'signed',
  // Who made the subscription: several people's tell of one event.
  volatile: ['created_by'],
  delivery: {
    timeoutMs: 15_000,
    retries: { spanSeconds: 86_400 },
    clientErrors: 'retried',
    disabling:
      'Calendly tries for 24 hours, ever more rarely; then it disables the subscription, which has to be made anew.',
  },
  setup: [
    'Make up a random signing key of at least 32 characters, and store it here. Without one Calendly signs nothing, and all of it is refused.',
    'POST https://api.calendly.com/webhook_subscriptions with url, events, organization, scope and this signing_key. An OAuth application has one key for all, shown when it is made.',
    'A key cannot be changed: make a second subscription with a new one, store both keys, then remove the first.',
    'Calendly tries no longer than 24 hours after the start of the meeting.',
  ],
  unverified: [
    'Calendly’s sample refuses what is older than 3 minutes: 5 minutes either way are taken, and each attempt is counted on to be signed anew, since the sample would refuse it otherwise.',
    'created_at is taken for the time of the event, the same at every attempt.',
    'Whether updated_at of an invitee moves with every change, a mark for not showing up included: where it stands still, two states have no order.',
  ],
};
