import type { EventShape, Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

/** Where each kind is read. What an event carries beside what it is about stands behind it: `order.paid` has a payment too. */
const KINDS: readonly (readonly [kind: string, path?: string])[] = [
  ['dispute', '/v1/disputes'],
  ['refund', '/v1/refunds'],
  ['invoice', '/v1/invoices'],
  ['subscription', '/v1/subscriptions'],
  ['payment_link', '/v1/payment_links'],
  ['virtual_account', '/v1/virtual_accounts'],
  ['qr_code', '/v1/payments/qr_codes'],
  ['settlement', '/v1/settlements'],
  ['transfer', '/v1/transfers'],
  ['payout_link', '/v1/payout-links'],
  ['payout', '/v1/payouts'],
  ['transaction', '/v1/transactions'],
  ['merchant_product', '/v2/accounts/{body:payload.merchant_product.entity.merchant_id}/products'],
  ['account', '/v2/accounts'],
  ['order', '/v1/orders'],
  ['payment', '/v1/payments'],
  // Read below its customer, whom its events do not name.
  ['token'],
];

const ANY: EventShape = {
  id: '{digest}',
  type: '{body:event}',
  // The payload is a snapshot of when the event occurred, in whole seconds: two states of one second have no order.
  time: { at: '{body:created_at}', unit: 's' },
  version: { at: '{body:created_at}', unit: 's' },
};

/**
 * Webhooks of payments and of RazorpayX. The event's id is only in a header, `x-razorpay-event-id`, that nothing protects: a captured
 * request could come again under any. Retries and replays have the bytes of the first delivery, so these are the id.
 */
export const razorpay: Provider = {
  name: 'razorpay',
  title: 'Razorpay',
  docs: [
    'https://razorpay.com/docs/webhooks/validate-test',
    'https://razorpay.com/docs/webhooks/best-practices',
    'https://razorpay.com/docs/webhooks/replay-events',
    'https://razorpay.com/docs/webhooks/payments',
    'https://razorpay.com/docs/api/',
  ],
  scheme: bodyMac('x-razorpay-signature'),
  events: [
    ...KINDS.map(([kind, path]): EventShape => {
      const id = `{body:payload.${kind}.entity.id}`;
      return {
        ...ANY,
        when: [{ at: id }],
        subject: `${kind}/${id}`,
        ...(path === undefined ? {} : { resource: { path: `${path}/${id}` } }),
      };
    }),
    ANY,
  ],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 5_000,
    retries: { spanSeconds: 86_400 },
    clientErrors: 'retried',
    disabling:
      'A webhook that fails for 24 hours is disabled, and an e-mail says so: enable it in the dashboard, or replay its events, which enables it too.',
  },
  api: {
    baseUrls: { live: 'https://api.razorpay.com' },
    auth: [{ kind: 'basic' }],
    rate: { perSecond: 2, burst: 10 },
  },
  setup: [
    'Dashboard → Accounts & Settings → Webhooks → Add New Webhook. Its secret is a text that you make up: store the same. It is not the secret of an API key.',
    'Razorpay sends unsigned requests where no secret is entered: those are refused.',
    'After a change of the secret, events that are older are retried with the old one for 24 hours: keep it in the list for so long. A replay from the dashboard is signed with the current one.',
    'Events of the last 7 days that were not acknowledged can be replayed in the dashboard, 5 times a day.',
    'To reconcile, store an API key as key_id:key_secret, of the mode (live or test) that the webhook is in. What a fetched entity says of its times cannot be compared with those of events.',
  ],
  unverified: [
    'How many requests Razorpay lets a client make: its pages name no number, and 2 a second are made.',
    'That a retry has the very bytes of the first delivery is said of replays only: were they others, the event would be published again.',
  ],
};
