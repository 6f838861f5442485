import type { EventShape, Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

const ANY: EventShape = {
  id: '{body:event.id}',
  type: '{body:event.event_type}',
  time: { at: '{body:event.occurred_at}', unit: 'iso' },
};

/** Of notes, responders and the like only that something came about is told. */
function state(kind: string): EventShape {
  return {
    ...ANY,
    when: [{ at: '{body:event.data.type}', equals: kind }],
    subject: `${kind}/{body:event.data.id}`,
    version: { at: '{body:event.occurred_at}', unit: 'iso' },
  };
}

/** V3 webhook subscriptions. While secrets change there is a signature by each; the header X-Webhook-Id is not signed, and never read. */
export const pagerduty: Provider = {
  name: 'pagerduty',
  title: 'PagerDuty',
  docs: [
    'https://developer.pagerduty.com/docs/verifying-webhook-signatures',
    'https://developer.pagerduty.com/docs/webhooks-overview',
    'https://developer.pagerduty.com/docs/webhook-behavior',
  ],
  scheme: bodyMac({ header: 'x-pagerduty-signature', separator: ',', assign: '=' }, { label: 'v1' }),
  events: [state('incident'), state('service'), ANY],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 5_000,
    retries: { spanSeconds: 172_800 },
    clientErrors: 'dropped',
    disabling:
      'Three webhooks in a row that were dropped disable the subscription for 24 hours; enable it before on the page of webhooks, or through the API.',
    maxBytes: 262_144,
  },
  setup: [
    'Integrations → Generic Webhooks (v3) → New Webhook: the URL, its scope and events. The secret is shown once, when the webhook is made: store it.',
    'Each subscription has a secret of its own: several on one source are a list.',
    'A 4xx is final there, so store the secret before the first event; "Send Test" sends pagey.ping.',
    'While a delivery is tried again, later ones of the same incident wait for it.',
  ],
  unverified: [
    'That two attempts carry the same event id and equal bytes: PagerDuty names X-Webhook-Id for that, which is not signed.',
    'That what an event says of an incident or a service is how it stood then: the event’s time orders it.',
  ],
};
