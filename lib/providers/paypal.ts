import type { Provider } from '../core/provider.ts';

/**
 * REST webhooks, proved offline by the certificate that PayPal names. IPN is another product.
 *
 * The signature covers the body's CRC-32 only, for which another body can be made to fit by whoever captured a delivery. So the
 * transmission is what a replay is known by (`signatureMark`): whatever else comes under it is refused, for as long as the ledger
 * remembers, and the tolerance is shorter than that.
 */
export const paypal: Provider = {
  name: 'paypal',
  title: 'PayPal',
  docs: [
    'https://developer.paypal.com/api/rest/webhooks/',
    'https://developer.paypal.com/docs/api/webhooks/v1/',
    'https://github.com/paypal/paypal-rest-api-specifications/blob/main/openapi/notifications_webhooks_v1.json',
  ],
  scheme: { kind: 'step', step: 'paypal-signature', toleranceSeconds: 259_200 },
  events: [
    {
      id: '{body:id}',
      type: '{body:event_type}',
      subject: [
        'dispute/{body:resource.dispute_id}',
        'payouts/{body:resource.batch_header.payout_batch_id}',
        'invoice/{body:resource.invoice.id}',
        '{body:resource_type}/{body:resource.id}',
      ],
      time: { at: '{body:create_time}', unit: 'iso' },
      version: { at: '{body:resource.update_time}', unit: 'iso' },
    },
  ],
  idCoverage: 'unsigned',
  signatureMark: '{header:paypal-transmission-id}',
  delivery: { timeoutMs: 10_000, retries: { spanSeconds: 259_200 }, clientErrors: 'retried' },
  setup: [
    'developer.paypal.com → Apps & Credentials → your app → Webhooks → Add Webhook, with the event types that you need.',
    'The signing "secret" is the Webhook ID shown there (such as 4JH86294D6297924G): what PayPal signs names it. Sandbox and live have different ones.',
    'The certificate is fetched from PayPal while it waits, at the first delivery and then once a day: a function in a VPC needs a way out to api.paypal.com.',
    'The signature does not bind the body strongly: before money moves, ask PayPal for the resource.',
    'The webhook simulator of the dashboard signs for no webhook of yours: use a sandbox payment instead.',
  ],
  unverified: [
    'Whether a retry is signed anew is not documented: retries run for 3 days, and so does the tolerance. What is sent again later must be signed anew.',
    "Whether PayPal serves the intermediate certificates is not documented: the one that PayPal's library carries is known, and so are Node's authorities.",
    'The time limit is not documented: 10 seconds are kept.',
    'No order of events is promised: only update_time of a resource orders its states.',
  ],
};
