import { type KeyObject, X509Certificate } from 'node:crypto';
import { isSignedBy, readSnsMessage } from '../core/scheme/sns-message.ts';
import { isObject } from '../core/shape.ts';
import type { HeadgateEvent, ReferencedEvent } from '../core/subscriber/headgate-event.ts';
import { parseText } from '../core/subscriber/parse-text.ts';
import { readEvent } from '../core/subscriber/read-event.ts';
import { UnreadableEventError } from '../core/subscriber/unreadable-event-error.ts';
import { confirmed } from './confirmed.ts';

/** What SNS posted to an HTTP endpoint. */
export type Notification =
  | { readonly kind: 'event'; readonly event: HeadgateEvent | ReferencedEvent }
  /** SNS asks whether the topic's messages are wanted: `ConfirmSubscriptionCommand` with these says yes. */
  | { readonly kind: 'confirmation'; readonly topicArn: string; readonly token: string }
  | { readonly kind: 'unsubscribed'; readonly topicArn: string }
  /** It does not come from one of your topics, or is no event: answer 403. */
  | { readonly kind: 'refused'; readonly explanation: string };

export interface NotificationReaderOptions {
  /** Your topics. Anybody can have a topic of his own, whose messages SNS signs as well. */
  readonly topicArns: readonly [string, ...string[]];
  /**
   * Gives the text (PEM) of a certificate of SNS; the URL has been checked.
   * @default - by fetch, within 5 seconds
   */
  readonly fetchCertificate?: (url: string) => Promise<string>;
}

/** SNS has few certificates; a bound all the same. */
const CACHED = 8;

/**
 * Reads what SNS posts to your HTTP endpoint, and proves by SNS's signature that it comes from one of your topics
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html). A subscription with raw delivery has no
 * signature, so all of it is refused. An old notification can be posted again: `once` and `latest` make that harmless.
 *
 * @returns a function of the request's body. It rejects with an `InfrastructureError` when SNS's certificate could not be had:
 * answer 503, and SNS sends it again.
 * @example
 * const read = notificationReader({ topicArns: [process.env.TOPIC_ARN] });
 * const notification = await read(await buffer(request));
 * if (notification.kind === 'event') await once(store, notification.event, handle);
 */
export function notificationReader(
  options: NotificationReaderOptions,
): (body: Uint8Array | string) => Promise<Notification> {
  const keyOf = keyCache(options.fetchCertificate ?? fetchText);
  return async (body) => {
    try {
      const fields = parseText(body, 'The body');
      return isObject(fields)
        ? await read(fields, options.topicArns, keyOf)
        : refused('The body is no object.');
    } catch (error) {
      if (error instanceof UnreadableEventError) return refused(error.message);
      throw error;
    }
  };
}

async function read(
  fields: Readonly<Record<string, unknown>>,
  topicArns: readonly string[],
  keyOf: (url: string) => Promise<KeyObject>,
): Promise<Notification> {
  const message = readSnsMessage(fields);
  if (message.kind === 'fault') return refused(message.explanation);
  const { type, topicArn, token } = message;
  if (!topicArns.includes(topicArn)) return refused('It is of another topic.');
  if (!isSignedBy(message, await keyOf(message.certificateUrl))) return refused('Its signature is wrong.');
  // Only the signed fields count: whoever holds one genuine notification can add any other to it.
  if (type === 'Notification')
    return { kind: 'event', event: readEvent(parseText(message.message, 'The message of the notification')) };
  return token === undefined ? { kind: 'unsubscribed', topicArn } : { kind: 'confirmation', topicArn, token };
}

function refused(explanation: string): Notification {
  return { kind: 'refused', explanation };
}

function keyCache(fetchCertificate: (url: string) => Promise<string>): (url: string) => Promise<KeyObject> {
  const keys = new Map<string, KeyObject>();
  return async (url) => {
    const known = keys.get(url);
    if (known !== undefined) return known;
    const fetched = fetchCertificate(url).then((pem) => new X509Certificate(pem).publicKey);
    const key = await confirmed('sns:SigningCertificate', fetched);
    if (keys.size >= CACHED) keys.clear();
    keys.set(url, key);
    return key;
  };
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.text();
}
