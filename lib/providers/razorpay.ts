import type { Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

/** What an event carries beside what it is about stands behind it: `order.paid` has a payment too. */
const KINDS = [
  'dispute',
  'refund',
  'invoice',
  'subscription',
  'payment_link',
  'virtual_account',
  'qr_code',
  'settlement',
  'transfer',
  'payout_link',
  'payout',
  'transaction',
  'merchant_product',
  'account',
  'order',
  'payment',
  'token',
];

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
  ],
  scheme: bodyMac('x-razorpay-signature'),
  events: [
    {
      id: '{digest}',
      type: '{body:event}',
      subject: KINDS.map((kind) => `${kind}/{body:payload.${kind}.entity.id}`),
      // The payload is a snapshot of when the event occurred, in whole seconds: two states of one second have no order.
      time: { at: '{body:created_at}', unit: 's' },
      version: { at: '{body:created_at}', unit: 's' },
    },
  ],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 5_000,
    retries: { spanSeconds: 86_400 },
    clientErrors: 'retried',
    disabling:
      'A webhook that fails for 24 hours is disabled, and an e-mail says so: enable it in the dashboard, or replay its events, which enables it too.',
  },
  setup: [
    'Dashboard → Accounts & Settings → Webhooks → Add New Webhook. Its secret is a text that you make up: store the same. It is not the secret of an API key.',
    'Razorpay sends unsigned requests where no secret is entered: those are refused.',
    'After a change of the secret, events that are older are retried with the old one for 24 hours: keep it in the list for so long. A replay from the dashboard is signed with the current one.',
    'Events of the last 7 days that were not acknowledged can be replayed in the dashboard, 5 times a day.',
  ],
  unverified: [
    'That a retry has the very bytes of the first delivery is said of replays only: were they others, the event would be published again.',
  ],
};
