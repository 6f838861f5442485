import type { Provider } from '../core/provider.ts';
import { standardEvent, standardHeaders, standardScheme } from './standard-webhooks.ts';

/**
 * Senders on Svix (Clerk, Resend and many more): Standard Webhooks under their own or the standard's headers, as Svix's library takes them.
 *
 * Not verified in Svix's documentation, hence read the safe way:
 * - the time limit: the shorter of the suggested ones, although the server's default is 30 seconds;
 * - FIFO endpoints: no order is relied upon.
 */
export const svix: Provider = {
  name: 'svix',
  title: 'Svix',
  docs: [
    'https://docs.svix.com/receiving/verifying-payloads/how-manual',
    'https://github.com/svix/svix-webhooks/blob/main/server/svix-server/config.default.toml',
  ],
  scheme: { ...standardScheme, families: [standardHeaders('svix'), standardHeaders('webhook')] },
  // Headers of the family that was not verified are no part of what is read here.
  events: [{ ...standardEvent, id: ['{header:svix-id}', '{header:webhook-id}'] }],
  idCoverage: 'signed',
  delivery: { timeoutMs: 15_000, retries: { spanSeconds: 99_305 } },
  setup: [
    "Store the signing secret (whsec_…) of the endpoint: in the sender's Svix portal, under Endpoints → your endpoint → Signing Secret.",
    "The body is the sender's own: where type or timestamp lie elsewhere, or to put the states of a resource in order, give the value events of your own, as `{ ...svix, name, events }`.",
    'Failed messages are retried for about 28 hours; an endpoint that fails for 5 days is disabled. Messages can be sent again from the portal.',
  ],
};
