import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { DeliveryId } from '../../lib/core/delivery.ts';
import { readEvents } from '../../lib/core/identify.ts';
import type { Provider } from '../../lib/core/provider.ts';
import {
  deliveryOf,
  FORM_TYPE,
  JSON_TYPE,
  plainProvider,
  read,
  readOne,
  type Sent,
  sourceOf,
} from './intake-cases.ts';

const one = (sent: Sent | string, changes: Partial<Provider> = {}) =>
  readOne(sourceOf(plainProvider(changes)), typeof sent === 'string' ? { body: sent } : sent);

describe('an event', () => {
  const shape = {
    id: '{body:id}',
    type: ['{header:x-event}.{body:action}', '{header:x-event}'],
    subject: ['repositories/{body:repo.id}/issues/{body:issue.number}', 'repositories/{body:repo.id}'],
    time: { at: '{body:at}', unit: 'iso' },
    version: { at: '{body:at}', unit: 'iso' },
  } as const;

  test('has id, type, subject, time and version from where its shape says', async () => {
    const body =
      '{"id":90071992547409931,"action":"opened","repo":{"id":1},"issue":{"number":7},"at":"2026-11-24T10:00:00.5Z"}';
    expect(
      await one({ body, headers: { ...JSON_TYPE, 'x-event': 'issues' } }, { events: [shape] }),
    ).toMatchObject({
      source: 'acme',
      key: '90071992547409931',
      id: '90071992547409931',
      type: 'issues.opened',
      subject: 'repositories/1/issues/7',
      time: Date.UTC(2026, 10, 24, 10, 0, 0, 500),
      version: '01795514400500000000',
      payload: { kind: 'json', text: body },
      origin: 'webhook',
    });
  });

  test('takes the next template where one has no value', async () => {
    const event = await one(
      { body: '{"id":"a","repo":{"id":1}}', headers: { ...JSON_TYPE, 'x-event': 'push' } },
      { events: [shape] },
    );
    expect(event).toMatchObject({ type: 'push', subject: 'repositories/1' });
    expect(event).not.toHaveProperty('time');
    expect(event).not.toHaveProperty('version');
  });

  test('has no id of an empty value, which all such events would share', async () => {
    const events = [{ id: ['{header:x-id}/{body:kind}', '{body:id}/{body:kind}'], type: 'x' }];
    const at = (id: string, header: string) =>
      one({ body: `{"id":"${id}","kind":"k"}`, headers: { ...JSON_TYPE, 'x-id': header } }, { events });
    expect((await at('a', '')).id).toBe('a/k');
    await expect(at('', '')).rejects.toThrow('no value for its id');
  });

  test('has the first shape whose conditions all hold', async () => {
    const events = [
      { when: [{ at: '{body:kind}', equals: 'a' }], id: '{body:id}', type: 'first' },
      { when: [{ at: '{body:kind}' }, { at: '{body:not}', is: 'absent' }], id: '{body:id}', type: 'second' },
      { id: '{body:id}', type: 'third' },
    ] as const;
    const typeOf = async (body: string) => (await one(body, { events })).type;
    expect(await typeOf('{"id":"1","kind":"a"}')).toBe('first');
    expect(await typeOf('{"id":"1","kind":"b"}')).toBe('second');
    expect(await typeOf('{"id":"1","kind":"b","not":1}')).toBe('third');
    expect(await typeOf('{"id":"1","kind":""}')).toBe('third');
  });

  test('has a shape that asks for an id only where the value looks like one', async () => {
    const events = [{ when: [{ at: '{body:id}', is: 'id' }], id: '{body:id}', type: 'x' }] as const;
    for (const id of ['tr_5B8cwPMGnU6', 'a-b', 'x'.repeat(128)])
      expect((await one(JSON.stringify({ id }), { events })).id).toBe(id);
    for (const id of ['', '../x', 'a b', 'a\n', 'é', 'x'.repeat(129), 'a?b', 'a%2f'])
      await expect(one(JSON.stringify({ id }), { events })).rejects.toThrow('the shape of no event');
  });

  test('is read from a query parameter, but not from one that comes twice', async () => {
    const events = [{ id: '{query:id}', type: 'x' }];
    expect((await one({ body: '{}', query: 'a=1&id=a%20b' }, { events })).id).toBe('a b');
    await expect(one({ body: '{}', query: 'id=1&id=2' }, { events })).rejects.toThrow('no value for its id');
  });

  test('has the digest of a subject that CloudEvents forbids', async () => {
    const events = [{ id: '{body:id}', type: 'x', subject: '{body:subject}' }];
    const subjectOf = async (subject: string) =>
      (await one(JSON.stringify({ id: '1', subject }), { events })).subject;
    expect(await subjectOf('naïve 😀')).toBe('naïve 😀');
    expect(await subjectOf('a\u0000')).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await subjectOf('s'.repeat(600))).toMatch(/^sha256:/);
  });

  test('can be known by the digest of its text', async () => {
    const body = ' {"type":"x"} ';
    const event = await one(body, { events: [{ id: ['{body:id}', '{digest}'], type: '{body:type}' }] });
    expect(event.id).toBe(createHash('sha256').update(body).digest('hex'));
  });

  test('of a form is published as an object of strings', async () => {
    const event = await one({ body: 'id=1&type=x&n=a+b&n=c', headers: FORM_TYPE });
    expect(event.payload).toEqual({ kind: 'json', text: '{"id":"1","type":"x","n":["a b","c"]}' });
  });

  test('that is neither JSON nor a form is published as bytes', async () => {
    const body = Buffer.from([0, 1, 0xff]);
    const headers = { 'content-type': 'application/x-protobuf', 'x-id': '7' };
    const event = await one({ body, headers }, { events: [{ id: '{header:x-id}', type: 'x' }] });
    expect(event.payload).toEqual({ kind: 'bytes', bytes: body, contentType: 'application/x-protobuf' });
  });
});

describe('the key of an event', () => {
  const keyOf = async (id: string) => (await one(JSON.stringify({ id, type: 'x' }))).key;

  test('is the id while that is short and plain', async () => {
    expect(await keyOf('evt_1')).toBe('evt_1');
    expect(await keyOf('x'.repeat(512))).toBe('x'.repeat(512));
  });

  test.each([
    ['longer than 512 bytes', 'x'.repeat(513)],
    ['not ASCII', 'évt'],
    ['with a space', 'a b'],
    ['with a control character', 'a\u0000b'],
    ['that looks like a digest', `sha256:${'0'.repeat(64)}`],
  ])('is a digest of an id %s', async (_, id) => {
    expect(await keyOf(id)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await keyOf(id)).not.toBe(await keyOf(`${id} `));
  });

  test('differs for ids that UTF-8 cannot tell apart', async () => {
    expect(await one('{"id":"\\ud800","type":"x"}')).not.toHaveProperty(
      'key',
      (await one('{"id":"\\ud801","type":"x"}')).key,
    );
  });

  test('and the published id hold nothing that CloudEvents forbids', async () => {
    for (const character of ['\\u0000', '\\u0085', '\\ufffe', '\\ufdd0', '\\ud800', '\\ud83f\\udffe']) {
      const event = await one(`{"id":"a${character}","type":"x"}`);
      expect(event.id).toMatch(/^sha256:/);
      expect(event.key).toBe(event.id);
    }
    expect((await one('{"id":"é 😀","type":"x"}')).id).toBe('é 😀');
  });
});

describe('a fingerprint', () => {
  const print = async (body: string, changes: Partial<Provider> = {}) =>
    (await one(body, changes)).fingerprint;
  const body = '{"id":"1","type":"x","a":1}';

  test('differs when type, content, subject or time do', async () => {
    const events = [
      { id: '1', type: '{body:type}', subject: '{body:s?}', time: { at: '{header:x-t}', unit: 's' } },
    ] as const;
    const at = (text: string, time: string) =>
      one({ body: text, headers: { ...JSON_TYPE, 'x-t': time } }, { events }).then(
        (event) => event.fingerprint,
      );
    const prints = await Promise.all([
      at(body, '1795514400'),
      at(body, '1795514401'),
      at(body, 'none'),
      at(body.replace('x', 'y'), '1795514400'),
      at(body.replace('1}', '2}'), '1795514400'),
      at(body.replace('"a"', '"s"'), '1795514400'),
    ]);
    expect(new Set(prints).size).toBe(prints.length);
  });

  test('is the same when only what is volatile differs', async () => {
    const changes = { volatile: ['attempt', 'nested.*.sent_at'] };
    const text = (attempt: number, sent: string) =>
      `{"id":"1","type":"x","attempt":${attempt},"nested":[{"sent_at":"${sent}","v":1}]}`;
    expect(await print(text(1, 'a'), changes)).toBe(await print(text(2, 'b'), changes));
    expect(await print(text(1, 'a'), changes)).not.toBe(
      await print(text(1, 'a').replace('"v":1', '"v":2'), changes),
    );
  });

  test('is the same when a volatile member is missing in one copy', async () => {
    const changes = { volatile: ['error'] };
    expect(await print('{"id":"1","type":"x","error":"11200"}', changes)).toBe(
      await print('{"id":"1","type":"x"}', changes),
    );
  });

  test('has parts that cannot run into each other', async () => {
    const events = [{ id: '1', type: '{header:x-type}', subject: '{header:x-subject?}' }];
    const at = async (type: string, subject: string) =>
      (await one({ body: '{}', headers: { ...JSON_TYPE, 'x-type': type, 'x-subject': subject } }, { events }))
        .fingerprint;
    expect(await at('ab', 'c')).not.toBe(await at('a', 'bc'));
    expect(await at('a', '')).not.toBe(await at('a', '-;'));
  });

  test('is the same for a document sent as JSON and in a form', async () => {
    const changes = { document: { formField: 'payload' } };
    const asForm = await one({ body: `payload=${encodeURIComponent(body)}`, headers: FORM_TYPE }, changes);
    expect(asForm.fingerprint).toBe(await print(body, changes));
    expect(asForm.payload).toEqual({ kind: 'json', text: body });
  });

  test('does not depend on what the source redacts', async () => {
    const redacting = await readOne(sourceOf(plainProvider(), { redact: ['a'] }), { body });
    expect(redacting.fingerprint).toBe(await print(body));
  });
});

describe('where the id is not signed', () => {
  const unsigned: Partial<Provider> = {
    idCoverage: 'unsigned',
    events: [{ id: '{header:x-id}', type: '{header:x-type}' }],
    repeatableTypes: ['ping', 'dispatch.*'],
  };
  const content = async (headers: Record<string, string>, body = '{"a":1}') =>
    (await one({ body, headers: { ...JSON_TYPE, 'x-id': '1', 'x-type': 't', ...headers } }, unsigned))
      .content;

  test('the bytes under another id have the same content', async () => {
    expect(await content({ 'x-id': '1' })).toMatch(/^[0-9a-f]{64}$/);
    expect(await content({ 'x-id': '1' })).toBe(await content({ 'x-id': '2' }));
  });

  test('other bytes or another type are other content', async () => {
    const contents = [await content({}), await content({}, '{"a": 1}'), await content({ 'x-type': 'u' })];
    expect(new Set(contents).size).toBe(contents.length);
  });

  test('where one signature holds for several bodies, it marks their content, but not that of a batch', async () => {
    const marked: Partial<Provider> = {
      ...unsigned,
      events: [{ id: '{body:id}', type: '{body:type}' }],
      signatureMark: '{header:x-signature}',
      split: 'items',
    };
    const contents = async (body: string, signature: string) => {
      const headers = { ...JSON_TYPE, 'x-signature': signature };
      const reading = await read(sourceOf(plainProvider(marked)), { body, headers });
      return reading.kind === 'events' ? reading.events.map((event) => event.content) : [];
    };
    const [first] = await contents('{"id":"1","type":"x"}', 'a');
    expect(await contents('{"id":"2","type":"y"}', 'a')).toEqual([first]);
    expect(await contents('{"id":"1","type":"x"}', 'b')).not.toEqual([first]);
    const batch = await contents('[{"id":"1","type":"x"},{"id":"2","type":"x"}]', 'a');
    expect(new Set([first, ...batch]).size).toBe(3);
  });

  test('types that are rightly sent twice have none', async () => {
    expect(await content({ 'x-type': 'ping' })).toBeUndefined();
    expect(await content({ 'x-type': 'dispatch.run' })).toBeUndefined();
    expect(await content({ 'x-type': 'ping.2' })).toBeDefined();
  });

  test('but events with a signed id have none', async () => {
    expect(await one('{"id":"1","type":"x"}')).not.toHaveProperty('content');
  });
});

describe('where the provider gives no id', () => {
  const none: Partial<Provider> = { events: [{ type: 'changed' }], idCoverage: 'unsigned' };
  const source = sourceOf(plainProvider({ ...none, split: ['accounts.*'] }));
  const idsOf = async (delivery: string, body: string) => {
    const reading = readEvents(source, { ...deliveryOf(source, { body }), id: delivery as DeliveryId }, {});
    return reading.kind === 'events' ? reading.events.map(({ id, key }) => [id, key]) : reading;
  };

  test('an event has that of its delivery, and in a batch its place as well', async () => {
    expect(await idsOf('d1', '{}')).toEqual([['d1', 'd1']]);
    expect(await idsOf('d1', '{"accounts":["a"]}')).toEqual([['d1/0', 'd1/0']]);
    expect(await idsOf('d2', '{"accounts":["a","a"]}')).toEqual([
      ['d2/0', 'd2/0'],
      ['d2/1', 'd2/1'],
    ]);
  });

  test('equal bytes are no repeat', async () => {
    expect(await one('{}', none)).not.toHaveProperty('content');
  });
});

describe('redaction', () => {
  test('replaces the named paths in what is published, duplicates included, and leaves the rest as it was', async () => {
    const source = sourceOf(plainProvider(), { redact: ['response_url', 'items.*.token', 'absent'] });
    const body =
      '{"id":"1","type":"x", "response_url":"a","items":[{"token":1},{"t":2,"token":{"x":1}}],"response_url":"b"}';
    expect((await readOne(source, { body })).payload).toEqual({
      kind: 'json',
      text: '{"id":"1","type":"x", "response_url":"[redacted]","items":[{"token":"[redacted]"},{"t":2,"token":"[redacted]"}],"response_url":"[redacted]"}',
    });
  });

  test('makes a dead letter of a body that it cannot reach into, whatever its content type is said to be', async () => {
    const source = sourceOf(
      plainProvider({ events: [{ id: '{header:x-id}', type: 'x' }], idCoverage: 'unsigned' }),
      {
        redact: ['token'],
      },
    );
    const body = '{"token":"secret"}';
    for (const type of ['text/plain', 'application/octet-stream', '']) {
      const reading = await read(source, { body, headers: { 'content-type': type, 'x-id': '1' } });
      expect(reading, type).toMatchObject({ events: [], unreadable: [{ reason: 'unreadable' }] });
    }
  });

  test('reaches into each event of a batch', async () => {
    const source = sourceOf(plainProvider({ split: 'items' }), { redact: ['token'] });
    const reading = await read(source, {
      body: '[{"id":"1","type":"x","token":"a"},{"id":"2","type":"x","token":"b"}]',
    });
    expect(JSON.stringify(reading)).not.toMatch(/token\\":\\"[ab]/);
  });
});

describe('a batch', () => {
  const source = sourceOf(plainProvider({ split: 'items' }));

  test('gives each item its own event, spliced as it was written', async () => {
    const reading = await read(source, {
      body: '[{"id":1,"type":"x"},\r\n{"id": 12345678901234567890, "type": "y"}]',
    });
    expect(reading).toMatchObject({
      events: [
        { key: '1', type: 'x', payload: { text: '{"id":1,"type":"x"}' } },
        { key: '12345678901234567890', payload: { text: '{"id": 12345678901234567890, "type": "y"}' } },
      ],
      unreadable: [],
    });
  });

  test('neither loses nor holds back the others for one bad item', async () => {
    const reading = await read(source, {
      body: '[{"id":"1","type":"x"},{"no":"id"},7,{"id":"4","type":"x"}]',
    });
    expect(reading).toMatchObject({
      kind: 'events',
      events: [{ key: '1' }, { key: '4' }],
      unreadable: [
        { index: 1, reason: 'unidentified' },
        { index: 2, reason: 'unidentified' },
      ],
    });
  });

  test('of nothing is no event and no failure', async () => {
    expect(await read(source, { body: '[]' })).toEqual({
      kind: 'events',
      events: [],
      unreadable: [],
      unwanted: 0,
    });
  });

  test('has the digest of each item', async () => {
    const digests = sourceOf(plainProvider({ split: 'items', events: [{ id: '{digest}', type: 'x' }] }));
    const reading = await read(digests, { body: '[ {"a":1} , {"a":2} ]' });
    expect(reading).toMatchObject({
      events: ['{"a":1}', '{"a":2}'].map((text) => ({ id: createHash('sha256').update(text).digest('hex') })),
    });
  });
});

describe('what cannot be an event', () => {
  const source = sourceOf(plainProvider());

  test('for its body is unreadable, and the explanation quotes nothing of it', async () => {
    const reading = await read(source, { body: '{"secret":' });
    expect(reading).toEqual({
      kind: 'unreadable',
      reason: 'unreadable',
      explanation: 'the body is not valid JSON',
    });
  });

  test.each([
    ['without an id', '{"type":"x"}', 'there is no value for its id: {body:id}'],
    ['with an empty id', '{"id":"","type":"x"}', 'there is no value for its id: {body:id}'],
    ['with an object for an id', '{"id":{},"type":"x"}', 'there is no value for its id: {body:id}'],
    ['without a type', '{"id":"1"}', 'there is no value for its type: {body:type}'],
    [
      'with a type that CloudEvents forbids',
      '{"id":"1","type":"a\\u0000"}',
      'its type is too long or holds control characters',
    ],
    [
      'with an endless type',
      `{"id":"1","type":"${'t'.repeat(600)}"}`,
      'its type is too long or holds control characters',
    ],
  ])('%s is unidentified', async (_, body, explanation) => {
    expect(await read(source, { body })).toMatchObject({
      events: [],
      unreadable: [{ index: 0, reason: 'unidentified', explanation }],
    });
  });

  test('is unidentified when it has the shape of no known event', async () => {
    const strict = sourceOf(
      plainProvider({ events: [{ when: [{ at: '{body:v}', equals: '2' }], id: '1', type: 'x' }] }),
    );
    expect(await read(strict, { body: '{}' })).toMatchObject({
      unreadable: [
        { reason: 'unidentified', explanation: 'it has the shape of no event that Acme is known to send' },
      ],
    });
  });

  test('fails loudly when a step was not loaded', async () => {
    const { readEvents } = await import('../../lib/core/identify.ts');
    const { deliveryOf } = await import('./intake-cases.ts');
    const stepped = sourceOf(plainProvider({ events: { step: 'twilio-event' } }));
    expect(() => readEvents(stepped, deliveryOf(stepped, { body: '{}' }), {})).toThrow(TypeError);
  });
});

test('events that the source does not want are counted and left out', async () => {
  const source = sourceOf(plainProvider({ split: 'items' }), { events: ['issues.*', 'push'] });
  const types = ['issues.opened', 'push', 'star', 'issues', 'pushed'];
  const body = JSON.stringify(types.map((type, index) => ({ id: String(index), type })));
  expect(await read(source, { body })).toMatchObject({
    events: [{ type: 'issues.opened' }, { type: 'push' }],
    unwanted: 3,
  });
});
