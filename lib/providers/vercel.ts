import type { Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

/** Webhooks of a team and of integrations: HMAC-SHA1, whatever others say. An event names what happened, and is no state of it. */
export const vercel: Provider = {
  name: 'vercel',
  title: 'Vercel',
  docs: ['https://vercel.com/docs/webhooks', 'https://vercel.com/docs/webhooks/webhooks-api'],
  scheme: bodyMac('x-vercel-signature', { algorithm: 'hmac-sha1' }),
  events: [{ id: '{body:id}', type: '{body:type}', time: { at: '{body:createdAt}', unit: 'ms' } }],
  idCoverage: 'signed',
  delivery: { timeoutMs: 30_000, retries: { spanSeconds: 86_400 }, clientErrors: 'retried' },
  setup: [
    'Team Settings → Webhooks → Create Webhook, with the events and projects that you need. Store its secret: it is shown only once.',
    'Webhooks of an integration are signed with its client secret instead: both kinds on one source are a list.',
    'A secret cannot be changed: create a second webhook, store both secrets, then remove the first.',
  ],
  unverified: ['That an event keeps its id when it is sent again, as the field is described.'],
};
