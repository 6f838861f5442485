import type { Provider } from '../core/provider.ts';

/**
 * Snapshot and thin events, also from both kinds of destination on one URL. A thin event carries no state of its resource, so it has no
 * subject, and no place in its order.
 */
export const stripe: Provider = {
  name: 'stripe',
  title: 'Stripe',
  docs: [
    'https://docs.stripe.com/webhooks/signature',
    'https://docs.stripe.com/webhooks/process-undelivered-events',
    'https://docs.stripe.com/api/events/object',
    'https://docs.stripe.com/api/v2/core/events',
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
      when: [{ at: '{body:object}', equals: 'event' }],
      id: ['{body:account}/{body:id}', '{body:id}'],
      type: '{body:type}',
      subject: '{body:data.object.object}/{body:data.object.id}',
      time: { at: '{body:created}', unit: 's' },
      version: { at: '{body:created}', unit: 's' },
    },
    {
      when: [{ at: '{body:object}', equals: 'v2.core.event' }],
      id: ['{body:context}/{body:id}', '{body:id}'],
      type: '{body:type}',
      time: { at: '{body:created}', unit: 'iso' },
    },
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
  setup: [
    'Dashboard → Developers → Webhooks → Add destination → Webhook endpoint, with the events that you need. Then store the signing secret it shows, whole, with whsec_.',
    'Each destination, and each of live mode, sandbox and `stripe listen`, has a secret of its own: several on one source are a list, newest first.',
    'Snapshot and thin events may share the source: a destination of each, with both secrets in the list.',
    "A snapshot has the shape of the destination's api_version, not of your library's.",
    'In a sandbox an event is retried 3 times within hours only.',
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
