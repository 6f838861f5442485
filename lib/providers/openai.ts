import type { EventShape, Provider } from '../core/provider.ts';
import { standardSender } from './standard-webhooks.ts';

const ANY: EventShape = {
  id: '{header:webhook-id}',
  type: '{body:type}',
  time: { at: '{body:created_at}', unit: 's' },
};

/** Where what is done is read, by what its types begin with. A run of an eval is read below the eval, which its events do not name. */
const PATHS: Readonly<Record<string, string>> = {
  response: '/responses/{body:data.id}',
  batch: '/batches/{body:data.id}',
  'fine_tuning.job': '/fine_tuning/jobs/{body:data.id}',
};

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
  events: [
    ...Object.entries(PATHS).map(
      ([kind, path]): EventShape => ({
        ...ANY,
        when: [{ at: `{body:type#${kind}.}` }],
        resource: { subject: `${kind}/{body:data.id}`, path },
      }),
    ),
    ANY,
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 259_200 }, clientErrors: 'retried' },
  api: {
    baseUrls: { live: 'https://api.openai.com/v1' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    rate: { perSecond: 2, burst: 10 },
  },
  setup: [
    'platform.openai.com → Settings → your project → Webhooks → Create. Store its signing secret whole, with whsec_: it is shown only once.',
    'Each project has webhooks, and each webhook a secret of its own: several on one source are a list.',
    'After a rotation keep the old secret in the list for a day.',
    'Failed deliveries are sent again for up to 72 hours. Payloads hold only ids: read the result from the API.',
    'To reconcile, store a key of the same project that may read responses, batches and fine-tuning jobs. A response is there only while OpenAI stores it; runs of evals are not read, since their events do not name the eval.',
  ],
  unverified: [
    'How long OpenAI waits for an answer: it asks for “a few seconds”, taken as 5.',
    'How many responses, batches and jobs OpenAI lets a client read: its limits are those of models; 2 a second are read.',
  ],
};
