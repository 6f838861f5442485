import type { Digest } from './event.ts';
import { parseObject } from './json-object.ts';
import { type EpochMs, type Headers, METHODS, type Method } from './request.ts';
import { MESSAGE_LIMIT, OBJECT_PREFIX } from './resources.ts';
import { sha256 } from './scheme.ts';
import { isObject } from './shape.ts';
import type { SourceName } from './source.ts';
import { utf8Bytes, utf8Text } from './utf8-text.ts';

declare const deliveryId: unique symbol;
/** One accepted request; the gateway's request id, so that a log line leads from one to the other. */
export type DeliveryId = string & { readonly [deliveryId]: true };

const ORIGINS = ['webhook', 'sweep', 'replay'] as const;
/** How the events came to us. */
export type Origin = (typeof ORIGINS)[number];

/** One accepted request, as queued. Only what has been verified becomes one. */
export interface Delivery {
  readonly id: DeliveryId;
  readonly source: SourceName;
  readonly origin: Origin;
  readonly method: Method;
  readonly path: string;
  readonly query: string;
  /** Only those that identification reads; headers that are the secret are never among them. */
  readonly headers: Headers;
  readonly body: Buffer;
  readonly receivedAt: EpochMs;
}

/** The message attribute that carries a delivery's metadata, as JSON. */
export const METADATA_ATTRIBUTE = 'headgate';

/** The message attribute that says why a delivery is a dead letter. */
export const REASON_ATTRIBUTE = 'reason';

/** The longest such reason, in bytes. Room for it is kept in every message, so that the fullest can still become a dead letter. */
export const REASON_LIMIT = 256;

/** The message attribute that says since when a copy has been waiting, in ms since the epoch. It fits into the room of the reason, which such a copy has not. */
export const WAITING_ATTRIBUTE = 'waiting-since';

const ATTRIBUTE_TYPE = 'String';

/** A delivery as it lies on the queue. */
export interface DeliveryMessage {
  /** The body itself where SQS takes every character of it, else base64; `-` when it is empty or lies in the object store. */
  readonly body: string;
  /** JSON: the delivery without its body, and where that is. */
  readonly metadata: string;
  readonly group: SourceName;
  /** Of a copy that waits: when the waiting began. A dead letter has none, so that one that is redriven may wait again. */
  readonly waitingSince?: EpochMs;
}

/** `too-large`: put the body under `key` first, then send the message, which refers to it. */
export type EncodedDelivery =
  | { readonly kind: 'message'; readonly encoding: InlineEncoding; readonly message: DeliveryMessage }
  | { readonly kind: 'too-large'; readonly key: string; readonly message: DeliveryMessage };

/** A delivery whose body lies in the object store; `withStoredBody` completes it. */
export interface StoredDelivery {
  readonly kind: 'stored';
  readonly key: string;
  readonly sha256: Digest;
  readonly head: DeliveryHead;
}

/** No delivery: somebody else's message, or a damaged one. The explanation quotes nothing of it. */
export interface MalformedMessage {
  readonly kind: 'malformed';
  readonly explanation: string;
}

export type DecodedDelivery =
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  | StoredDelivery
  | MalformedMessage;

type DeliveryHead = Omit<Delivery, 'body'>;

type InlineEncoding = 'text' | 'base64' | 'empty';

type BodyPlace =
  | { readonly kind: InlineEncoding }
  | { readonly kind: 'stored'; readonly key: string; readonly sha256: Digest };

/** SQS takes no empty body. */
const NO_BODY = '-';

/** What one attribute costs beside its value: SQS counts name, type and value. */
const attributeOverhead = (name: string): number => name.length + ATTRIBUTE_TYPE.length;
const OVERHEAD = attributeOverhead(METADATA_ATTRIBUTE) + attributeOverhead(REASON_ATTRIBUTE) + REASON_LIMIT;

/**
 * The message of a delivery; one that would pass SQS's limit refers to a body in the object store instead.
 * @example encodeDelivery(delivery) // { kind: 'message', encoding: 'text', message: { body: '{"action":…}', metadata: '{"id":…}', group: 'github' } }
 */
export function encodeDelivery(delivery: Delivery): EncodedDelivery {
  // No encoding makes a body smaller, so the largest need not be looked at.
  if (delivery.body.length <= MESSAGE_LIMIT) {
    const { encoding, message } = inlineMessage(delivery);
    // A text has no more units than bytes, and base64 is all ASCII and longer.
    const bodyBytes = Math.max(delivery.body.length, message.body.length);
    if (bodyBytes + Buffer.byteLength(message.metadata) + OVERHEAD <= MESSAGE_LIMIT) {
      return { kind: 'message', encoding, message };
    }
  }
  const digest = sha256(delivery.body);
  const key = `${OBJECT_PREFIX.bodies}${delivery.source}/${digest}`;
  return {
    kind: 'too-large',
    key,
    message: toMessage(delivery, NO_BODY, { kind: 'stored', key, sha256: digest }),
  };
}

/**
 * Where an accepted delivery goes that could not be queued, and the bytes to put there: JSON of the message with the body in
 * it, however large, so that nothing else is needed to queue it later.
 * @example spill(delivery).key // 'spill/github/2026-11-24T10:00:00.000Z-JKJaXmPLvHcESHA='
 */
export function spill(delivery: Delivery): { readonly key: string; readonly bytes: Buffer } {
  const time = new Date(delivery.receivedAt).toISOString();
  return {
    key: `${OBJECT_PREFIX.spill}${delivery.source}/${time}-${delivery.id}`,
    bytes: Buffer.from(JSON.stringify(inlineMessage(delivery).message)),
  };
}

/** The delivery of a message. Total: whatever lies on the queue has an answer. */
export function decodeDelivery(message: DeliveryMessage): DecodedDelivery {
  const metadata = parseObject(message.metadata);
  const head = metadata && readHead(metadata);
  if (head === undefined) return malformed('the metadata attribute is missing or is not that of a delivery');
  const place = readPlace(metadata?.body, head.source);
  switch (place?.kind) {
    case 'text':
      return { kind: 'delivery', delivery: { ...head, body: utf8Bytes(message.body) } };
    case 'base64': {
      const body = Buffer.from(message.body, 'base64');
      if (body.toString('base64') !== message.body)
        return malformed('the body is not the base64 that its metadata promises');
      return { kind: 'delivery', delivery: { ...head, body } };
    }
    case 'empty':
      return { kind: 'delivery', delivery: { ...head, body: Buffer.alloc(0) } };
    case 'stored':
      return { ...place, head };
    case undefined:
      return malformed('the metadata does not say where the body is');
  }
}

/** Completes a stored delivery with the bytes found under its key. */
export function withStoredBody(
  stored: StoredDelivery,
  bytes: Buffer,
): { readonly kind: 'delivery'; readonly delivery: Delivery } | MalformedMessage {
  if (sha256(bytes) !== stored.sha256)
    return malformed(`the bytes under ${stored.key} are not those that were accepted`);
  return { kind: 'delivery', delivery: { ...stored.head, body: bytes } };
}

/**
 * What SQS refuses (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html), as bytes of
 * valid UTF-8. Searching the bytes for each costs half of what a regular expression over the text does.
 */
const ILLEGAL: readonly (number | Buffer)[] = [
  ...Array.from({ length: 0x20 }, (_, code) => code).filter(
    (code) => !'\t\n\r'.includes(String.fromCharCode(code)),
  ),
  Buffer.from('\ufffe'),
  Buffer.from('\uffff'),
];

function inlineMessage(delivery: Delivery): {
  readonly encoding: InlineEncoding;
  readonly message: DeliveryMessage;
} {
  const { body } = delivery;
  const inline = (encoding: InlineEncoding, text: string) => ({
    encoding,
    message: toMessage(delivery, text, { kind: encoding }),
  });
  if (body.length === 0) return inline('empty', NO_BODY);
  const text = ILLEGAL.some((piece) => body.includes(piece)) ? undefined : utf8Text(body);
  return text === undefined ? inline('base64', body.toString('base64')) : inline('text', text);
}

function toMessage(delivery: Delivery, body: string, place: BodyPlace): DeliveryMessage {
  const metadata = JSON.stringify({ ...delivery, body: place });
  // JSON escapes the control characters and lone surrogates itself; these two it does not.
  return { body, metadata: metadata.replace(/[\ufffe\uffff]/g, jsonEscape), group: delivery.source };
}

function jsonEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}

function malformed(explanation: string): MalformedMessage {
  return { kind: 'malformed', explanation };
}

function readHead(fields: Readonly<Record<string, unknown>>): DeliveryHead | undefined {
  const { id, source, path, query, receivedAt } = fields;
  const origin = ORIGINS.find((one) => one === fields.origin);
  const method = METHODS.find((one) => one === fields.method);
  const headers = readHeaders(fields.headers);
  if (typeof id !== 'string' || typeof path !== 'string' || typeof query !== 'string') return undefined;
  if (typeof source !== 'string' || !/^[a-z0-9-]{1,40}$/.test(source) || !Number.isSafeInteger(receivedAt))
    return undefined;
  if (origin === undefined || method === undefined || headers === undefined) return undefined;
  return {
    id: id as DeliveryId,
    source: source as SourceName,
    origin,
    method,
    path,
    query,
    headers,
    receivedAt: receivedAt as EpochMs,
  };
}

function readHeaders(value: unknown): Headers | undefined {
  if (!isObject(value)) return undefined;
  return Object.values(value).every((one) => typeof one === 'string') ? (value as Headers) : undefined;
}

function readPlace(value: unknown, source: SourceName): BodyPlace | undefined {
  if (!isObject(value)) return undefined;
  const { kind, key, sha256: digest } = value;
  if (kind === 'text' || kind === 'base64' || kind === 'empty') return { kind };
  if (kind !== 'stored' || typeof key !== 'string' || typeof digest !== 'string') return undefined;
  return key === `${OBJECT_PREFIX.bodies}${source}/${digest}`
    ? { kind, key, sha256: digest as Digest }
    : undefined;
}
