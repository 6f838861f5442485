import type { Provider } from '../core/provider.ts';

/**
 * Webhooks of a domain or an account, as JSON.
 *
 * The signature covers a time and a random token, and nothing of the event. So a token is bound to the first event that comes under it
 * (`signatureMark`): whatever else comes under it is refused. Until then a captured signature fits any event: ask Mailgun's Events API
 * before you act on one that matters. Nothing that is not signed orders states.
 */
export const mailgun: Provider = {
  name: 'mailgun',
  title: 'Mailgun',
  docs: [
    'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhooks',
    'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
    'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-retries',
  ],
  scheme: { kind: 'step', step: 'mailgun-signature', toleranceSeconds: 36_000 },
  events: [
    {
      id: '{body:event-data.id}',
      type: '{body:event-data.event}',
      time: { at: '{body:event-data.timestamp}', unit: 'decimal' },
    },
  ],
  idCoverage: 'unsigned',
  signatureMark: '{body:signature.token}',
  volatile: ['signature'],
  delivery: { timeoutMs: 10_000, retries: { spanSeconds: 29_100 }, clientErrors: 'retried' },
  setup: [
    'app.mailgun.com → Sending → Webhooks: the URL for each kind of event. Store the HTTP webhook signing key shown there; it is not the API key.',
    'The signature says nothing of the event itself: confirm what matters with the Events API.',
    'Mailgun retries all but the webhooks that tell of a delivery, and gives up at a 406, which Headgate never answers.',
  ],
  unverified: [
    'Whether a retry is signed anew is not documented: retries run for 8 hours, and the tolerance is longer.',
    'The parent-signature of subaccounts is not looked at: store the key of the account that signs what stands in signature.',
    'The time limit is not documented: 10 seconds are kept.',
  ],
};
