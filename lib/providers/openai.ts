import type { Provider } from '../core/provider.ts';
import { standardSender } from './standard-webhooks.ts';

/**
 * Webhooks of a project: notifications that name what is done, and carry nothing of it. OpenAI's library takes a secret without `whsec_`
 * as text, where the standard's would decode it; none is issued so, and here it is no key at all.
 */
export const openai: Provider = {
  name: 'openai',
  title: 'OpenAI',
  docs: [
    'https://platform.openai.com/docs/guides/webhooks',
    'https://platform.openai.com/docs/api-reference/webhook-events',
  ],
  scheme: standardSender('webhook'),
  events: [{ id: '{header:webhook-id}', type: '{body:type}', time: { at: '{body:created_at}', unit: 's' } }],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 259_200 }, clientErrors: 'retried' },
  setup: [
    'platform.openai.com → Settings → your project → Webhooks → Create. Store its signing secret whole, with whsec_: it is shown only once.',
    'Each project has webhooks, and each webhook a secret of its own: several on one source are a list.',
    'After a rotation keep the old secret in the list for a day.',
    'Failed deliveries are sent again for up to 72 hours. Payloads hold only ids: read the result from the API.',
  ],
  unverified: ['How long OpenAI waits for an answer: it asks for “a few seconds”, taken as 5.'],
};
