import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  depthExceeds,
  findSpan,
  itemSpans,
  replaceAt,
  rootSpan,
  scalarAt,
} from '../../lib/core/json-span.ts';
import { anyPath, json } from './json-span-texts.ts';

/**
 * A text that counts the characters looked at and has no method but the ones counted.
 * It refuses a look outside itself, and more looks than `limit`.
 */
function watched(text: string, limit: number): { text: string; looks: () => number } {
  let looks = 0;
  const look = (count: number): void => {
    looks += count;
    if (looks > limit) throw new Error(`more than ${limit} looks at ${text.length} characters`);
  };
  const spy = {
    length: text.length,
    charCodeAt(at: number): number {
      look(1);
      if (!(at >= 0 && at < text.length)) throw new RangeError(`${at} is outside of the text`);
      return text.charCodeAt(at);
    },
    slice(start: number, end: number = text.length): string {
      look(Math.max(0, end - start));
      if (start > text.length || end > text.length)
        throw new RangeError(`${start} to ${end} is outside of the text`);
      return text.slice(start, end);
    },
  };
  return { text: spy as unknown as string, looks: () => looks };
}

const depth = 20_000;
const cut = (text: string, path: string[]): string => {
  const span = findSpan(text, path);
  return text.slice(span?.start, span?.end);
};
const shapes: [title: string, open: string, close: string, key: string][] = [
  ['arrays', '[', ']', '0'],
  ['objects', '{"a":', '}', 'a'],
];

test.each(shapes)('walks %s nested 20,000 deep', (_title, open, close, key) => {
  const deep = `${open.repeat(depth)}1${close.repeat(depth)}`;
  const path = Array<string>(depth).fill(key);
  expect(cut(deep, path)).toBe('1');
  expect(cut(deep, [key])).toBe(deep.slice(open.length, -close.length));
  expect(replaceAt(deep, [Array<string>(depth).fill('*')], '2')).toBe(deep.replace('1', '2'));
  expect(depthExceeds(deep, depth)).toBe(false);
  expect(depthExceeds(deep, depth - 1)).toBe(true);
  expect(scalarAt(`{"deep":${deep},"id":7}`, ['id'])).toBe('7');
  expect(itemSpans(`[${deep},${deep}]`)).toHaveLength(2);
});

const list = (count: number, item: string): string => Array.from({ length: count }, () => item).join(',');

/** Texts of about `size` characters, each bad for some way to scan. */
const heavy = (size: number): Record<string, string> => ({
  items: `[${list(size / 19, '{"id":1,"e":["x"]}')}]`,
  nesting: `${'[{"a":'.repeat(size / 8)}1${'}]'.repeat(size / 8)}`,
  quotes: JSON.stringify({ a: '"'.repeat(size / 2) }),
  backslashes: JSON.stringify({ a: '\\'.repeat(size / 2) }),
  duplicates: `{${list(size / 12, '"a":{"b":1}')}}`,
  keys: JSON.stringify({ [`\n${'k'.repeat(size)}`]: 1 }),
  space: `${' '.repeat(size / 2)}[1]${' '.repeat(size / 2)}`,
  unclosed: '['.repeat(size),
  unquoted: `{"a":"${'x'.repeat(size)}`,
});
const longPath = Array.from({ length: 300_000 }, (_, at) => (at % 2 === 0 ? '0' : 'a'));
const longPattern = Array<string>(300_000).fill('*');
const works: [title: string, work: (text: string) => unknown][] = [
  ['findSpan', (text) => findSpan(text, ['a', 'b', '0'])],
  ['findSpan by a long path', (text) => findSpan(text, longPath)],
  ['itemSpans', (text) => itemSpans(text)],
  ['scalarAt', (text) => scalarAt(text, ['a'])],
  ['replaceAt', (text) => replaceAt(text, [['*', '*']], '0')],
  ['replaceAt by a long path', (text) => replaceAt(text, [longPattern], '0')],
  ['depthExceeds', (text) => depthExceeds(text, text.length)],
];
test.each(works)('%s looks at no character of a 1 MB text more than a few times', (_title, work) => {
  for (const text of Object.values(heavy(1_000_000))) {
    const spy = watched(text, 6 * text.length + 100);
    work(spy.text);
    expect(spy.looks()).toBeGreaterThan(0);
  }
});

test('reads an item of a batch without a look at what follows it', () => {
  const item = '{"a":{"id":7}}';
  const text = `[${item}${']'.repeat(1000)}`;
  const within = { start: 1, end: 1 + item.length };
  expect(scalarAt(watched(text, 4 * item.length).text, ['a', 'id'], within)).toBe('7');
});

test('ends within any text, valid or not, and looks at nothing outside', () => {
  const shards = fc.constantFrom(...'[]{}",:\\ 1tn', '"a"', '"a":', '\\u00', 'null', '[1,', '{"a":{"0":');
  const cutOff = fc.tuple(json, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1)));
  const text = fc.oneof(fc.string({ unit: shards, maxLength: 30 }), cutOff, fc.string());
  const offset = fc.nat({ max: 40 });
  fc.assert(
    fc.property(text, anyPath, fc.option(fc.tuple(offset, offset)), (broken, path, range) => {
      const within = range ? { start: range[0], end: range[1] } : rootSpan(broken);
      const spy = (): string => watched(broken, 10 * broken.length + 100).text;
      const root = rootSpan(spy());
      const found = findSpan(spy(), path, within);
      const items = itemSpans(spy(), within) ?? [];
      scalarAt(spy(), path, within);
      depthExceeds(spy(), 3);
      replaceAt(spy(), [path, ['*', '*']], '0');
      for (const span of [root, ...(found ? [found] : []), ...items]) {
        expect(0 <= span.start && span.start <= span.end && span.end <= broken.length).toBe(true);
      }
    }),
    { numRuns: 5000 },
  );
});

const broken = [
  '',
  '   ',
  '{',
  '[',
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":"',
  '{"a":"\\',
  '[1',
  '[1,',
  '{"a":{"a":1}',
];
test.each(broken)('finds nothing in %j, which ends too early', (text) => {
  expect([findSpan(text, ['a']), itemSpans(text), scalarAt(text, ['a']), scalarAt(text, [])]).toEqual(
    Array(4).fill(undefined),
  );
});

test('takes a string with a broken escape for no scalar', () => {
  expect(scalarAt('{"a":"\\x"}', ['a'])).toBeUndefined();
});
