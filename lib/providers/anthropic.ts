import type { Provider } from '../core/provider.ts';
import { standardSender } from './standard-webhooks.ts';

/**
 * Webhooks of Claude's managed agents: notifications that name an object, and carry nothing of it. Every body is of the type `event`:
 * what happened is the type of its `data`.
 */
export const anthropic: Provider = {
  name: 'anthropic',
  title: 'Anthropic',
  docs: [
    'https://platform.claude.com/docs/en/managed-agents/webhooks',
    'https://github.com/anthropics/anthropic-sdk-typescript',
  ],
  scheme: standardSender('webhook'),
  events: [{ id: '{body:id}', type: '{body:data.type}', time: { at: '{body:created_at}', unit: 'iso' } }],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 259_200 } },
  setup: [
    'Claude Console → Manage → Webhooks, or the API. Store the signing secret whole, with whsec_: it is shown only once.',
    'Payloads hold only a type and ids: read the object from the API.',
  ],
  unverified: [
    'How long Anthropic waits for an answer, and for how long failed deliveries are sent again: 5 seconds; what is stored for dedup lasts for 3 days.',
    'Whether an old secret still signs after a new one was made: keep both in the list for a day.',
  ],
};
