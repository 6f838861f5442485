import type { EventShape, Provider, ResourceShape } from '../core/provider.ts';

const EVENT: EventShape = {
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
};

const ID = '{body:resource.id}';

/** Kinds of which there is one API. */
const PATHS: Readonly<Record<string, string>> = {
  'checkout-order': `/v2/checkout/orders/${ID}`,
  dispute: '/v1/customer/disputes/{body:resource.dispute_id}',
  invoices: '/v2/invoicing/invoices/{body:resource.invoice.id}',
  payment: `/v1/payments/payment/${ID}`,
  payment_token: `/v3/vault/payment-tokens/${ID}`,
  payouts: '/v1/payments/payouts/{body:resource.batch_header.payout_batch_id}',
  product: `/v1/catalogs/products/${ID}`,
  sale: `/v1/payments/sale/${ID}`,
};

/** Of the second version; the first one's are read elsewhere, by an API that PayPal has given up. */
const SECOND: Readonly<Record<string, string>> = {
  authorization: `/v2/payments/authorizations/${ID}`,
  capture: `/v2/payments/captures/${ID}`,
  plan: `/v1/billing/plans/${ID}`,
  refund: `/v2/payments/refunds/${ID}`,
  subscription: `/v1/billing/subscriptions/${ID}`,
};

function read(of: Readonly<Record<string, string>>): ResourceShape {
  return {
    path: { by: '{body:resource_type}', of },
    version: { at: '{body:update_time}', unit: 'iso' },
    deletion: [{ at: '{body:event_type}', equals: 'VAULT.PAYMENT-TOKEN.DELETED' }],
  };
}

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
    'https://github.com/paypal/paypal-rest-api-specifications/tree/main/openapi',
    'https://developer.paypal.com/api/rest/webhooks/event-names/',
  ],
  scheme: { kind: 'step', step: 'paypal-signature', toleranceSeconds: 259_200 },
  events: [
    {
      ...EVENT,
      when: [{ at: '{body:resource_version}', equals: '2.0' }],
      resource: read({ ...PATHS, ...SECOND }),
    },
    { ...EVENT, resource: read(PATHS) },
  ],
  idCoverage: 'unsigned',
  signatureMark: '{header:paypal-transmission-id}',
  delivery: { timeoutMs: 10_000, retries: { spanSeconds: 259_200 }, clientErrors: 'retried' },
  api: {
    baseUrls: { live: 'https://api-m.paypal.com', sandbox: 'https://api-m.sandbox.paypal.com' },
    auth: [{ kind: 'client-credentials', tokenPath: '/v1/oauth2/token' }],
    rate: { perSecond: 5, burst: 20 },
  },
  setup: [
    'developer.paypal.com → Apps & Credentials → your app → Webhooks → Add Webhook, with the event types that you need.',
    'The signing "secret" is the Webhook ID shown there (such as 4JH86294D6297924G): what PayPal signs names it. Sandbox and live have different ones.',
    'The certificate is fetched from PayPal while it waits, at the first delivery and then once a day: a function in a VPC needs a way out to api.paypal.com.',
    'The signature does not bind the body strongly: before money moves, ask PayPal for the resource. That is what reconcile: "always" does.',
    'To reconcile, store client_id:secret of the app as api. Sandbox and live are two sources, each with its base URL. What belongs to another merchant may not be found with them, and be taken for deleted: reconcile only events of your own account.',
    'The webhook simulator of the dashboard signs for no webhook of yours: use a sandbox payment instead.',
  ],
  unverified: [
    'How many requests PayPal takes is not published: 5 a second are asked.',
    'That update_time is the same in an event and in what the API gives of that state: where it differs, the event waits, and is unconfirmed in the end.',
    'Whether a retry is signed anew is not documented: retries run for 3 days, and so does the tolerance. What is sent again later must be signed anew.',
    "Whether PayPal serves the intermediate certificates is not documented: the one that PayPal's library carries is known, and so are Node's authorities.",
    'The time limit is not documented: 10 seconds are kept.',
    'No order of events is promised: only update_time of a resource orders its states.',
  ],
};
