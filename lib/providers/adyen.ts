import type { Provider } from '../core/provider.ts';

const ITEM = 'body:notificationItems.0.NotificationRequestItem';

/**
 * Standard webhooks of payments: a list of items, each with a signature over eight of its fields. What is not signed (`eventDate`,
 * `reason`, `paymentMethod`, `additionalData`, `live`) proves nothing: the time is published, but orders no states.
 */
export const adyen: Provider = {
  name: 'adyen',
  title: 'Adyen',
  docs: [
    'https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures',
    'https://docs.adyen.com/development-resources/webhooks/handle-webhook-events',
    'https://docs.adyen.com/development-resources/webhooks/troubleshoot',
  ],
  scheme: { kind: 'step', step: 'adyen-signature' },
  split: ['notificationItems.*'],
  events: [
    {
      id: `{${ITEM}.pspReference}/{${ITEM}.eventCode}/{${ITEM}.success?}/{${ITEM}.originalReference?}`,
      type: `{${ITEM}.eventCode}`,
      subject: [`payment/{${ITEM}.originalReference}`, `payment/{${ITEM}.pspReference}`],
      time: { at: `{${ITEM}.eventDate}`, unit: 'iso' },
    },
  ],
  idCoverage: 'signed',
  // Older endpoints ask for this text, and newer ones for a 2xx.
  acknowledge: { status: 200, contentType: 'text/plain; charset=utf-8', body: '[accepted]' },
  delivery: {
    timeoutMs: 10_000,
    retries: { spanSeconds: 2_592_000 },
    clientErrors: 'retried',
    disabling:
      'Adyen sends from a queue for each endpoint, in order: what is never accepted holds up all that is behind it, for up to 30 days.',
  },
  setup: [
    'Customer Area → Developers → Webhooks → Standard webhook: URL, and generate an HMAC key. Store it as it is shown (64 hex digits); each webhook has a key of its own, test and live too.',
    'After a new key was generated, keep the old one in the list: what is queued at Adyen was signed with it.',
    'Only pspReference, originalReference, merchantAccountCode, merchantReference, amount, eventCode and success are signed. Decide on nothing else without asking Adyen.',
    'Platform, Balance and Management webhooks are signed in another way: use the provider adyenPlatform.',
  ],
  unverified: [
    'What tells two events apart is not documented: all the signed fields that name them do. One that comes again with other unsigned data (OFFER_CLOSED, REPORT_AVAILABLE) is a collision, and becomes a dead letter that can be looked at.',
    'Items without an amount are taken as signed with an empty one.',
  ],
};
