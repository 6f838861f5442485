import type { EventShape, Provider, TypeRule } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

const RESOURCE = '{header:sentry-hook-resource}';

/** What the data of a resource holds, and what of another's that holds the same. */
const HOLDS: Readonly<Record<string, string>> = {
  issue: 'data.issue',
  error: 'data.error',
  comment: 'data.comment',
  event_alert: 'data.event',
  activity_alert: 'data.activity',
  metric_alert: 'data.metric_alert',
  installation: 'data.installation',
  seer: 'data.run_id',
};

const typeRules: readonly TypeRule[] = [
  ...Object.entries(HOLDS).map(([equals, body]) => ({ type: RESOURCE, equals, body })),
  // Alerts of an activity carry the issue too.
  { type: RESOURCE, equals: 'issue', lacks: 'data.activity' },
];

const ANY: EventShape = { id: '{header:request-id}', type: `${RESOURCE}.{body:action}` };

/**
 * Webhooks of integrations. Neither the time, nor the id, nor the resource that is the first half of the type is signed: all three lie in
 * headers, so the body is held to the resource that it is said to be of. Nothing
 * orders the states of an issue: only what is fetched is one.
 */
export const sentry: Provider = {
  name: 'sentry',
  title: 'Sentry',
  docs: [
    'https://docs.sentry.io/organization/integrations/integration-platform/webhooks/',
    'https://docs.sentry.io/api/events/retrieve-an-issue/',
    'https://docs.sentry.io/api/ratelimits/',
    'https://sentry.io/changelog/2023-10-3-change-to-integration-platform-webhook-handling',
  ],
  scheme: bodyMac('sentry-hook-signature'),
  events: [
    {
      ...ANY,
      when: [{ at: RESOURCE, equals: 'issue' }],
      resource: {
        subject: 'issue/{body:data.issue.id}',
        path: '/issues/{body:data.issue.id}/',
        ids: 'digits',
      },
    },
    ANY,
  ],
  idCoverage: 'unsigned',
  // An issue can be given to somebody, taken back and given again: nothing in the body tells.
  repeatableTypes: [
    'issue.assigned',
    'issue.resolved',
    'issue.unresolved',
    'issue.ignored',
    'issue.archived',
  ],
  signatureMark: '{digest}',
  typeRequires: typeRules,
  delivery: {
    timeoutMs: 1_000,
    retries: 'none',
    withoutRetries:
      'Sentry waits for one second, and never sends a failed delivery again: read the issues that changed meanwhile through its API.',
    disabling:
      '1,000 timeouts within 24 hours unsubscribe a webhook, and its owner gets a mail; turn it on again in the settings of the integration.',
  },
  api: {
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    rate: { perSecond: 2, burst: 10 },
    rateLimit: {
      remaining: 'x-sentry-rate-limit-remaining',
      reset: { header: 'x-sentry-rate-limit-reset', unit: 's' },
    },
  },
  setup: [
    'Settings → Developer Settings → your integration, or a new internal one: Webhook URL, then the resources. Store its Client Secret; it is neither the Client ID nor a token.',
    'A second is short, a cold start included: do not set ingestMemorySize lower than it is.',
    'Only subscribed webhooks are taken. Calls of UI components (Sentry-App-Signature) want an answer that is made for them.',
    'The older WebHooks plugin signs nothing, and all of it is refused.',
    'To reconcile issues, say the organization’s address: `baseUrl: "https://us.sentry.io/api/0/organizations/{slug}"` (de.sentry.io, or your own server), and store a token that may read issues and events (event:read).',
  ],
  unverified: [
    'How many issues Sentry lets a client read, which differs between plans: 2 a second are read, and its headers obeyed.',
    'What the body of each resource holds: as Sentry’s pages show it. Another resource is taken as it says.',
    'Which types rightly come twice with equal bytes: those that only name who or how an issue is now.',
  ],
};
