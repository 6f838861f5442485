import type { Provider } from '../core/provider.ts';
import { standardEvent, standardHeaders, standardScheme } from './standard-webhooks.ts';

/** Senders on Svix (Clerk, Resend and many more): Standard Webhooks under their own or the standard's headers, as Svix's library takes them. */
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
  delivery: {
    timeoutMs: 15_000,
    retries: { spanSeconds: 99_305 },
    clientErrors: 'retried',
    disabling:
      "Svix disables an endpoint that fails for 5 days. It can be enabled again, and what it missed be sent again, in the sender's Svix portal.",
  },
  setup: [
    "Store the signing secret (whsec_…) of the endpoint: in the sender's Svix portal, under Endpoints → your endpoint → Signing Secret.",
    "The body is the sender's own: where type or timestamp lie elsewhere, or to put the states of a resource in order, give the value events of your own, as `{ ...svix, name, events }`.",
  ],
  unverified: [
    "The time limit is the sender's: the shorter of those that the standard suggests is kept, although the default of Svix's server is 30 seconds.",
    'No order is relied upon, whatever FIFO endpoints may promise.',
  ],
};
