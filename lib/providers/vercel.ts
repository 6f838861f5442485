import type { EventShape, Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

const ANY: EventShape = {
  id: '{body:id}',
  type: '{body:type}',
  time: { at: '{body:createdAt}', unit: 'ms' },
};

/** Webhooks of a team and of integrations: HMAC-SHA1, whatever others say. An event names what happened, and is no state of it. */
export const vercel: Provider = {
  name: 'vercel',
  title: 'Vercel',
  docs: [
    'https://vercel.com/docs/webhooks',
    'https://vercel.com/docs/webhooks/webhooks-api',
    'https://vercel.com/docs/rest-api',
  ],
  scheme: bodyMac('x-vercel-signature', { algorithm: 'hmac-sha1' }),
  events: [
    {
      ...ANY,
      when: [{ at: '{body:type#deployment.}' }],
      resource: {
        subject: 'deployment/{body:payload.deployment.id}',
        path: [
          '/v13/deployments/{body:payload.deployment.id}?teamId={body:payload.team.id}',
          '/v13/deployments/{body:payload.deployment.id}',
        ],
        deletion: [{ at: '{body:type}', equals: 'deployment.cleanup' }],
      },
    },
    ANY,
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 30_000, retries: { spanSeconds: 86_400 }, clientErrors: 'retried' },
  api: {
    baseUrls: { live: 'https://api.vercel.com' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    rate: { perSecond: 2, burst: 10 },
    rateLimit: { remaining: 'x-ratelimit-remaining', reset: { header: 'x-ratelimit-reset', unit: 's' } },
  },
  setup: [
    'Team Settings → Webhooks → Create Webhook, with the events and projects that you need. Store its secret: it is shown only once.',
    'Webhooks of an integration are signed with its client secret instead: both kinds on one source are a list.',
    'A secret cannot be changed: create a second webhook, store both secrets, then remove the first.',
    'To reconcile, store an access token (Account Settings → Tokens) whose scope is the team. Deployments are read; projects are not, since the API gives their environment variables with them.',
  ],
  unverified: [
    'That an event keeps its id when it is sent again, as the field is described.',
    'How many deployments Vercel lets a client read: 2 a second are read.',
    'That deployment.cleanup tells of a deployment that is no more: one that is still there, twice in half a minute, is published as it stands.',
  ],
};
