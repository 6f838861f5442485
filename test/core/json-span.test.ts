import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  depthExceeds,
  findSpan,
  itemSpans,
  type JsonPath,
  type JsonSpan,
  parsePath,
  removeAt,
  replaceAt,
  rootSpan,
  scalarAt,
} from '../../lib/core/json-span.ts';
import {
  anyPath,
  isContainer,
  json,
  jsonText,
  keyName,
  parse,
  parseToSources,
  pathsOf,
  removed,
  replaced,
  spaced,
  textWithoutDuplicates,
  valueAt,
} from './json-span-texts.ts';

const cut = (text: string, span: JsonSpan | undefined): string | undefined =>
  span && text.slice(span.start, span.end);

test('rootSpan leaves out the white space around the value', () => {
  fc.assert(
    fc.property(jsonText, (text) => {
      expect(cut(text, rootSpan(text))).toBe(text.trim());
      expect(rootSpan(text)).toEqual(findSpan(text, []));
    }),
  );
});

describe('findSpan', () => {
  test('finds every value that JSON.parse finds, and nothing but it', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const root = parse(text);
        for (const path of pathsOf(root)) {
          const found = cut(text, findSpan(text, path));
          expect(found).toBeDefined();
          expect(found).toBe(found?.trim());
          expect(isDeepStrictEqual(parse(found ?? ''), valueAt(root, path)?.value)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('finds nothing where JSON.parse has nothing', () => {
    fc.assert(
      fc.property(jsonText, anyPath, (text, path) => {
        const expected = valueAt(parse(text), path);
        const found = cut(text, findSpan(text, path));
        expect(found === undefined).toBe(expected === undefined);
      }),
      { numRuns: 2000 },
    );
  });

  test('finds the same within a span as in the span cut out', () => {
    fc.assert(
      fc.property(jsonText, anyPath, fc.nat(), (text, path, pick) => {
        const paths = pathsOf(parse(text));
        const within = findSpan(text, paths[pick % paths.length] ?? []);
        const alone = cut(text, within) ?? '';
        expect(cut(text, findSpan(text, path, within))).toBe(cut(alone, findSpan(alone, path)));
      }),
    );
  });

  const cases: [title: string, text: string, path: JsonPath, found: string | undefined][] = [
    ['the root for the empty path', ' [1] ', [], '[1]'],
    ['a scalar root', '\t12\n', [], '12'],
    ['a number above 2^53 digit for digit', '{"id":9007199254740993}', ['id'], '9007199254740993'],
    ['a key written with escapes', '{"\\u0070":1}', ['p'], '1'],
    ['the last of duplicate keys', '{"a":1,"b":2,"a":3}', ['a'], '3'],
    ['the last of duplicates spelled differently', '{"p":1,"\\u0070":2}', ['p'], '2'],
    ['the last of duplicate parents', '{"a":{"b":1},"a":{"b":2}}', ['a', 'b'], '2'],
    ['nothing when the last parent lacks the key', '{"a":{"b":1},"a":{}}', ['a', 'b'], undefined],
    ['nothing when the last parent is a scalar', '{"a":{"b":1},"a":7}', ['a', 'b'], undefined],
    ['a key after an empty container', '{"a":{},"b":[[],{}],"c":1}', ['c'], '1'],
    ['an item behind nested arrays', '[[0],[1,[2,3]],4]', ['1', '1', '0'], '2'],
    ['__proto__ as any key', '{"__proto__":{"x":1}}', ['__proto__', 'x'], '1'],
    ['no inherited property', '{"a":[]}', ['a', 'length'], undefined],
    ['no item under a padded index', '[1,2]', ['01'], undefined],
    ['no item past the end', '[1,2]', ['2'], undefined],
    ['* as any key, not a wildcard', '{"a":1,"*":2}', ['*'], '2'],
    ['no item under *', '[1]', ['*'], undefined],
    ['a key that needs escapes', '{"\\n":1,"\\\\":2,"\\"":3}', ['"'], '3'],
    ['a key that is a backslash', '{"\\n":1,"\\\\":2,"\\"":3}', ['\\'], '2'],
    ['no key that only looks equal in its escaped form', '{"a\\b":1}', ['a\\b'], undefined],
    ['a key behind a string full of brackets', '{"s":"}]\\"{[","k":1}', ['k'], '1'],
    ['a key behind a string that ends in a backslash', '{"s":"\\\\","k":1}', ['k'], '1'],
    ['nothing below a scalar', '{"a":"b"}', ['a', 'b'], undefined],
  ];
  test.each(cases)('finds %s', (_title, text, path, found) => {
    expect(cut(text, findSpan(text, path))).toBe(found);
  });
});

describe('scalarAt', () => {
  test('gives strings as JSON.parse has them, numbers and booleans as they are written', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const root = parse(text);
        const sources = parseToSources(text);
        for (const path of pathsOf(root)) {
          const value = valueAt(root, path)?.value;
          const source = valueAt(sources, path)?.value;
          const expected =
            typeof value === 'string' ? value : value === null || isContainer(value) ? undefined : source;
          expect(scalarAt(text, path)).toBe(expected);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('keeps the digits of an id that JSON.parse rounds', () => {
    const text = '{"order":{"id":12345678901234567890}}';
    expect(scalarAt(text, ['order', 'id'])).toBe('12345678901234567890');
    expect(JSON.stringify(parse(text))).not.toContain('12345678901234567890');
  });

  test('is undefined for null, objects, arrays and what is absent', () => {
    const text = '{"n":null,"o":{},"a":[]}';
    expect(['n', 'o', 'a', 'x'].map((key) => scalarAt(text, [key]))).toEqual(Array(4).fill(undefined));
  });

  test('reads within an item of a batch', () => {
    const text = '[{"id":1},{"id":"two"}]';
    expect(itemSpans(text)?.map((item) => scalarAt(text, ['id'], item))).toEqual(['1', 'two']);
  });
});

describe('itemSpans', () => {
  test('cuts an array into texts that, joined again, are the same array', () => {
    fc.assert(
      fc.property(spaced(fc.array(spaced(json)).map((items) => `[${items.join(',')}]`)), (text) => {
        const items = itemSpans(text)?.map((item) => cut(text, item)) ?? [];
        expect(isDeepStrictEqual(parseToSources(`[${items.join(',')}]`), parseToSources(text))).toBe(true);
        expect(items.map((item) => parse(item ?? ''))).toHaveLength((parse(text) as unknown[]).length);
      }),
    );
  });

  test('is undefined exactly where the value is no array', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const root = parse(text);
        for (const path of pathsOf(root)) {
          const items = itemSpans(text, findSpan(text, path));
          const value = valueAt(root, path)?.value;
          expect(items?.length).toBe(Array.isArray(value) ? value.length : undefined);
        }
      }),
    );
  });

  test('gives no items for an empty array', () => {
    expect(itemSpans(' [ ] ')).toEqual([]);
  });
});

describe('replaceAt', () => {
  const patterns = fc.array(fc.array(fc.oneof(keyName, fc.constant('*')), { maxLength: 4 }), {
    maxLength: 3,
  });

  test('replaces in the text what a walk of the parsed value replaces', () => {
    fc.assert(
      fc.property(jsonText, patterns, (text, paths) => {
        const expected = replaced(parseToSources(text), paths, '"~"');
        expect(isDeepStrictEqual(parseToSources(replaceAt(text, paths, '"~"')), expected)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('returns the very text when no path leads anywhere', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(replaceAt(text, [['absent'], ['*', 'absent'], ['a', '7']], 'null')).toBe(text);
      }),
    );
  });

  test('leaves every character around the value as it is', () => {
    fc.assert(
      fc.property(textWithoutDuplicates, (text) => {
        for (const path of pathsOf(parse(text)).filter((keys) => !keys.includes('*'))) {
          const { start, end } = findSpan(text, path) ?? { start: -1, end: -1 };
          expect(replaceAt(text, [path], '#')).toBe(`${text.slice(0, start)}#${text.slice(end)}`);
        }
      }),
    );
  });

  const cases: [title: string, text: string, paths: string[], result: string][] = [
    [
      'a value, and keeps white space and big numbers',
      '{ "id": 9007199254740993 , "t" : "x" }',
      ['t'],
      '{ "id": 9007199254740993 , "t" : # }',
    ],
    ['every duplicate, however spelled', '{"p":"s1","\\u0070":"s2"}', ['p'], '{"p":#,"\\u0070":#}'],
    [
      'in every duplicate parent',
      '{"a":{"t":1},"a":{"t":2},"a":3}',
      ['a.t'],
      '{"a":{"t":#},"a":{"t":#},"a":3}',
    ],
    ['in every item', '{"a":[{"t":1},{"u":2},{"t":3}]}', ['a.*.t'], '{"a":[{"t":#},{"u":2},{"t":#}]}'],
    ['under every key', '{"a":{"t":1},"b":{"t":2},"c":3}', ['*.t'], '{"a":{"t":#},"b":{"t":#},"c":3}'],
    ['one item', '[1,2,3]', ['1'], '[1,#,3]'],
    ['several paths, in whatever order they are given', '{"a":1,"b":2}', ['b', 'a'], '{"a":#,"b":#}'],
    ['a value once that two paths name', '{"a":1}', ['a', '*'], '{"a":#}'],
    ['the outer of two values', '{"a":{"b":1},"c":2}', ['a.b', 'a', 'c'], '{"a":#,"c":#}'],
    ['the whole for the empty path', ' {"a":1} ', [''], ' # '],
  ];
  test.each(cases)('replaces %s', (_title, text, paths, result) => {
    expect(replaceAt(text, paths.map(parsePath), '#')).toBe(result);
  });
});

describe('removeAt', () => {
  const patterns = fc.array(fc.array(fc.oneof(keyName, fc.constant('*')), { minLength: 1, maxLength: 4 }), {
    maxLength: 3,
  });

  test('removes from the text what a walk of the parsed value removes', () => {
    fc.assert(
      fc.property(jsonText, patterns, (text, paths) => {
        const expected = removed(parseToSources(text), paths);
        expect(isDeepStrictEqual(parseToSources(removeAt(text, paths)), expected)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('makes a text that has the member and one that never had it the same', () => {
    const without = '{"a":1,"b":[2]}';
    for (const text of [
      '{"t":0,"a":1,"b":[2]}',
      '{"a":1,"t":{"x":[]},"b":[2]}',
      '{"a":1,"b":[2], "t" : "," }',
      '{"t":1,"a":1,"t":2,"b":[2],"t":3}',
      without,
    ]) {
      expect(removeAt(text, [['t']])).toBe(without);
    }
  });

  test('leaves nothing of an object whose members all go', () => {
    expect(removeAt('{"a":{"t":1,"u":2}}', [['a', '*']])).toBe('{"a":{}}');
    expect(removeAt(' {"a":1} ', [[]])).toBe('');
  });
});

describe('depthExceeds', () => {
  test('agrees with the depth of the parsed value', () => {
    const depthOf = (value: unknown): number =>
      isContainer(value) ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(textWithoutDuplicates, (text) => {
        const depth = depthOf(parse(text));
        expect([depth - 1, depth, depth + 1].map((limit) => depthExceeds(text, limit))).toEqual([
          depth > 0,
          false,
          false,
        ]);
      }),
    );
  });

  test('counts neither brackets in strings nor closed ones', () => {
    expect(depthExceeds('["[[[\\"[[[",[],{},[]]', 2)).toBe(false);
    expect(depthExceeds('["[[[\\"[[[",[],{},[]]', 1)).toBe(true);
  });

  test('is not misled by brackets that close nothing', () => {
    expect(depthExceeds(`${']'.repeat(10)}${'['.repeat(3)}`, 2)).toBe(true);
  });
});

describe('parsePath', () => {
  test('reads back every path that is written with escaped dots and backslashes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: fc.oneof(fc.constantFrom('.', '\\', '*'), fc.string({ unit: 'grapheme' })) }),
          { minLength: 1 },
        ),
        (path) => {
          fc.pre(path.join('') !== '' || path.length > 1);
          expect(parsePath(path.map((key) => key.replace(/[\\.]/g, '\\$&')).join('.'))).toEqual(path);
        },
      ),
    );
  });

  const cases: [text: string, path: JsonPath][] = [
    ['', []],
    ['a', ['a']],
    ['data.object.id', ['data', 'object', 'id']],
    ['items.0.id', ['items', '0', 'id']],
    ['labels.app\\.io/name', ['labels', 'app.io/name']],
    ['a\\\\.b', ['a\\', 'b']],
    ['a..b.', ['a', '', 'b', '']],
    ['a\\', ['a\\']],
    ['a\n.b', ['a\n', 'b']],
  ];
  test.each(cases)('reads %j', (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });
});
