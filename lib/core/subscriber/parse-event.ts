import { isObject } from '../shape.ts';
import type { HeadgateEvent, ReferencedEvent } from './headgate-event.ts';
import { parseText } from './parse-text.ts';
import { readEvent } from './read-event.ts';
import { UnreadableEventError } from './unreadable-event-error.ts';

/** One record of a batch that Lambda was called with. */
export type ReadRecord =
  | {
      readonly kind: 'event';
      /** For `batchItemFailures`. */
      readonly messageId: string;
      readonly event: HeadgateEvent | ReferencedEvent;
    }
  | { readonly kind: 'unreadable'; readonly messageId: string; readonly error: UnreadableEventError };

type Fields = Readonly<Record<string, unknown>>;

/**
 * The event of one message, in whatever it comes:
 *
 * - a message of an SQS queue (its text, the message itself or Lambda's record), from a subscription with or without raw delivery
 * - a record of SNS in Lambda
 * - the body of an HTTP request from SNS, as text or bytes. Whoever knows the address can send one: use `notificationReader`,
 *   which proves that it comes from your topic
 * - the CloudEvent itself
 *
 * @throws {UnreadableEventError} when it is no event of ours: it will be the same on every try.
 * @example parseEvent(message.Body).type // 'github.issues.opened'
 */
export function parseEvent(message: unknown): HeadgateEvent | ReferencedEvent {
  const value = parse(message);
  return readEvent(isObject(value) ? unwrap(value) : value);
}

/**
 * The events of what Lambda is called with by SQS or SNS, in its order, each by itself: one that cannot be read is no reason to
 * fail the others.
 *
 * @throws {UnreadableEventError} when it is no such batch.
 * @example
 * for (const record of parseEvents(batch)) {
 *   if (record.kind === 'event') await store(record.event);
 *   else failures.push({ itemIdentifier: record.messageId }); // it ends in the dead-letter queue
 * }
 */
export function parseEvents(batch: unknown): readonly ReadRecord[] {
  if (!isObject(batch) || !Array.isArray(batch.Records)) {
    throw new UnreadableEventError('This is no batch of SQS or SNS: it has no Records.');
  }
  return batch.Records.map((record: unknown) => readRecord(isObject(record) ? record : {}));
}

function readRecord(record: Fields): ReadRecord {
  const { Sns: notification, messageId: own } = record;
  const id = isObject(notification) ? notification.MessageId : own;
  const messageId = typeof id === 'string' ? id : '';
  try {
    return { kind: 'event', messageId, event: parseEvent(record) };
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return { kind: 'unreadable', messageId, error };
  }
}

/** Takes off what SQS, SNS and Lambda put around an event. */
function unwrap(value: Fields): unknown {
  if (value.specversion !== undefined) return value;
  if (value.Records !== undefined) throw new UnreadableEventError('This is a batch: parseEvents reads it.');
  if (isObject(value.Sns)) return unwrap(value.Sns);
  const queued = value.body ?? value.Body;
  if (queued !== undefined) {
    const inner = parseText(queued, 'The body of the message');
    return isObject(inner) ? notified(inner) : inner;
  }
  return notified(value);
}

/** The message of an SNS notification. Without a type it is none, and what it is instead is for `readEvent` to say. */
function notified(value: Fields): unknown {
  if (value.Type === undefined) return value;
  if (value.Type !== 'Notification') {
    throw new UnreadableEventError(
      'This message of SNS is no notification: a notificationReader says what it is.',
    );
  }
  return parseText(value.Message, 'The message of the notification');
}

function parse(message: unknown): unknown {
  return isObject(message) && !(message instanceof Uint8Array) ? message : parseText(message, 'The message');
}
