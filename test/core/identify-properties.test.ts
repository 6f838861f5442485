import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acknowledge } from '../../lib/core/acknowledge.ts';
import type { DeliveryId } from '../../lib/core/delivery.ts';
import type { Event } from '../../lib/core/event.ts';
import { wanted } from '../../lib/core/event-filter.ts';
import { signedHandshake, unsignedHandshake } from '../../lib/core/handshake.ts';
import { type EventReading, readEvents } from '../../lib/core/identify.ts';
import type { Headers } from '../../lib/core/request.ts';
import { loadSteps } from '../../lib/core/steps/load-steps.ts';
import { contradictsType } from '../../lib/core/type-contradiction.ts';
import { providers } from '../../lib/providers/index.ts';
import { sendgrid } from '../../lib/providers/sendgrid.ts';
import {
  deliveryOf,
  FORM_TYPE,
  plainProvider,
  requestOf,
  type Sent,
  sourceOf,
  verifiedOf,
} from './intake-cases.ts';

const sources = await Promise.all(
  [
    ...providers,
    plainProvider(),
    plainProvider({ split: 'items', volatile: ['*.a', 'b'], document: { formField: 'payload' } }),
  ].map(async (provider) => ({
    source: sourceOf(provider, { redact: ['token', '*.token'] }),
    steps: await loadSteps(provider),
  })),
);

/** Names that providers and JavaScript give a meaning. */
const NAMES = [
  'id',
  'type',
  'event',
  'token',
  '__proto__',
  'constructor',
  'toString',
  'payload',
  'data',
  'action',
  '',
] as const;

const json = fc.letrec<{ value: unknown; members: [string, unknown][] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, 0, 'x', '1', 'event_callback'),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('members').map((members) => ({ members })),
  ),
  members: fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string()), tie('value')), {
    maxLength: 5,
  }),
})).value;

/** Keeps duplicate keys and `__proto__`, which objects would not. */
function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value === 'object' && value !== null && 'members' in value) {
    const members = value.members as [string, unknown][];
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

const deep = fc
  .tuple(fc.constantFrom('[', '{"a":', '{"event":', '[{"event":'), fc.integer({ min: 1, max: 20_000 }))
  .map(([open, depth]) => Buffer.from(open.repeat(depth)));

const body = fc.oneof(
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  json.map((value) => Buffer.from(write(value))),
  json.map((value) => Buffer.from(`payload=${encodeURIComponent(write(value).toWellFormed())}`)),
  json.map((value) => Buffer.from(write(value)).subarray(0, -1)),
  fc.webQueryParameters().map((text) => Buffer.from(text)),
  deep,
);

const contentType = fc.constantFrom<Headers>(
  { 'content-type': 'application/json' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'text/plain' },
  {},
);

const sent: fc.Arbitrary<Sent> = fc.record({
  body,
  query: fc.oneof(fc.constant(''), fc.webQueryParameters(), fc.string()),
  headers: fc
    .tuple(
      contentType,
      fc.dictionary(
        fc.constantFrom(
          'x-github-event',
          'x-github-delivery',
          'webhook-id',
          'x-shopify-topic',
          'x-shopify-event-id',
          '__proto__',
        ),
        fc.string({ minLength: 1 }),
      ),
    )
    .map(([type, others]) => ({ ...others, ...type })),
});

function expectWellFormed({ key, type, fingerprint, version, time, payload }: Event): void {
  expect(key).toMatch(/^[\x21-\x7e]{1,512}$/);
  expect(type).not.toBe('');
  expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(version ?? '0'.repeat(20)).toMatch(/^\d{20}$/);
  expect(() => new Date(time ?? 0).toISOString()).not.toThrow();
  expect(() => JSON.parse(payload.kind === 'json' ? payload.text : '0')).not.toThrow();
}

describe('whatever is sent', () => {
  test('identification never throws, and what it yields is well-formed', () => {
    let yielded = 0;
    fc.assert(
      fc.property(sent, fc.constantFrom(...sources), (request, { source, steps }) => {
        const reading = readEvents(source, deliveryOf(source, request), steps);
        const events = reading.kind === 'events' ? reading.events : [];
        events.forEach(expectWellFormed);
        yielded += events.length;
      }),
      { numRuns: 4_000 },
    );
    expect(yielded).toBeGreaterThan(20);
  });

  test('neither handshakes, filter, acknowledgement nor contradiction throw', () => {
    fc.assert(
      fc.property(sent, fc.constantFrom(...sources), (request, { source, steps }) => {
        const verified = verifiedOf(request);
        unsignedHandshake(source, requestOf(request));
        signedHandshake(source, verified);
        contradictsType(source, verified);
        wanted({ ...source, events: ['x'] }, verified, steps);
        expect(acknowledge(source, verified, steps).status).toBeLessThan(300);
      }),
      { numRuns: 1_000 },
    );
  });

  test('nothing that is unsigned is a handshake where the provider declares none', () => {
    const declaring = new Set(['slack']);
    fc.assert(
      fc.property(sent, fc.constantFrom(...sources), (request, { source }) => {
        fc.pre(!declaring.has(source.provider.name));
        expect(unsignedHandshake(source, requestOf(request))).toBeUndefined();
      }),
    );
  });
});

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const event = fc.record({
  id: text,
  type: text,
  n: fc.double({ noDefaultInfinity: true, noNaN: true }),
  nested: fc.jsonValue(),
});
const identities = (reading: EventReading) =>
  reading.kind === 'events'
    ? reading.events.map(({ key, type, subject, version, fingerprint, content }) => ({
        key,
        type,
        subject,
        version,
        fingerprint,
        content,
      }))
    : [];

describe('an event', () => {
  test('stays the same when it is sent again, later, with its headers in another order', () => {
    const source = sourceOf(
      plainProvider({
        idCoverage: 'unsigned',
        events: [{ id: '{header:x-id}', type: '{header:x-type}', subject: '{body:id}' }],
        volatile: ['attempt'],
      }),
    );
    const attempt = fc.integer();
    fc.assert(
      fc.property(event, fc.uuid(), attempt, attempt, (value, id, first, second) => {
        const headers = { 'content-type': 'application/json', 'x-id': id, 'x-type': 't' };
        const at = (count: number) => JSON.stringify({ ...value, attempt: count });
        const once = readEvents(source, deliveryOf(source, { body: at(first), headers }), {});
        const reversed = Object.fromEntries(Object.entries(headers).reverse());
        const again = readEvents(
          source,
          {
            ...deliveryOf(source, { body: at(second), headers: reversed }),
            id: 'other' as DeliveryId,
            receivedAt: 1,
          },
          {},
        );
        const [a, b] = [identities(once), identities(again)];
        expect(a).toHaveLength(1);
        expect({ ...b[0], content: 0 }).toEqual({ ...a[0], content: 0 });
        expect(b[0]?.content === a[0]?.content).toBe(first === second);
      }),
    );
  });

  test('of a batch is the same as if it had come alone, and keeps its text', () => {
    const source = sourceOf(
      plainProvider({ split: 'items', events: [{ id: ['{body:id}', '{digest}'], type: 'x' }] }),
    );
    const spaces = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
    fc.assert(
      fc.property(fc.array(json.map(write), { minLength: 1, maxLength: 5 }), spaces, (items, space) => {
        // A single array would be a batch of its own.
        fc.pre(items.every((item) => !item.startsWith('[')));
        const batch = readEvents(
          source,
          deliveryOf(source, { body: `${space}[${space}${items.join(`${space},${space}`)}${space}]` }),
          {},
        );
        const alone = items.map((item) => readEvents(source, deliveryOf(source, { body: item }), {}));
        expect(identities(batch)).toEqual(alone.flatMap(identities));
        const texts =
          batch.kind === 'events'
            ? batch.events.map(({ payload }) => payload.kind === 'json' && payload.text)
            : [];
        expect(texts).toEqual(items);
      }),
    );
  });

  test('has another fingerprint than any other event', () => {
    const source = sourceOf(plainProvider());
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(event, (value) => {
        const written = JSON.stringify(value);
        const [identity] = identities(readEvents(source, deliveryOf(source, { body: written }), {}));
        fc.pre(identity !== undefined);
        const { fingerprint } = identity;
        expect(seen.get(fingerprint) ?? written).toBe(written);
        seen.set(fingerprint, written);
      }),
    );
  });
});

test('one bad item of a SendGrid batch neither loses nor blocks the others, wherever it stands', () => {
  const source = sourceOf(sendgrid);
  const good = fc
    .uuid()
    .map((id) => JSON.stringify({ event: 'open', sg_event_id: id, timestamp: 1_795_514_400 }));
  const bad = fc.constantFrom('{}', '7', 'null', '"x"', '[]', '{"event":{}}', '{"event":"\\u0000"}');
  fc.assert(
    fc.property(fc.array(fc.oneof(good, bad)), (items) => {
      const reading = readEvents(source, deliveryOf(source, { body: `[${items.join()}]` }), {});
      if (reading.kind === 'unreadable') throw new Error(reading.explanation);
      expect(reading.events).toHaveLength(items.filter((item) => item.includes('open')).length);
      expect(reading.unreadable.map(({ index }) => items[index]?.includes('open'))).not.toContain(true);
      expect(reading.events.length + reading.unreadable.length).toBe(items.length);
    }),
  );
});

test('a form is read as the same event whatever the order of its fields', async () => {
  const provider = providers.find(({ name }) => name === 'twilio') ?? plainProvider();
  const source = sourceOf(provider);
  const steps = await loadSteps(provider);
  const fields = [
    ['MessageSid', 'SM1'],
    ['MessageStatus', 'sent'],
    ['AccountSid', 'AC1'],
    ['To', '+1'],
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(fields, { minLength: fields.length }), (shuffled) => {
      const shuffledBody = new URLSearchParams(shuffled as [string, string][]).toString();
      const reading = readEvents(
        source,
        deliveryOf(source, { body: shuffledBody, headers: FORM_TYPE }),
        steps,
      );
      expect(identities(reading)).toMatchObject([
        { key: 'SM1/sent', type: 'message.sent', subject: 'Messages/SM1' },
      ]);
    }),
  );
});
