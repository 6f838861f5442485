import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Delivery,
  type DeliveryMessage,
  decodeDelivery,
  encodeDelivery,
  METADATA_ATTRIBUTE,
  REASON_ATTRIBUTE,
  REASON_LIMIT,
  spill,
  withStoredBody,
} from '../../lib/core/delivery.ts';
import { METHODS } from '../../lib/core/request.ts';

const delivery = {
  id: 'JKJaXmPLvHcESHA=',
  source: 'github',
  origin: 'webhook',
  method: 'POST',
  path: '/github',
  query: '',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{"a":1}'),
  receivedAt: Date.UTC(2026, 10, 24, 10),
} as unknown as Delivery;

const withBody = (body: Buffer | string): Delivery => ({ ...delivery, body: Buffer.from(body) });

/** As AWS's page of SendMessage lists them: `#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF`. */
const LEGAL = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** How AWS counts a message that has become a dead letter. */
function sizeAtMost(message: DeliveryMessage): number {
  const metadata = bytesOf(METADATA_ATTRIBUTE) + bytesOf('String') + bytesOf(message.metadata);
  const reason = bytesOf(REASON_ATTRIBUTE) + bytesOf('String') + REASON_LIMIT;
  return bytesOf(message.body) + metadata + reason;
}

function roundTrip(sent: Delivery): Delivery {
  const encoded = encodeDelivery(sent);
  const decoded = decodeDelivery(encoded.message);
  if (decoded.kind === 'delivery') return decoded.delivery;
  if (decoded.kind === 'malformed' || encoded.kind !== 'too-large') throw new Error(JSON.stringify(decoded));
  expect(decoded.key).toBe(encoded.key);
  const completed = withStoredBody(decoded, sent.body);
  if (completed.kind === 'malformed') throw new Error(completed.explanation);
  return completed.delivery;
}

const oddText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\ufffe',
    '\uffff',
    '\u0000',
    '\ud800',
    '\ufeff',
    '__proto__',
    'constructor',
    '\u{1fffe}',
    '\r\n',
  ),
);

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  oddText.map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(text)),
);

const deliveries: fc.Arbitrary<Delivery> = fc
  .record({
    id: oddText,
    source: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
    origin: fc.constantFrom('webhook', 'sweep', 'replay'),
    method: fc.constantFrom(...METHODS),
    path: oddText,
    query: oddText,
    headers: fc.array(fc.tuple(oddText, oddText)).map((pairs) => Object.fromEntries(pairs)),
    body: bodies,
    receivedAt: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  })
  .map((fields) => fields as unknown as Delivery);

describe('a delivery on the queue', () => {
  test('comes back as it was, whatever its bytes, and SQS takes every character of it', () => {
    fc.assert(
      fc.property(deliveries, (sent) => {
        expect(roundTrip(sent)).toEqual(sent);
        const { message } = encodeDelivery(sent);
        expect(message.body).toMatch(LEGAL);
        expect(message.body).not.toBe('');
        expect(message.metadata).toMatch(LEGAL);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['JSON', '{"a":"é日本😀"}', 'text'],
    ['a byte order mark', '\ufeff{}', 'text'],
    ['line ends and tabs', '[\r\n\t1\r\n]\r\n', 'text'],
    ['characters beyond the last that SQS refuses', '\ufffd\u{10000}\u{1fffe}', 'text'],
    ['nothing', '', 'empty'],
    ['U+FFFE', '"\ufffe"', 'base64'],
    ['U+FFFF', '"\uffff"', 'base64'],
    ['NUL', '\0', 'base64'],
    ['an escape character', '\u001b[0m', 'base64'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'base64'],
    ['a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80]), 'base64'],
    ['an overlong NUL', Buffer.from([0xc0, 0x80]), 'base64'],
  ])('goes as itself or as base64: %s', (_what, body, encoding) => {
    expect(encodeDelivery(withBody(body))).toMatchObject({ kind: 'message', encoding });
    expect(roundTrip(withBody(body)).body).toEqual(Buffer.from(body));
  });

  test('keeps a JSON body readable', () => {
    const { message } = encodeDelivery(withBody('{"action":"opened"}'));
    expect(message.body).toBe('{"action":"opened"}');
    expect(JSON.parse(message.metadata)).toMatchObject({ id: delivery.id, body: { kind: 'text' } });
  });

  test.each([
    ['ASCII', 'a'],
    ['two bytes a character', 'é'],
    ['base64', '\0'],
  ])(
    'fills a message to the last byte, dead letter’s reason included, and not one more: %s',
    (_what, character) => {
      const { message } = encodeDelivery(withBody(character));
      const room = 1_048_576 - sizeAtMost(message) + bytesOf(message.body);
      const unit = message.body.length === 1 ? bytesOf(message.body) : 4 / 3;
      const fits = Math.floor(room / unit - (unit === 4 / 3 ? 2 : 0));
      const largest = withBody(character.repeat(fits));
      expect(encodeDelivery(largest).kind).toBe('message');
      expect(sizeAtMost(encodeDelivery(largest).message)).toBeLessThanOrEqual(1_048_576);
      expect(sizeAtMost(encodeDelivery(largest).message)).toBeGreaterThan(1_048_576 - 8);
      expect(encodeDelivery(withBody(character.repeat(fits + 4))).kind).toBe('too-large');
    },
  );

  test('counts the metadata', () => {
    const body = 'a'.repeat(1_048_576 - 20_000);
    expect(encodeDelivery(withBody(body)).kind).toBe('message');
    const headers = { ...delivery.headers, 'x-long': 'b'.repeat(20_000) };
    expect(encodeDelivery({ ...withBody(body), headers }).kind).toBe('too-large');
  });

  test('refers to a large body by its key and digest', () => {
    const large = withBody(Buffer.alloc(2_000_000, 'x'));
    const encoded = encodeDelivery(large);
    const digest = createHash('sha256').update(large.body).digest('hex');
    expect(encoded).toMatchObject({ kind: 'too-large', key: `bodies/github/${digest}` });
    expect(sizeAtMost(encoded.message)).toBeLessThan(2_000);
    expect(roundTrip(large)).toEqual(large);
  });

  test('is not completed with other bytes than those that were accepted', () => {
    const large = withBody(Buffer.alloc(2_000_000, 'x'));
    const decoded = decodeDelivery(encodeDelivery(large).message);
    if (decoded.kind !== 'stored') throw new Error(decoded.kind);
    expect(withStoredBody(decoded, Buffer.alloc(2_000_000, 'y'))).toMatchObject({ kind: 'malformed' });
  });
});

describe('a spilled delivery', () => {
  test.each([
    ['small', Buffer.from('{"a":1}')],
    ['empty', Buffer.alloc(0)],
    ['larger than a message', Buffer.alloc(3_000_000, 'x')],
    ['binary and larger than a message', Buffer.alloc(3_000_000, 0)],
  ])('holds all that is needed to queue it: %s', (_what, body) => {
    const { key, bytes } = spill({ ...delivery, body });
    expect(key).toBe('spill/github/2026-11-24T10:00:00.000Z-JKJaXmPLvHcESHA=');
    const message: DeliveryMessage = JSON.parse(bytes.toString('utf8'));
    expect(decodeDelivery(message)).toEqual({ kind: 'delivery', delivery: { ...delivery, body } });
  });
});

describe('a message that is no delivery', () => {
  const { message } = encodeDelivery(delivery);
  const fields: Record<string, unknown> = JSON.parse(message.metadata);
  const withFields = (changes: Record<string, unknown>): DeliveryMessage => ({
    ...message,
    metadata: JSON.stringify({ ...fields, ...changes }),
  });
  const stored = (key: string, sha256: string): DeliveryMessage =>
    withFields({ body: { kind: 'stored', key, sha256 } });

  test.each<readonly [string, DeliveryMessage]>([
    ['no metadata', { ...message, metadata: '' }],
    ['metadata that is no JSON', { ...message, metadata: '{' }],
    ['metadata that is a list', { ...message, metadata: '[]' }],
    ['metadata nested 20,000 deep', { ...message, metadata: '['.repeat(20_000) }],
    ...Object.keys(fields).map((name) => [`no ${name}`, withFields({ [name]: undefined })] as const),
    ...Object.keys(fields).map((name) => [`${name} of another type`, withFields({ [name]: [1] })] as const),
    ['an unknown origin', withFields({ origin: 'elsewhere' })],
    ['an unknown method', withFields({ method: 'BREW' })],
    ['a source that cannot be one', withFields({ source: '../github' })],
    ['a time that is none', withFields({ receivedAt: 1.5 })],
    ['a header that is no text', withFields({ headers: { a: 1 } })],
    ['an unknown place of the body', withFields({ body: { kind: 'elsewhere' } })],
    ['a body that is not base64', { ...withFields({ body: { kind: 'base64' } }), body: 'a_b' }],
    ['base64 with something after it', { ...withFields({ body: { kind: 'base64' } }), body: 'YQ==!' }],
    ['a stored body outside its source’s folder', stored(`bodies/stripe/${'0'.repeat(64)}`, '0'.repeat(64))],
    ['a stored body whose key is not its digest', stored('bodies/github/../../spill', '0'.repeat(64))],
  ])('is told as malformed: %s', (_what, odd) => {
    expect(decodeDelivery(odd)).toMatchObject({ kind: 'malformed' });
  });

  test('never throws, and never quotes the message', () => {
    const parts = fc.oneof(oddText, fc.json(), fc.constant(message.metadata));
    fc.assert(
      fc.property(parts, parts, (body, metadata) => {
        const decoded = decodeDelivery({ ...message, body: `canary${body}`, metadata });
        if (decoded.kind === 'malformed') expect(decoded.explanation).not.toContain('canary');
      }),
    );
  });
});
