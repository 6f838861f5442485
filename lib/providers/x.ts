import type { EventShape, Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

const RELATION = ['type', 'source.id', 'target.id', 'created_timestamp'] as const;

/** The lists of account activity: what tells an item from all others of its user, and where its time lies, in ms. */
const LISTS: Readonly<Record<string, { readonly id: readonly string[]; readonly time: string }>> = {
  tweet_create_events: { id: ['id_str'], time: 'timestamp_ms' },
  tweet_delete_events: { id: ['status.id'], time: 'timestamp_ms' },
  favorite_events: { id: ['id'], time: 'timestamp_ms' },
  direct_message_events: { id: ['id'], time: 'created_timestamp' },
  ...Object.fromEntries(
    ['direct_message_indicate_typing_events', 'direct_message_mark_read_events'].map((list) => [
      list,
      { id: ['sender_id', 'target.recipient_id', 'created_timestamp'], time: 'created_timestamp' },
    ]),
  ),
  ...Object.fromEntries(
    ['follow', 'unfollow', 'block', 'unblock', 'mute', 'unmute'].map((action) => [
      `${action}_events`,
      { id: RELATION, time: 'created_timestamp' },
    ]),
  ),
};

const activities = Object.entries(LISTS).map(([list, { id, time }]): EventShape => {
  const holes = id.map((path) => `{body:${list}.0.${path}}`);
  return {
    when: holes.map((at) => ({ at })),
    // Each subscribed user hears of the same post.
    id: ['{body:for_user_id}', list, ...holes].join('/'),
    type: list,
    time: { at: `{body:${list}.0.${time}}`, unit: 'ms' },
  };
});

/**
 * Webhooks of the X Activity API, of account activity and of filtered streams. The key that holds the events of an account is their
 * type.
 *
 * The check of a webhook (CRC) asks for the MAC of any text, unsigned, and that MAC would be the signature of a delivery with this
 * text as its body. So only short opaque tokens get one, and none of them is ever accepted as a body.
 */
export const x: Provider = {
  name: 'x',
  title: 'X (Twitter)',
  docs: [
    'https://docs.x.com/x-api/webhooks/introduction',
    'https://docs.x.com/x-api/webhooks/quickstart',
    'https://docs.x.com/x-api/activity/event-payloads',
    'https://developer.x.com/en/docs/x-api/enterprise/account-activity-api/guides/account-activity-data-objects',
    'https://developer.x.com/en/docs/x-api/enterprise/account-activity-api/guides/activity-retries',
  ],
  scheme: bodyMac(
    { header: 'x-twitter-webhooks-signature', assign: '=' },
    { label: 'sha256', encoding: 'base64' },
  ),
  handshakes: [
    {
      method: 'GET',
      guard: 'none',
      when: [{ at: '{query:crc_token}' }],
      mac: '{query:crc_token}',
      answer: { status: 200, json: { response_token: 'sha256={mac}' } },
    },
  ],
  split: [
    'tweet_create_events.*',
    ...Object.keys(LISTS)
      .slice(1)
      .map((list) => `${list}.*`),
  ],
  events: [
    {
      when: [{ at: '{body:data.event_uuid}' }],
      id: '{body:data.event_uuid}',
      type: '{body:data.event_type}',
    },
    ...activities,
    {
      when: [{ at: '{body:user_event.revoke.date_time}' }],
      id: 'user_event/{body:user_event.revoke.source.user_id}/{body:user_event.revoke.date_time}',
      type: 'user_event',
      time: { at: '{body:user_event.revoke.date_time}', unit: 'iso' },
    },
    {
      when: [{ at: '{body:matching_rules.0.id}' }],
      id: 'post/{body:data.id}',
      type: 'filtered_stream',
      time: { at: '{body:data.created_at}', unit: 'iso' },
    },
    { id: '{digest}', type: 'event' },
  ],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 3_000,
    retries: 'none',
    withoutRetries:
      'Do not count on X to send a failed delivery again: only Enterprise webhooks are tried three more times, within 5 minutes. A replay job sends what was lost in the last 5 days to the same webhook.',
    disabling:
      'A wrong answer to a check, or a redirect, makes a webhook invalid at once; no right one for 28 hours, too. PUT /2/webhooks/{id} has it checked again.',
  },
  setup: [
    'developer.x.com → your app → Keys and tokens. Store the API secret key (consumer secret); it is neither the bearer nor an access token.',
    'Deploy first, then POST /2/webhooks with the URL, which has no port: X checks it at once, and every hour.',
    'Subscribe users or filters to the webhook. What a replay job sends is a duplicate where it came before.',
    'A new secret signs at once: store it first, and keep the old one in the list for a day. The check is answered with the first.',
  ],
  unverified: [
    'X’s pages name limits of 3 and of 10 seconds: the shorter is kept.',
    'Whether a replay, or a retry, carries the same event_uuid and equal content: a copy that differs is refused as a collision, after the first was published.',
  ],
};
