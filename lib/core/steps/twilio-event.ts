import { timeOf, versionOf } from '../instant.ts';
import type { IdentifyStepCode, Identity } from '../step.ts';

/** A field that is there and not empty. */
type Field = (name: string) => string | undefined;

/**
 * Twilio's forms have no type, no event id and no time: all three follow from which fields there are.
 * The id is made of signed fields only; `I-Twilio-Idempotency-Token` is not signed, and whether it is stable is not documented.
 */
export const step: IdentifyStepCode = {
  identify(read) {
    const field: Field = (name) => read({ from: 'body', name }) || undefined;
    const digest = (): string => read({ from: 'digest', name: '' }) ?? '';
    const identity =
      streamEvent(field) ??
      transcription(field) ??
      recording(field) ??
      conversation(field, digest) ??
      message(field) ??
      call(field, digest) ??
      other(field, digest);
    return identity && { ...identity, ...resourceOf(identity, field) };
  },
};

const READ_BY_ACCOUNT = ['Messages', 'Calls', 'Recordings', 'Transcriptions'];

const SID = /^[A-Z]{2}[0-9a-f]{32}$/;

/** What Twilio reads has no count of how far it has come, so it has no version. Conversations are read at another host. */
function resourceOf({ subject = '' }: Identity, field: Field): Pick<Identity, 'resource'> {
  const [kind = '', sid = '', ...more] = subject.split('/');
  const account = field('AccountSid') ?? field('data.accountSid') ?? '';
  if (!READ_BY_ACCOUNT.includes(kind) || more.length > 0 || !SID.test(sid) || !SID.test(account)) return {};
  const path = `/2010-04-01/Accounts/${account}/${kind}/${sid}.json`;
  return { resource: { address: { path, kind, payload: 'state', says: 'stands', shape: {} } } };
}

/** How far a message has come; the callbacks arrive in any order. What ends it in different ways has one rank: no order between them. */
const MESSAGE_RANKS: Readonly<Record<string, number>> = {
  accepted: 1,
  scheduled: 2,
  queued: 3,
  receiving: 3,
  sending: 4,
  sent: 5,
  delivered: 6,
  undelivered: 6,
  failed: 6,
  canceled: 6,
  received: 6,
  read: 7,
};

const RECORDING_RANKS: Readonly<Record<string, number>> = {
  'in-progress': 1,
  completed: 2,
  absent: 2,
  failed: 2,
};

/** Event Streams: a CloudEvent (https://www.twilio.com/docs/events). Only messages' events also come as callbacks, so they rank alike. */
function streamEvent(field: Field): Identity | undefined {
  const id = field('id');
  const type = field('type');
  if (field('specversion') === undefined || id === undefined || type === undefined) return undefined;
  const sid = field('data.messageSid');
  const status = /^com\.twilio\.messaging\.(?:inbound-)?message\.([a-z-]+)$/.exec(type)?.[1];
  const version = rank(MESSAGE_RANKS, status);
  return {
    ...identity(
      id,
      type,
      sid !== undefined && version !== undefined ? `Messages/${sid}` : undefined,
      version,
    ),
    ...at(timeOf(field('time') ?? '', 'iso')),
  };
}

function transcription(field: Field): Identity | undefined {
  const sid = field('TranscriptionSid');
  const status = field('TranscriptionStatus');
  if (sid === undefined || status === undefined) return undefined;
  return identity(`${sid}/${status}`, `transcription.${status}`, `Transcriptions/${sid}`);
}

function recording(field: Field): Identity | undefined {
  const sid = field('RecordingSid');
  const status = field('RecordingStatus');
  if (sid === undefined || status === undefined) return undefined;
  return identity(
    `${sid}/${status}`,
    `recording.${status}`,
    `Recordings/${sid}`,
    rank(RECORDING_RANKS, status),
  );
}

function conversation(field: Field, digest: () => string): Identity | undefined {
  const sid = field('ConversationSid');
  const type = field('EventType');
  if (sid === undefined || type === undefined) return undefined;
  const part = path('Messages', field('MessageSid')) ?? path('Participants', field('ParticipantSid')) ?? '';
  const changed = field('DateRemoved') ?? field('DateUpdated') ?? field('DateCreated');
  return {
    ...identity(
      `${type}/${sid}${part}/${changed ?? digest()}`,
      `conversation.${type}`,
      `Conversations/${sid}${part}`,
      versionOf(changed ?? '', 'iso'),
    ),
    ...at(timeOf(changed ?? '', 'iso')),
  };
}

/** Also other channels' messages. An error is a part of the status: `undelivered` can come again with another code. */
function message(field: Field): Identity | undefined {
  const sid = field('MessageSid') ?? field('SmsSid') ?? field('SmsMessageSid');
  const status = field('MessageStatus') ?? field('SmsStatus') ?? (field('Body') && 'received');
  if (sid === undefined || status === undefined) return undefined;
  // To a fallback URL, an incoming message comes with the code of the error that the first URL gave.
  const error = status === 'received' ? undefined : field('ErrorCode');
  const id = [sid, status, error].filter((part) => part !== undefined).join('/');
  return identity(id, `message.${status}`, `Messages/${sid}`, rank(MESSAGE_RANKS, status));
}

/** Progress callbacks are numbered; the requests of a call's TwiML are not, and one status can bring many (digits, speech). */
function call(field: Field, digest: () => string): Identity | undefined {
  const sid = field('CallSid');
  const status = field('CallStatus');
  if (sid === undefined || status === undefined) return undefined;
  const number = field('SequenceNumber');
  return {
    ...identity(
      `${sid}/${status}/${number ?? digest()}`,
      `call.${status}`,
      number === undefined ? undefined : `Calls/${sid}`,
      versionOf(number ?? '', 'integer'),
    ),
    ...at(rfc2822(field('Timestamp'))),
  };
}

/** The many other products: told apart by their bytes, and by whatever names the event. */
function other(field: Field, digest: () => string): Identity | undefined {
  if (field('AccountSid') === undefined) return undefined;
  const name = field('EventType') ?? field('StatusCallbackEvent');
  return identity(digest(), name === undefined ? 'event' : `event.${name}`);
}

function identity(id: string, type: string, subject?: string, version?: Identity['version']): Identity {
  return {
    id,
    type,
    ...(subject === undefined ? {} : { subject }),
    ...(version === undefined ? {} : { version }),
  };
}

function at(time: Identity['time']): Pick<Identity, 'time'> {
  return time === undefined ? {} : { time };
}

function rank(ranks: Readonly<Record<string, number>>, status: string | undefined): Identity['version'] {
  if (status === undefined || !Object.hasOwn(ranks, status)) return undefined;
  return versionOf(String(ranks[status]), 'integer');
}

function path(kind: string, sid: string | undefined): string | undefined {
  return sid === undefined ? undefined : `/${kind}/${sid}`;
}

/** `Tue, 24 Nov 2026 10:00:00 +0000` */
function rfc2822(text: string | undefined): number | undefined {
  const known =
    text !== undefined && /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}$/.test(text);
  const time = known ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
