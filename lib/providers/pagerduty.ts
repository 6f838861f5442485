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
    resource: {
      path: `/${kind}s/{body:event.data.id}`,
      deletion: [{ at: '{body:event.event_type}', equals: `${kind}.deleted` }],
    },
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
    'https://developer.pagerduty.com/docs/rest-api-rate-limits',
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
  api: {
    baseUrls: { us: 'https://api.pagerduty.com', eu: 'https://api.eu.pagerduty.com' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Token token=' }],
    headers: { accept: 'application/vnd.pagerduty+json;version=2' },
    // 960 a minute, for all that use one key.
    rate: { perSecond: 5, burst: 100 },
    rateLimit: { remaining: 'ratelimit-remaining', reset: { header: 'ratelimit-reset', unit: 'in-s' } },
  },
  setup: [
    'Integrations → Generic Webhooks (v3) → New Webhook: the URL, its scope and events. The secret is shown once, when the webhook is made: store it.',
    'Each subscription has a secret of its own: several on one source are a list.',
    'A 4xx is final there, so store the secret before the first event; "Send Test" sends pagey.ping.',
    'While a delivery is tried again, later ones of the same incident wait for it.',
    'To reconcile incidents and services, store a REST API key (Integrations → API Access Keys), read-only. When an event occurred is not when the API says that an incident was updated, so the two are not compared.',
  ],
  unverified: [
    'That two attempts carry the same event id and equal bytes: PagerDuty names X-Webhook-Id for that, which is not signed.',
    'That what an event says of an incident or a service is how it stood then: the event’s time orders it.',
  ],
};
