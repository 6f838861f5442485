import type { EventShape, Test } from '../core/provider.ts';

const ENTRY = 'body:entry.0';
const CHANGE = `${ENTRY}.changes.0`;
const MESSAGE = `${CHANGE}.value.messages.0`;
const STATUS = `${CHANGE}.value.statuses.0`;
const CHAT = `${ENTRY}.messaging.0`;
const STANDBY = `${ENTRY}.standby.0`;

/** What lies in an item of `messaging` by the name of its kind, and what this has any of. */
const CHATS: Readonly<Record<string, readonly string[]>> = {
  message_edit: ['mid'],
  reaction: ['mid'],
  postback: ['mid', 'payload', 'title'],
  read: ['watermark', 'mid'],
  delivery: ['watermark'],
  optin: ['type', 'ref'],
  referral: ['source', 'type', 'ref'],
  account_linking: ['status'],
  pass_thread_control: ['new_owner_app_id'],
  take_thread_control: ['previous_owner_app_id'],
  request_thread_control: ['requested_owner_app_id'],
  policy_enforcement: ['action'],
};

interface TypedShape extends Omit<EventShape, 'type'> {
  readonly type: string;
}

function chat(type: string, ...when: readonly Test[]): TypedShape {
  return {
    when: [{ at: `{${CHAT}.message.mid}` }, ...when],
    // Of a message between two pages each of them hears.
    id: `{${ENTRY}.id}/${type}/{${CHAT}.message.mid}`,
    type,
    time: { at: `{${CHAT}.timestamp}`, unit: 'ms' },
  };
}

/** Has no id, but a time within. */
function timedChat([type, keys]: readonly [string, readonly string[]]): TypedShape {
  return {
    when: [{ at: keys.map((key) => `{${CHAT}.${type}.${key}?}`).join('') }],
    id: '{digest}',
    type,
    time: { at: `{${CHAT}.timestamp}`, unit: 'ms' },
  };
}

const status = {
  type: `status.{${STATUS}.status}`,
  time: { at: `{${STATUS}.timestamp}`, unit: 's' },
} as const;

const shapes: readonly TypedShape[] = [
  {
    when: [{ at: `{${MESSAGE}.id}` }],
    id: `message/{${MESSAGE}.id}`,
    type: `message.{${MESSAGE}.type}`,
    time: { at: `{${MESSAGE}.timestamp}`, unit: 's' },
  },
  {
    ...status,
    // In a group each member has one.
    when: [{ at: `{${STATUS}.recipient_participant_id}` }],
    id: `status/{${STATUS}.id}/{${STATUS}.status}/{${STATUS}.timestamp}/{${STATUS}.recipient_participant_id}`,
  },
  {
    ...status,
    when: [{ at: `{${STATUS}.id}` }],
    id: `status/{${STATUS}.id}/{${STATUS}.status}/{${STATUS}.timestamp}`,
    subject: `message/{${STATUS}.id}`,
    version: status.time,
  },
  // What was taken back comes under the id of the message.
  chat('message_deleted', { at: `{${CHAT}.message.is_deleted}`, equals: 'true' }),
  chat('message_echo', { at: `{${CHAT}.message.is_echo}`, equals: 'true' }),
  chat('message'),
  ...Object.entries(CHATS).map(timedChat),
  {
    when: [{ at: `{${CHAT}.sender.id?}{${CHAT}.timestamp?}` }],
    id: '{digest}',
    type: 'messaging',
    time: { at: `{${CHAT}.timestamp}`, unit: 'ms' },
  },
  {
    when: [{ at: `{${STANDBY}.sender.id}` }],
    id: [`{${ENTRY}.id}/standby/{${STANDBY}.message.mid}`, '{digest}'],
    type: 'standby',
    time: { at: `{${STANDBY}.timestamp}`, unit: 'ms' },
  },
  // A field that changed. Nothing but the time tells two equal changes apart.
  ...[CHANGE, ENTRY].map((from) => ({
    when: [{ at: `{${from}.field}` }],
    id: [`{${ENTRY}.time}/{digest}`, '{digest}'],
    type: `{${from}.field}`,
    time: { at: `{${ENTRY}.time}`, unit: 's' } as const,
  })),
  {
    id: [`{${ENTRY}.time}/{digest}`, '{digest}'],
    type: 'update',
    time: { at: `{${ENTRY}.time}`, unit: 's' },
  },
];

/**
 * What comes from Meta, in any of its products: the bodies tell them apart.
 * @param prefix of the types: `{body:object}.` where several objects share a URL.
 */
export function metaEvents(prefix: '' | '{body:object}.'): readonly EventShape[] {
  return shapes.map((shape) => ({ ...shape, type: prefix + shape.type }));
}
