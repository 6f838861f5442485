import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEEPEST, eventDocuments, readDocument } from '../../lib/core/document.ts';
import { formFields, MOST_FIELDS } from '../../lib/core/form.ts';
import type { Split } from '../../lib/core/provider.ts';
import type { Steps } from '../../lib/core/steps/load-steps.ts';
import { FORM_TYPE, JSON_TYPE } from './intake-cases.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const json = (text: string | Buffer) => readDocument({ headers: JSON_TYPE, body: Buffer.from(text) }, {});
const form = (text: string | Buffer, formField?: string) =>
  readDocument(
    { headers: FORM_TYPE, body: Buffer.from(text) },
    formField === undefined ? {} : { place: { formField } },
  );

describe('a JSON body', () => {
  test('stays as it was written: big numbers, duplicate keys, spaces, escapes', () => {
    const text = ' {"id":12345678901234567890,"a":1,"a":2,"price":1.0,"path":"a\\/b\\u00e9"}\r\n';
    expect(json(text)).toEqual({ kind: 'json', text });
  });

  test('is read without its byte order mark', () => {
    expect(json('\ufeff{"a":1}')).toEqual({ kind: 'json', text: '{"a":1}' });
  });

  test.each([
    ['invalid UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'the body is not valid UTF-8'],
    ['a truncated body', '{"a":', 'the body is not valid JSON'],
    ['an empty body', '', 'the body is not valid JSON'],
    ['text after the value', '{} {}', 'the body is not valid JSON'],
    ['nesting beyond the limit', '['.repeat(DEEPEST + 1), `the body is nested deeper than ${DEEPEST}`],
    ['nesting 20,000 deep', '{"a":'.repeat(20_000), `the body is nested deeper than ${DEEPEST}`],
  ])('with %s is unreadable', (_, body, explanation) => {
    expect(json(body)).toEqual({ kind: 'unreadable', explanation });
  });

  test('may be nested up to the limit', () => {
    expect(json('['.repeat(DEEPEST) + ']'.repeat(DEEPEST)).kind).toBe('json');
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/cloudevents+json',
  ])('is known by %s', (type) => {
    expect(readDocument({ headers: { 'content-type': type }, body: bytes('{}') }, {}).kind).toBe('json');
  });
});

const NO_FORM = `the form is not valid UTF-8, or has more than ${MOST_FIELDS} fields`;

describe('a form', () => {
  test('is an object of strings, and of arrays for names that come twice', () => {
    expect(form('Body=1+2%2B3&Media=a&Empty=&Media=b')).toEqual({
      kind: 'json',
      text: '{"Body":"1 2+3","Media":["a","b"],"Empty":""}',
    });
  });

  test('keeps names that mean something to JavaScript', () => {
    expect(form('__proto__=1&constructor=2&0=3')).toEqual({
      kind: 'json',
      text: '{"__proto__":"1","constructor":"2","0":"3"}',
    });
  });

  test('that carries a document is that document, as it was written', () => {
    const document = '{"id": 12345678901234567890, "text": "a b+c"}';
    expect(form(`payload=${encodeURIComponent(document).replaceAll('%20', '+')}`, 'payload')).toEqual({
      kind: 'json',
      text: document,
    });
  });

  test('without the field for the document is its fields', () => {
    expect(form('command=%2Fweather', 'payload')).toEqual({ kind: 'json', text: '{"command":"/weather"}' });
  });

  test.each([
    ['a document that is no JSON', 'payload=x', "the form's field payload is not valid JSON"],
    ['two documents', 'payload=1&payload=2', 'the form holds the field payload more than once'],
    ['bytes that are no UTF-8', 'a=%ff', NO_FORM],
    ['a name that is no UTF-8', '%c3%28=1', NO_FORM],
  ])('with %s is unreadable', (_, body, explanation) => {
    expect(form(body, 'payload')).toEqual({ kind: 'unreadable', explanation });
  });

  test.each([
    ['a JSON document', '{"title":"&payload=%7B%22forged%22:1%7D&"}'],
    ['a JSON list', '[1,&payload=%7B%22forged%22:1%7D&2]'],
    ['a JSON text', '"&payload=%7B%22forged%22:1%7D&"'],
  ])('is none where it is %s whose text holds fields', (_, body) => {
    expect(form(body, 'payload')).toEqual({ kind: 'unreadable', explanation: expect.stringMatching(/JSON/) });
    expect(form(body).kind).toBe('unreadable');
  });

  test('with more fields than any provider sends is none: anybody can send them', () => {
    expect(formFields(bytes('a&'.repeat(MOST_FIELDS)))).toHaveLength(MOST_FIELDS);
    expect(formFields(bytes('a&'.repeat(MOST_FIELDS + 1)))).toBeUndefined();
    expect(form('a&'.repeat(MOST_FIELDS + 1))).toEqual({ kind: 'unreadable', explanation: NO_FORM });
  });

  const oracle = (text: string): [string, string][] => [...new URLSearchParams(`${text}`)];

  test.each([
    'a=1&b=2',
    'a=%',
    'a=%zz&%=%4',
    'a=b=c&&=x&',
    'a=%41%e2%82%ac',
    '%3Da=%26',
    'a=+%2B',
    '\u00e9=\u20ac',
  ])('decodes %s as the URL standard does', (text) => {
    expect(formFields(bytes(text))).toEqual(oracle(text));
  });

  test('decodes every ASCII form of UTF-8 as the URL standard does', () => {
    // Node's own decoder breaks a letter that is not ASCII after an invalid escape, so there are none; nor may pieces make bytes that are no UTF-8 (%aa).
    const pieces = fc.constantFrom('z', '=', '&', '+', '%', '%2', '%41', '%e2%82%ac', '%EF%BB%BF', ' ', '\0');
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const text = `x${parts.join('')}`;
        expect(formFields(bytes(text))).toEqual(oracle(text));
      }),
    );
  });

  test('comes back from what URLSearchParams writes', () => {
    const fields = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })));
    fc.assert(
      fc.property(fields, (pairs) => {
        expect(formFields(bytes(new URLSearchParams(pairs).toString()))).toEqual(pairs);
      }),
    );
  });
});

test('any other body is bytes with their type', () => {
  const body = Buffer.from([0, 0xff]);
  expect(readDocument({ headers: { 'content-type': 'image/png' }, body }, {})).toEqual({
    kind: 'bytes',
    bytes: body,
    contentType: 'image/png',
  });
  expect(readDocument({ headers: {}, body }, {})).toMatchObject({ contentType: 'application/octet-stream' });
});

describe('the events of a body', () => {
  const texts = (text: string, split?: Split): string[] => {
    const documents = eventDocuments({ kind: 'json', text }, split);
    if ('kind' in documents) throw new Error(documents.explanation);
    return documents.map((each) => (each.kind === 'json' ? each.text : ''));
  };

  test('are the items of an array where the provider sends batches, cut out as they were written', () => {
    expect(texts(' [ {"id": 12345678901234567890} ,\r\n [1, 2], "x" ]', 'items')).toEqual([
      '{"id": 12345678901234567890}',
      '[1, 2]',
      '"x"',
    ]);
    expect(texts('[]', 'items')).toEqual([]);
  });

  test('are one where the body is no array, or the provider sends no batches', () => {
    expect(texts('{"a":[1,2]}', 'items')).toEqual(['{"a":[1,2]}']);
    expect(texts('[1,2]')).toEqual(['[1,2]']);
  });
});

test('never throws, whatever the bytes and their type', () => {
  const types = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain', '');
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(types, bodies, (type, body) => {
      const document = readDocument(
        { headers: { 'content-type': type }, body },
        { place: { formField: 'payload' } },
      );
      if (document.kind === 'json') expect(() => JSON.parse(document.text)).not.toThrow();
    }),
  );
});

describe('where a provider says how its bodies are read', () => {
  const read = (type: string, body: string, options: Parameters<typeof readDocument>[1]) =>
    readDocument({ headers: { 'content-type': type }, body: bytes(body) }, options);

  test('JSON is JSON whatever its content type is', () => {
    for (const type of ['text/plain; charset=UTF-8', 'application/x-www-form-urlencoded', ''])
      expect(read(type, '{"a":1}', { place: 'json' })).toEqual({ kind: 'json', text: '{"a":1}' });
    expect(read('text/plain', 'a=1', { place: 'json' })).toMatchObject({ kind: 'unreadable' });
  });

  test('a step reads every body', () => {
    const steps: Steps = { document: { read: ({ body }) => ({ kind: 'json', text: `[${body.length}]` }) } };
    for (const type of ['text/xml', 'application/json', 'application/x-www-form-urlencoded'])
      expect(read(type, '{}', { place: { step: 'salesforce-soap' }, steps })).toEqual({
        kind: 'json',
        text: '[2]',
      });
  });

  test('a step that was not loaded is a bug', () => {
    expect(() => read('text/xml', '<a/>', { place: { step: 'salesforce-soap' } })).toThrow(TypeError);
  });
});
