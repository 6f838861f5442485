import type { EventShape, Provider } from '../core/provider.ts';
import { standardSender } from './standard-webhooks.ts';

const ANY: EventShape = {
  id: '{body:id}',
  type: '{body:data.type}',
  time: { at: '{body:created_at}', unit: 'iso' },
};

/** Where objects are read, by what their types begin with. */
const PATHS: Readonly<Record<string, string>> = {
  agent: '/agents/{body:data.id}',
  deployment: '/deployments/{body:data.id}',
  deployment_run: '/deployment_runs/{body:data.id}',
  environment: '/environments/{body:data.id}',
  session: '/sessions/{body:data.id}',
  vault: '/vaults/{body:data.id}',
  vault_credential: '/vaults/{body:data.vault_id}/credentials/{body:data.id}',
};

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
  events: [
    ...Object.entries(PATHS).map(
      ([kind, path]): EventShape => ({
        ...ANY,
        when: [{ at: `{body:data.type#${kind}.}` }],
        resource: {
          subject: `${kind}/{body:data.id}`,
          path,
          deletion: [{ at: `{body:data.type#${kind}.}`, equals: 'deleted' }],
        },
      }),
    ),
    ANY,
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 259_200 } },
  api: {
    baseUrls: { live: 'https://api.anthropic.com/v1' },
    auth: [{ kind: 'token', header: 'x-api-key' }],
    headers: { 'anthropic-version': '2026-10-21', 'anthropic-beta': 'managed-agents-2026-04-01' },
    rate: { perSecond: 1, burst: 10 },
  },
  setup: [
    'Claude Console → Manage → Webhooks, or the API. Store the signing secret whole, with whsec_: it is shown only once.',
    'Payloads hold only a type and ids: read the object from the API.',
    'To reconcile, store an API key of the workspace. Memory stores and user profiles are of other beta programmes, and keys of your own cloud have no address: these are not read.',
  ],
  unverified: [
    'How many objects Anthropic lets a client read: one a second is read.',
    'How long Anthropic waits for an answer, and for how long failed deliveries are sent again: 5 seconds; what is stored for dedup lasts for 3 days.',
    'Whether an old secret still signs after a new one was made: keep both in the list for a day.',
  ],
};
