import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepItems, spansAt, textPerItem } from '../../lib/core/json-items.ts';
import { parsePath } from '../../lib/core/json-span.ts';

const valuesAt = (text: string, path: string): (string | undefined)[] =>
  spansAt(text, parsePath(path)).map((span) => span && text.slice(span.start, span.end));
const perItem = (text: string, ...paths: string[]): readonly string[] | undefined =>
  textPerItem(text, paths.map(parsePath));

describe('the values at a path with "*"', () => {
  test('are one for each item, also for one that has none', () => {
    expect(valuesAt('{"value":[{"id":1},{},{"id":[]}]}', 'value.*.id')).toEqual(['1', undefined, '[]']);
    expect(valuesAt('[[1,2],[],[3]]', '*.*')).toEqual(['1', '2', '3']);
    expect(valuesAt('{"value":[]}', 'value.*.id')).toEqual([]);
  });

  test('are one that is missing where there is no array: nothing must pass for all of none', () => {
    for (const text of ['{}', '{"value":{}}', '{"value":{"0":{"id":1}}}', '{"value":null}', '"x"', '[]'])
      expect(valuesAt(text, 'value.*.id'), text).toEqual([undefined]);
  });

  test('are those of the last of equal keys, as every reader has it', () => {
    expect(valuesAt('{"value":[{"id":1}],"value":[{"id":2,"id":3}]}', 'value.*.id')).toEqual(['3']);
  });
});

describe('the text of each item', () => {
  test('keeps what stands around it, as it was written', () => {
    const text = ' {"a": 12345678901234567890, "value" : [ {"id": 1.0} , {"id":2}], "z": "]"} ';
    expect(perItem(text, 'value.*')).toEqual([
      '{"a": 12345678901234567890, "value" : [{"id": 1.0}], "z": "]"}',
      '{"a": 12345678901234567890, "value" : [{"id":2}], "z": "]"}',
    ]);
  });

  test('holds one item of each array on the way', () => {
    const text =
      '{"entry":[{"id":"a","changes":[1,2]},{"id":"b","changes":[]},{"id":"c","changes":[3],"time":4}]}';
    expect(perItem(text, 'entry.*.changes.*')).toEqual([
      '{"entry":[{"id":"a","changes":[1]}]}',
      '{"entry":[{"id":"a","changes":[2]}]}',
      '{"entry":[{"id":"c","changes":[3],"time":4}]}',
    ]);
  });

  test('is also that of an item on the way from which nothing leads on: it is lost with no other', () => {
    const text = '{"entry":[{"changes":[1,2]},{"changed_fields":["feed"]},{"changes":{"0":3}},7]}';
    expect(perItem(text, 'entry.*.changes.*')).toEqual([
      '{"entry":[{"changes":[1]}]}',
      '{"entry":[{"changes":[2]}]}',
      '{"entry":[{"changed_fields":["feed"]}]}',
      '{"entry":[{"changes":{"0":3}}]}',
      '{"entry":[7]}',
    ]);
  });

  test('holds nothing of the arrays of the other paths, and is the same in whatever batch it comes', () => {
    const paths = ['entry.*.changes.*.messages.*', 'entry.*.changes.*.statuses.*', 'entry.*.messaging.*'];
    const change = '{"field":"messages","messages":["m"],"statuses":["s","t"],"metadata":{}}';
    const texts = perItem(
      `{"entry":[{"id":1,"changes":[${change},{"field":"f"}],"messaging":["n"]},{"id":2,"messaging":["o"]}]}`,
      ...paths,
    );
    expect(texts).toEqual([
      '{"entry":[{"id":1,"changes":[{"field":"messages","messages":["m"],"metadata":{}}]}]}',
      '{"entry":[{"id":1,"changes":[{"field":"messages","statuses":["s"],"metadata":{}}]}]}',
      '{"entry":[{"id":1,"changes":[{"field":"messages","statuses":["t"],"metadata":{}}]}]}',
      '{"entry":[{"id":1,"changes":[{"field":"f"}]}]}',
      '{"entry":[{"id":1,"messaging":["n"]}]}',
      '{"entry":[{"id":2,"messaging":["o"]}]}',
    ]);
    for (const text of texts ?? []) expect(perItem(text, ...paths), text).toEqual([text]);
  });

  test('is none where there is no array, and there are no texts where it is empty', () => {
    expect(perItem('{"value":{"0":1}}', 'value.*')).toBeUndefined();
    expect(perItem('{}', 'value.*')).toBeUndefined();
    expect(perItem('{"value":[]}', 'value.*')).toEqual([]);
  });

  test('is what parsing, cutting and writing gives, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), fc.jsonValue(), (items, before, after) => {
        const text = JSON.stringify({ before, value: items, after });
        const expected = items.map((item) => JSON.stringify({ before, value: [item], after }));
        expect(perItem(text, 'value.*')).toEqual(expected);
      }),
    );
  });
});

describe('the text without some items', () => {
  test('is what parsing, filtering and writing gives, whatever the values', () => {
    const items = fc.array(fc.record({ kept: fc.boolean(), value: fc.jsonValue() }));
    fc.assert(
      fc.property(fc.array(items), fc.jsonValue(), (lists, after) => {
        const text = JSON.stringify({ a: lists.map((b) => ({ b })), after });
        const expected = { a: lists.map((b) => ({ b: b.filter(({ kept }) => kept) })), after };
        const kept = keepItems(text, parsePath('a.*.b.*'), ({ start, end }) =>
          text.slice(start, end).startsWith('{"kept":true'),
        );
        expect(kept).toBe(JSON.stringify(expected));
      }),
    );
  });

  test('is the text where there is no array', () => {
    for (const text of ['{"value":{"0":1}}', '{}', '7'])
      expect(keepItems(text, parsePath('value.*'), () => false)).toBe(text);
  });
});
