import type { DeliveryHabits, Provider } from '../core/provider.ts';
import { jiraEvents } from './jira-events.ts';

const delivery: DeliveryHabits = {
  timeoutMs: 10_000,
  retries: { spanSeconds: 4_500 },
  clientErrors: 'dropped',
  disabling:
    'After some half an hour of failures Jira tries each webhook once only; a delivery that is accepted ends that.',
};

const docs = [
  'https://developer.atlassian.com/cloud/jira/platform/webhooks/',
  'https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/',
];

const BODY =
  'The token says nothing of the body. Whoever captures one can send another body with it for three minutes: ask Atlassian before you act on what matters.';

const UNVERIFIED = [
  'How long Atlassian waits for an answer: 10 seconds are taken.',
  'That each attempt has a token of its own: all attempts together run for longer than a token is good.',
  'The order of events: only the time of a resource’s last change orders its states.',
];

/**
 * Webhooks of a Connect app. Two deliveries in one second have equal tokens, so a token is no mark of its event, and nothing but its
 * three minutes keeps it from being used with another body.
 */
export const atlassianConnect: Provider = {
  name: 'atlassian-connect',
  title: 'Atlassian Connect',
  docs: [...docs, 'https://developer.atlassian.com/cloud/jira/platform/modules/webhook/'],
  scheme: { kind: 'step', step: 'atlassian-connect-token', toleranceSeconds: 180 },
  // Bodies of Confluence tell no type; its query is signed.
  events: jiraEvents.map((shape) => ({
    ...shape,
    type: ['{body:webhookEvent}', '{body:event}', '{query:event}'],
  })),
  idCoverage: 'unsigned',
  delivery,
  setup: [
    'In the app’s descriptor: a webhook module for each event, with the path of the URL that Headgate prints. Its baseUrl must end with the host, since path and query are signed as they are called.',
    'Each install sends your app a sharedSecret (lifecycle installed): store it. Give each site a source of its own: issues of two sites share ids, and would be taken for one. After a new install keep the old secret in the list for an hour.',
    'For Confluence put the type into the URL: …?event=page_updated. It is signed.',
    BODY,
  ],
  unverified: [
    ...UNVERIFIED,
    'Whether Confluence’s bodies tell their type: it is taken from the body where it is there, else from the query.',
  ],
};

/** Webhooks that an OAuth 2.0 app registered through Jira’s API. They cover neither URL nor body. */
export const jiraOauth: Provider = {
  name: 'jira-oauth',
  title: 'Jira (webhooks of an OAuth 2.0 app)',
  docs,
  scheme: { kind: 'step', step: 'atlassian-oauth-token', toleranceSeconds: 180 },
  events: jiraEvents,
  idCoverage: 'unsigned',
  delivery,
  setup: [
    'developer.atlassian.com/console → your app → Settings: store its client secret. POST /rest/api/3/webhook registers the URL for 30 days; renew it before.',
    'Give each site a source of its own, with a path of its own and the same secret: issues of two sites share ids, and would be taken for one.',
    'A query in the URL is left out when Jira calls it.',
    BODY,
  ],
  unverified: [
    'The algorithm: Jira’s page only says that the token is signed with the client secret; HS256 is taken, and no other.',
    'The claims: a time at which it was made or expires is needed; a hash of the request (qsh) is not counted on.',
    ...UNVERIFIED,
  ],
};
