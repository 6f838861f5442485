import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Headers } from '../../lib/core/request.ts';
import { cloudevents } from '../../lib/providers/cloudevents.ts';
import { read, readOne, sourceOf } from '../core/intake-cases.ts';
import { onlyDelivery, SECRET, take, world } from '../core/intake-world.ts';

const source = sourceOf(cloudevents);
const BINARY = {
  'content-type': 'application/json',
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-source': '/a',
  'ce-type': 't',
} as const;
const documentOf = async (headers: Headers, body: string | Buffer): Promise<unknown> => {
  const { payload } = await readOne(source, { headers, body });
  return payload.kind === 'json' ? JSON.parse(payload.text) : payload;
};
const unreadable = async (headers: Headers, body: string | Buffer): Promise<unknown> =>
  (await read(source, { headers, body })).kind;

describe('binary mode', () => {
  test('is one event, though its data is a list', async () => {
    expect(await documentOf(BINARY, '[1,[2]]')).toEqual({
      specversion: '1.0',
      id: '1',
      source: '/a',
      type: 't',
      datacontenttype: 'application/json',
      data: [1, [2]],
    });
  });

  test('keeps the numbers of its data as they were written', async () => {
    const { payload } = await readOne(source, { headers: BINARY, body: '{"n": 9007199254740993, "m":1.0}' });
    expect(payload.kind === 'json' && payload.text).toContain('"data":{"n": 9007199254740993, "m":1.0}');
  });

  test.each<[string, string, Buffer, object]>([
    ['text', 'text/plain; charset=utf-8', Buffer.from('Zoë'), { data: 'Zoë' }],
    ['text without a charset', 'text/csv', Buffer.from('a,b'), { data: 'a,b' }],
    ['text in another charset', 'text/plain; charset=utf-16', Buffer.from('a\0'), { data_base64: 'YQA=' }],
    ['text that is no UTF-8', 'text/plain', Buffer.from([0xff]), { data_base64: '/w==' }],
    ['anything else', 'application/octet-stream', Buffer.from([0, 255]), { data_base64: 'AP8=' }],
    ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1'), { data_base64: 'YT0x' }],
  ])('has %s as data', async (_, type, body, data) => {
    expect(await documentOf({ ...BINARY, 'content-type': type }, body)).toEqual({
      specversion: '1.0',
      id: '1',
      source: '/a',
      type: 't',
      datacontenttype: type,
      ...data,
    });
  });

  test('has no data where the body is empty', async () => {
    expect(await documentOf(BINARY, '')).not.toHaveProperty('data');
  });

  test('with data that is no JSON, though it says so, is a dead letter', async () => {
    expect(await unreadable(BINARY, '{')).toBe('unreadable');
  });

  test('takes every extension, decoded, and nothing for the data but the body', async () => {
    const headers = {
      ...BINARY,
      'ce-comexampleext': 'Euro%20%E2%82%AC %F0%9F%98%80 %ff 5%',
      'ce-quoted': '"a \\"b\\" \\\\"',
      'ce-data': 'forged',
      'ce-datacontenttype': 'text/forged',
      'ce-data_base64': 'forged',
      'ce-': 'x',
    };
    const document = await documentOf(headers, '{"a":1}');
    expect(document).toMatchObject({
      comexampleext: 'Euro € 😀 %ff 5%',
      quoted: 'a "b" \\',
      data: { a: 1 },
      datacontenttype: 'application/json',
    });
    expect(JSON.stringify(document)).not.toContain('forged');
  });

  test('is the same text in whatever order its headers came', async () => {
    const [one, other] = [
      await readOne(source, { headers: { ...BINARY, 'ce-a': '1' }, body: '1' }),
      await readOne(source, {
        headers: Object.fromEntries(Object.entries({ ...BINARY, 'ce-a': '1' }).toReversed()),
        body: '1',
      }),
    ];
    expect(other.payload).toEqual(one.payload);
  });

  test('comes through the queue with all of its attributes, and with no other header', async () => {
    const ports = world();
    const headers = { ...BINARY, 'ce-ext': 'x', 'x-other': 'y', authorization: `Bearer ${SECRET}` };
    expect(await take({ headers, body: '1' }, { provider: cloudevents, ports })).toMatchObject({
      kind: 'accepted',
      answer: { status: 202 },
    });
    expect(onlyDelivery(ports).headers).toEqual({ ...BINARY, 'ce-ext': 'x' });
  });
});

describe('structured mode', () => {
  test('is what the content type says, and headers beside it say nothing', async () => {
    const body = '{"specversion":"1.0","id":"1","source":"/a","type":"t"}';
    const headers = { ...BINARY, 'content-type': 'Application/CloudEvents+JSON', 'ce-type': 'forged' };
    expect((await readOne(source, { headers, body })).type).toBe('t');
  });

  test('in a format that is no JSON is a dead letter', async () => {
    for (const type of ['application/cloudevents+xml', 'application/cloudevents+avro', 'text/plain'])
      expect(await unreadable({ 'content-type': type }, '<event/>'), type).toBe('unreadable');
  });

  test('of a batch loses no event for one that is none', async () => {
    const good = '{"specversion":"1.0","id":"1","source":"/a","type":"t"}';
    const reading = await read(source, {
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: `[null,${good},{"id":"2","type":"t"}]`,
    });
    expect(reading).toMatchObject({ events: [{ id: '/a 1' }], unreadable: [{ index: 0 }, { index: 2 }] });
  });
});

test('the id is unique together with its source only', async () => {
  const ids = await Promise.all(
    [
      ['/a', '1'],
      ['/b', '1'],
      ['/a', '1/1'],
      ['/a/1', '1'],
    ].map(async ([from, id]) => {
      const body = JSON.stringify({ specversion: '1.0', id, source: from, type: 't' });
      return (await readOne(source, { body })).id;
    }),
  );
  expect(new Set(ids).size).toBe(4);
});

test('consent is asked for with an origin; without one, OPTIONS is no method of ours', async () => {
  const asked = await take(
    { method: 'OPTIONS', body: '', headers: { 'webhook-request-origin': 'a.example' } },
    { provider: cloudevents },
  );
  expect(asked).toMatchObject({ kind: 'handshake', answer: { status: 200 } });
  expect(await take({ method: 'OPTIONS', body: '', headers: {} }, { provider: cloudevents })).toMatchObject({
    reason: 'method-not-allowed',
  });
});

describe('what the CNCF’s SDK sends', () => {
  /** Header values that the SDK itself writes as they are: it escapes nothing. */
  const text = fc.stringMatching(/^[\x21\x23\x24\x26-\x7e]{1,20}$/);
  const event = fc
    .record({
      id: text,
      source: fc.webPath().filter((path) => path !== '' && !path.includes('%')),
      type: text,
      subject: text,
      extension: text,
      data: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue(), { minLength: 1 })),
    })
    .map(({ extension, ...attributes }) => new CloudEvent({ ...attributes, comexample: extension }));
  const lowered = (headers: object): Headers =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

  test.each([
    ['structured', {}],
    ['binary', { datacontenttype: 'application/json; charset=utf-8' }],
  ] as const)('is read in %s mode as the same event', async (mode, added) => {
    await fc.assert(
      fc.asyncProperty(event, async (one) => {
        const { headers, body } = HTTP[mode](one);
        const sent = { headers: lowered(headers), body: String(body) };
        const found = await readOne(source, sent);
        expect([found.id, found.type]).toEqual([`${one.source} ${one.id}`, one.type]);
        if (found.payload.kind !== 'json') throw new Error('no JSON');
        expect(JSON.parse(found.payload.text)).toEqual({
          ...JSON.parse(JSON.stringify(one)),
          ...added,
        });
      }),
      { numRuns: 50 },
    );
  });

  test('and what we publish of it is an event to the SDK', async () => {
    const { headers, body } = HTTP.binary(
      new CloudEvent({ id: '1', source: '/a', type: 't', data: { a: 1 } }),
    );
    const { payload } = await readOne(source, { headers: lowered(headers), body: String(body) });
    const again = HTTP.toEvent({
      headers: { 'content-type': 'application/cloudevents+json' },
      body: payload.kind === 'json' ? payload.text : '',
    });
    expect(again).toMatchObject({ id: '1', source: '/a', type: 't', data: { a: 1 } });
  });
});
