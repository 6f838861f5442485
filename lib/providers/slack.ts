import type { EventShape, Provider, ResourceShape } from '../core/provider.ts';

/** Other types carry no state of a resource, so nothing is ordered by them. A later `event_ts` is a later state. */
function states(
  subject: string | readonly string[],
  types: readonly string[],
  resource?: ResourceShape,
): readonly EventShape[] {
  return types.map((type) => ({
    ...EVENT,
    when: [
      { at: '{body:type}', equals: 'event_callback' },
      { at: '{body:event.type}', equals: type },
    ],
    subject,
    version: { at: '{body:event.event_ts}', unit: 'decimal' },
    ...(resource && { resource }),
  }));
}

/** Errors come under 200. One says that there is none; most others are about the token. No document holds the time of an event. */
const asked = (error: string): Pick<ResourceShape, 'absent' | 'valid'> => ({
  absent: [{ at: '{body:error}', equals: error }],
  valid: [{ at: '{body:ok}', equals: 'true' }],
});

const EVENT: EventShape = {
  when: [{ at: '{body:type}', equals: 'event_callback' }],
  // Apps and workspaces may share event ids, for all that is documented.
  id: '{body:api_app_id}/{body:team_id?}/{body:event_id}',
  type: ['{body:event.type}.{body:event.subtype}', '{body:event.type}'],
  time: { at: '{body:event_time}', unit: 's' },
};

/** Events API, interactivity and slash commands, on one URL or several. */
export const slack: Provider = {
  name: 'slack',
  title: 'Slack',
  docs: [
    'https://docs.slack.dev/authentication/verifying-requests-from-slack',
    'https://docs.slack.dev/apis/events-api',
    'https://docs.slack.dev/interactivity/handling-user-interaction',
    'https://docs.slack.dev/interactivity/implementing-slash-commands',
    'https://docs.slack.dev/reference/methods/conversations.info',
    'https://docs.slack.dev/reference/methods/users.info',
    'https://docs.slack.dev/apis/web-api/rate-limits',
  ],
  scheme: {
    kind: 'signature',
    families: [
      {
        signature: { header: 'x-slack-signature', assign: '=' },
        timestamp: { header: 'x-slack-request-timestamp' },
      },
    ],
    signed: 'v0:{timestamp}:{body}',
    versions: [{ label: 'v0', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    timestamp: { unit: 's', toleranceSeconds: 300 },
  },
  handshakes: [
    {
      // Not signed: Slack probes the certificate of slash commands' URLs. Whatever else such a form carries is an attempt
      // to smuggle in an event, and goes to the signature check.
      method: 'POST',
      guard: 'none',
      media: 'form',
      when: [
        { at: '{body:ssl_check}', equals: '1' },
        { at: '{body:payload}', is: 'absent' },
        { at: '{body:command}', is: 'absent' },
      ],
      answer: { status: 200 },
    },
    {
      method: 'POST',
      guard: 'verified',
      media: 'json',
      when: [{ at: '{body:type}', equals: 'url_verification' }],
      answer: { status: 200, json: { challenge: '{body:challenge}' } },
    },
  ],
  document: { formField: 'payload' },
  events: [
    ...states(
      [
        'messages/{body:event.channel}/{body:event.message.ts}',
        'messages/{body:event.channel}/{body:event.deleted_ts}',
        'messages/{body:event.channel}/{body:event.ts}',
      ],
      ['message'],
    ),
    ...states(
      ['channels/{body:event.channel.id}', 'channels/{body:event.channel}'],
      ['channel_created', 'channel_rename', 'channel_archive', 'channel_unarchive', 'channel_deleted'],
      {
        path: [
          '/conversations.info?channel={body:event.channel.id}',
          '/conversations.info?channel={body:event.channel}',
        ],
        deletion: [{ at: '{body:event.type}', equals: 'channel_deleted' }],
        ...asked('channel_not_found'),
      },
    ),
    // One who was deactivated is a user still, and can come back.
    ...states('users/{body:event.user.id}', ['team_join', 'user_change'], {
      path: '/users.info?user={body:event.user.id}',
      ...asked('user_not_found'),
    }),
    ...states('files/{body:event.file_id}', [
      'file_created',
      'file_change',
      'file_public',
      'file_shared',
      'file_unshared',
      'file_deleted',
    ]),
    EVENT,
    {
      when: [{ at: '{body:type}', equals: 'app_rate_limited' }],
      id: 'app_rate_limited/{body:api_app_id}/{body:team_id}/{body:minute_rate_limited}',
      type: 'app_rate_limited',
      time: { at: '{body:minute_rate_limited}', unit: 's' },
    },
    {
      when: [{ at: '{body:command}' }, { at: '{body:type}', is: 'absent' }],
      id: '{body:trigger_id}',
      type: 'command.{body:command}',
    },
    {
      // Interactivity: always by a user. A few kinds have no trigger; none is sent twice by Slack itself.
      when: [{ at: '{body:type}' }, { at: '{body:user.id}' }],
      id: ['{body:trigger_id}', '{digest}'],
      type: 'interactivity.{body:type}',
    },
  ],
  idCoverage: 'signed',
  volatile: ['token', 'authorizations', 'authed_users'],
  delivery: {
    timeoutMs: 3_000,
    retries: { spanSeconds: 86_400 },
    clientErrors: 'retried',
    disabling:
      'Slack switches the event subscriptions of an app off when fewer than 5 % of the deliveries of an hour get a 200, unless there are fewer than 1,000. Turn them on again under Event Subscriptions.',
  },
  api: {
    baseUrls: { live: 'https://slack.com/api', gov: 'https://slack-gov.com/api' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    // Tier 3, the slower of both methods': 50 a minute.
    rate: { perSecond: 0.5, burst: 20 },
  },
  setup: [
    'The signing secret is on api.slack.com/apps → your app → Basic Information → App Credentials → Signing Secret; store that text.',
    'Set the URL under Event Subscriptions → Request URL, under Interactivity & Shortcuts, and for each slash command. Slack checks it at once: deploy and store the secret first.',
    'Interactivity and slash commands are answered with an empty 200 and are never sent again by Slack; answer the user through response_url.',
    'response_url lets anyone who reads it answer in your name: redact: ["response_url", "response_urls.*.response_url", "token"], unless a subscriber needs it.',
    'To reconcile, store a bot token (xoxb-…) as api, with channels:read and users:read. It is of one workspace: give each that has installed the app a source of its own. Channels and users are fetched; messages and files are as their events tell of them.',
    'Kinds that need an answer in the same request (block_suggestion) get an empty one.',
  ],
  unverified: [
    "The tolerance holds into the future too, although Slack's own library refuses only old requests.",
    'Three retries within 6 minutes are documented, and an option that adds hourly ones for a day: what is stored for dedup lasts for a day.',
    'Which fields a retry may change is not documented: the deprecated token and the lists of authorizations are left out of the comparison.',
  ],
};
