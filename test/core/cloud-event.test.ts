import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cloudEvent,
  type Publication,
  TOPIC_LIMIT,
  topicMessage,
  topicMessageSize,
} from '../../lib/core/cloud-event.ts';
import type { DeliveryId } from '../../lib/core/delivery.ts';
import type { Digest, Event, EventKey, Sequence, Standing, Subject } from '../../lib/core/event.ts';
import { isAttribute } from '../../lib/core/fingerprint.ts';
import type { SourceName } from '../../lib/core/source.ts';

const RECEIVED = Date.UTC(2026, 10, 24, 10, 0, 0, 123);
const event: Event = {
  source: 'github' as SourceName,
  key: '72d3162e' as EventKey,
  id: '72d3162e',
  type: 'issues.opened',
  subject: 'repositories/1/issues/7' as Subject,
  time: Date.UTC(2026, 10, 24, 9, 59, 58),
  payload: { kind: 'json', text: '{ "id": 7 }' },
  fingerprint: 'f' as Digest,
  delivery: 'd' as DeliveryId,
  origin: 'webhook',
  receivedAt: RECEIVED,
};
const state: Standing = { verdict: 'fresh', sequence: '1795170000000000' as Sequence };
const publication: Publication = { event, standing: state, provider: 'github', uri: 'urn:headgate:local' };

const withPayload = (text: string): Publication => ({
  ...publication,
  event: { ...event, payload: { kind: 'json', text } },
});

/** As the official SDK reads it; throws when it is no valid CloudEvent. */
function read(json: string): CloudEvent<{ payload: unknown }> {
  const headers = { 'content-type': 'application/cloudevents+json' };
  const message = HTTP.toEvent<{ payload: unknown }>({ headers, body: json });
  const one = Array.isArray(message) ? message[0] : message;
  const strict = new CloudEvent<{ payload: unknown }>({ ...one }, true);
  strict.validate();
  return strict;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const LEGAL_FOR_SQS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

describe('a published event', () => {
  test('is the CloudEvent that the docs show', () => {
    expect(JSON.parse(cloudEvent(publication))).toEqual({
      specversion: '1.0',
      id: '72d3162e',
      source: 'urn:headgate:local:github',
      type: 'github.issues.opened',
      subject: 'repositories/1/issues/7',
      time: '2026-11-24T09:59:58.000Z',
      sequence: '1795170000000000',
      verdict: 'fresh',
      origin: 'webhook',
      receivedtime: '2026-11-24T10:00:00.123Z',
      datacontenttype: 'application/json',
      data: { payload: { id: 7 } },
    });
  });

  test('is read by the official SDK, with every attribute', () => {
    const one = read(cloudEvent({ ...publication, repeatOf: 'first' }));
    expect(one).toMatchObject({
      id: '72d3162e',
      source: 'urn:headgate:local:github',
      type: 'github.issues.opened',
      subject: 'repositories/1/issues/7',
      sequence: '1795170000000000',
      verdict: 'fresh',
      repeatof: 'first',
      data: { payload: { id: 7 } },
    });
  });

  test('would be refused by the SDK without a source, with an empty type, or with an upper-case extension', () => {
    const json = cloudEvent(publication);
    for (const [right, wrong] of [
      ['"source":"urn:headgate:local:github"', '"origin2":"x"'],
      ['"type":"github.issues.opened"', '"type":""'],
      ['"receivedtime"', '"receivedTime"'],
    ] as const) {
      expect(json).toContain(right);
      expect(() => read(json.replace(right, wrong))).toThrow();
    }
  });

  test.each<readonly [string, Standing]>([
    ['superseded', { verdict: 'superseded' }],
    ['unconfirmed', { verdict: 'unconfirmed' }],
    ['about no resource', { verdict: 'fresh' }],
  ])('has no sequence when it is %s', (_title, standing) => {
    const one = read(cloudEvent({ ...publication, standing }));
    expect(one.verdict).toBe(standing.verdict);
    expect(one.sequence).toBeUndefined();
  });

  test('leaves out what it does not have', () => {
    const { subject: _subject, time: _time, ...bare } = event;
    const keys = Object.keys(
      JSON.parse(cloudEvent({ ...publication, event: bare, standing: { verdict: 'fresh' } })),
    );
    expect(
      keys.filter((key) => ['subject', 'time', 'sequence', 'repeatof', 'dataref'].includes(key)),
    ).toEqual([]);
  });

  test('carries the JSON as it came: long numbers, fractions, doubled keys and spaces', () => {
    const text = '{ "id": 12345678901234567890, "price": 1.0, "a": 1, "a": 2,\n\t"e": 1E400 }';
    const json = cloudEvent(withPayload(text));
    expect(json.endsWith(`,"data":{"payload":${text}}}`)).toBe(true);
    expect(() => read(json)).not.toThrow();
  });

  test('escapes the two characters that JSON allows and SQS does not', () => {
    const json = cloudEvent(withPayload('{"\ufffe":"a\uffffb","c":"\\ufffe"}'));
    expect(json).toMatch(LEGAL_FOR_SQS);
    expect(JSON.parse(json).data.payload).toEqual({ '\ufffe': 'a\uffffb', c: '\ufffe' });
  });

  test('carries what is no JSON as base64, with its content type', () => {
    const payload = {
      kind: 'bytes',
      bytes: Buffer.from([0, 255, 254]),
      contentType: 'application/x-protobuf',
    } as const;
    expect(read(cloudEvent({ ...publication, event: { ...event, payload } })).data).toEqual({
      payload: { base64: 'AP/+', contentType: 'application/x-protobuf' },
    });
  });

  test('refers to its data instead of carrying it', () => {
    const json = cloudEvent(publication, 's3://bucket/events/github/1.json');
    const one = read(json);
    expect(one.dataref).toBe('s3://bucket/events/github/1.json');
    expect(one.data).toBeUndefined();
    expect(JSON.parse(json)).not.toHaveProperty('data');
  });

  test('is legal for SQS although its content type is not', () => {
    const payload = { kind: 'bytes', bytes: Buffer.from('x'), contentType: 'text/\ufffe\uffff' } as const;
    const text = cloudEvent({ ...publication, event: { ...event, payload } });
    expect(text).toMatch(LEGAL_FOR_SQS);
    expect(JSON.parse(text).data.payload.contentType).toBe(payload.contentType);
  });

  test('is valid, legal for SQS and unchanged, whatever the provider sends', () => {
    const attribute = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).filter(isAttribute);
    const json = fc.json({ stringUnit: 'binary' }).map((text) => ({ kind: 'json', text }) as const);
    const bytes = fc
      .record({ bytes: fc.uint8Array(), contentType: fc.string({ unit: 'binary' }) })
      .map((it) => ({ kind: 'bytes', bytes: Buffer.from(it.bytes), contentType: it.contentType }) as const);
    fc.assert(
      fc.property(attribute, attribute, attribute, fc.oneof(json, bytes), (id, type, subject, payload) => {
        const one = { ...event, id, type, subject: subject as Subject, payload };
        const text = cloudEvent({ ...publication, event: one, repeatOf: id });
        expect(text).toMatch(LEGAL_FOR_SQS);
        const parsed = JSON.parse(text);
        expect(parsed).toMatchObject({ id, type: `github.${type}`, subject, repeatof: id });
        expect(parsed.data.payload).toEqual(
          payload.kind === 'json'
            ? JSON.parse(payload.text)
            : { base64: payload.bytes.toString('base64'), contentType: payload.contentType },
        );
        expect(() => read(text)).not.toThrow();
      }),
    );
  });
});

describe('the message for the topic', () => {
  test('has the attributes that filter policies read', () => {
    expect(topicMessage(publication).attributes).toEqual({
      provider: 'github',
      source: 'github',
      type: 'github.issues.opened',
      verdict: 'fresh',
      origin: 'webhook',
    });
  });

  test('counts its bytes as the topic does: the text, and name, type and value of each attribute', () => {
    const message = topicMessage(withPayload('"\u{1f600}"'));
    const attributes = Object.entries(message.attributes).map(([name, value]) => `${name}String${value}`);
    expect(topicMessageSize(message)).toBe(Buffer.byteLength([message.message, ...attributes].join('')));
  });

  test('is within the limit, whatever the event, when its data is left out', () => {
    const longest = '\u{1f600}'.repeat(128);
    expect(isAttribute(longest)).toBe(true);
    const one: Event = { ...event, id: longest, type: longest, subject: longest as Subject };
    const large = {
      ...publication,
      event: { ...one, payload: { kind: 'json', text: `"${'x'.repeat(TOPIC_LIMIT)}"` } as const },
    };
    expect(topicMessageSize(topicMessage(large))).toBeGreaterThan(TOPIC_LIMIT);
    expect(topicMessageSize(topicMessage(large, `s3://bucket/events/${'k'.repeat(900)}`))).toBeLessThan(
      10_000,
    );
  });

  describe('on a FIFO topic', () => {
    const ids = (change: Partial<Event>, more: Partial<Publication> = {}): readonly string[] => {
      const { group, deduplicationId } = topicMessage({
        ...publication,
        ...more,
        event: { ...event, ...change },
      });
      return [group, deduplicationId];
    };
    const [group, deduplicationId] = ids({});

    test('has ids that SNS takes', () => {
      for (const id of ids({ subject: '\u{1f600} / ü' as Subject, key: 'ü'.repeat(200) as EventKey }))
        expect(id).toMatch(/^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/);
    });

    test('is the same message when a copy of the event has another verdict, content or delivery', () => {
      const copy = {
        payload: { kind: 'json', text: '2' },
        delivery: 'e' as DeliveryId,
        receivedAt: 0,
      } as const;
      expect(ids(copy, { standing: { verdict: 'superseded' } })).toEqual([group, deduplicationId]);
    });

    test('is another message for another event, in the group of its resource', () => {
      const [sameGroup, other] = ids({ key: 'other' as EventKey });
      expect(sameGroup).toBe(group);
      expect(other).not.toBe(deduplicationId);
      expect(ids({ subject: 'other' as Subject })[0]).not.toBe(group);
    });

    test('is another message in another group for the same key of another source', () => {
      const [otherGroup, other] = ids({ source: 'other' as SourceName });
      expect([otherGroup, other]).not.toContain(group);
      expect(other).not.toBe(deduplicationId);
    });

    test('has a group of its own when it is about no resource, never that of a resource with its name', () => {
      const { subject: _subject, ...about } = event;
      const message = topicMessage({ ...publication, event: about });
      const another = topicMessage({ ...publication, event: { ...about, key: 'other' as EventKey } });
      expect(message.group).not.toBe(another.group);
      expect(message.group).not.toBe(ids({ subject: event.key as string as Subject })[0]);
    });

    test('is another message when it is replayed on purpose', () => {
      expect(ids({}, { replayNonce: 'n' })).toEqual([
        group,
        expect.not.stringMatching(`^${deduplicationId}$`),
      ]);
    });
  });
});
