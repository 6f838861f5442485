import type { Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

/** Webhooks of a form: HMAC-SHA256 like others’ behind `sha256=`, but in base64. A partial answer has no time of its own. */
export const typeform: Provider = {
  name: 'typeform',
  title: 'Typeform',
  docs: [
    'https://www.typeform.com/developers/webhooks/',
    'https://www.typeform.com/developers/webhooks/secure-your-webhooks/',
    'https://www.typeform.com/developers/webhooks/example-payload/',
  ],
  scheme: bodyMac({ header: 'typeform-signature', assign: '=' }, { label: 'sha256', encoding: 'base64' }),
  events: [
    {
      id: '{body:event_id}',
      type: '{body:event_type}',
      time: { at: '{body:form_response.submitted_at}', unit: 'iso' },
    },
  ],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 30_000,
    retries: { spanSeconds: 36_000 },
    clientErrors: 'retried',
    disabling:
      'A 404 or 410 disables a webhook at once, and so do 300 failures without one success within 24 hours; Headgate gives neither answer. Turn it on again under Connect → Webhooks.',
  },
  setup: [
    'Your form → Connect → Webhooks → Add a webhook: the URL, then Edit → Secret: a random text of at least 32 characters that you store here too. Without a secret nothing is signed, and all of it is refused.',
    'Turn the webhook on: it is made switched off.',
    'Each form has a webhook of its own: with the same secret they can share a source.',
    'After a 503 Typeform tries every 2 to 3 minutes for 10 hours, after most other errors five times.',
  ],
  unverified: [
    'That event_id stays the same when an answer is sent again.',
    'Retries and the limit of failures: as users quote Typeform’s help pages.',
  ],
};
