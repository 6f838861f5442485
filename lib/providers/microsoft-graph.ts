import type { EventShape, Provider } from '../core/provider.ts';

const ITEM = 'body:value.0';

/** With an id where Graph gives one. Where it does not, what changed twice is told twice in equal words, so each telling is an event. */
function notification(mark: 'changeType' | 'lifecycleEvent'): readonly EventShape[] {
  const told = { at: `{${ITEM}.${mark}}` };
  const type = `{${ITEM}.${mark}}`;
  return [
    { when: [told, { at: `{${ITEM}.id}` }], id: `{${ITEM}.subscriptionId}/{${ITEM}.id}`, type },
    { when: [told], type },
  ];
}

/**
 * Change and lifecycle notifications. Each item of a request carries the clientState of its subscription: one with another is dropped,
 * since Graph sends the items of several subscriptions together. An item says that something changed, and is about no state of it.
 */
export const microsoftGraph: Provider = {
  name: 'microsoft-graph',
  title: 'Microsoft Graph',
  docs: [
    'https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks',
    'https://learn.microsoft.com/en-us/graph/change-notifications-lifecycle-events',
    'https://learn.microsoft.com/en-us/graph/api/resources/changenotification',
  ],
  scheme: { kind: 'token', body: 'value.*.clientState' },
  handshakes: [
    {
      method: 'POST',
      guard: 'none',
      when: [{ at: '{query:validationToken}' }],
      answer: { status: 200, text: '{query:validationToken}' },
    },
  ],
  split: ['value.*'],
  events: [...notification('lifecycleEvent'), ...notification('changeType')],
  idCoverage: 'unsigned',
  volatile: ['validationTokens'],
  acknowledge: { status: 202 },
  delivery: {
    timeoutMs: 3_000,
    retries: { spanSeconds: 14_400 },
    clientErrors: 'retried',
    disabling:
      'When a tenth of the answers take longer than 2.9 s, notifications to the host are throttled, and above that dropped, until it is quick again for 10 minutes. A subscription ends at its expirationDateTime.',
  },
  setup: [
    'Choose a long random clientState (at most 128 characters) and store it. Give it, with the URL as notificationUrl and lifecycleNotificationUrl, to POST /v1.0/subscriptions; Graph checks the URL at once.',
    'Subscriptions end after hours or days: renew them (PATCH expirationDateTime) on lifecycle notifications, which are events here: reauthorizationRequired, subscriptionRemoved, missed.',
    'To change the clientState, store the new one first and keep the old one in the list; wait a minute before a subscription gets it.',
    'The clientState proves who sends, not what: get the resource from Graph before you act on it.',
    'Notifications with resource data (includeResourceData) prove more: use the provider microsoftGraphRich for them, under a URL of its own.',
  ],
  unverified: [
    'What a 4xx does: the page says that anything but a 2xx is sent again.',
    'That an id is the same in every attempt; Graph does not give one for every resource, and without it what is sent again is published again.',
  ],
};

/**
 * Notifications that carry resource data. Each item needs the clientState and, unless it is a lifecycle notification, a token by which
 * Microsoft says that it sends to this app about this tenant. The data itself is encrypted for the app, and goes on as it came.
 */
export const microsoftGraphRich: Provider = {
  ...microsoftGraph,
  name: 'microsoft-graph-rich',
  title: 'Microsoft Graph (with resource data)',
  docs: [
    'https://learn.microsoft.com/en-us/graph/change-notifications-with-resource-data',
    ...microsoftGraph.docs,
  ],
  scheme: { kind: 'step', step: 'microsoft-graph-tokens' },
  setup: [
    'Choose a long random clientState for the app, and store the app’s id before it: <application (client) id>:<clientState>. Several apps are a list, each with a clientState of its own.',
    'Give the clientState, with the URL as notificationUrl and lifecycleNotificationUrl, includeResourceData, encryptionCertificate and encryptionCertificateId, to POST /v1.0/subscriptions.',
    'The keys are fetched from Microsoft while it waits, once a day and when it uses a new one: a function in a VPC needs a way out to login.microsoftonline.com.',
    'To decrypt encryptedContent needs the private key of your certificate, which Headgate never has: its dataKey opens the data, and its dataSignature proves it.',
    ...microsoftGraph.setup.filter((line) => /^(Subscriptions end|To change)/.test(line)),
  ],
  unverified: [
    ...(microsoftGraph.unverified ?? []),
    'Whether lifecycle notifications of such subscriptions come with tokens: they are taken without, since none carries data.',
    'Other clouds than the global one (US government, China): their tokens have other issuers, and are refused.',
  ],
};
