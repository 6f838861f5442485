import fc from 'fast-check';
import type { JsonPath } from '../../lib/core/json-span.ts';

// The oracles: JSON.parse for values, and the source text that it hands to its reviver for numbers.
// V8 can misread a key written with escapes once any text before had a key with a backslash in it
// (github.com/nodejs/node/issues/63785). So the oracles read `\u0070` as `p`, and no generated key needs an escape.

const plainly = (text: string): string =>
  text.replace(/\\(?:u00([2-7][0-9a-f])|.)/gis, (written, code?: string) => {
    const char = code === undefined ? '\\' : String.fromCharCode(Number.parseInt(code, 16));
    return '"\\\x7f'.includes(char) ? written : char;
  });

/** The value of a text, by JSON.parse. */
export const parse = (text: string): unknown => JSON.parse(plainly(text));

/** The value with each scalar in it replaced by the text it was written as. */
export function parseToSources(text: string): unknown {
  // TypeScript's types do not know the third argument yet.
  const toSource = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    context?.source ?? value;
  return JSON.parse(plainly(text), toSource);
}

export const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const keysOf = (value: unknown): string[] => (isContainer(value) ? Object.keys(value) : []);

/** What stands at `path` in a parsed value. */
export function valueAt(root: unknown, path: JsonPath): { value: unknown } | undefined {
  let value = root;
  for (const key of path) {
    if (!isContainer(value) || !keysOf(value).includes(key)) return undefined;
    value = value[key];
  }
  return { value };
}

/** The paths of all values in a parsed value, its own first. */
export function pathsOf(root: unknown): JsonPath[] {
  const below = keysOf(root).flatMap((key) =>
    pathsOf(valueAt(root, [key])?.value).map((path) => [key, ...path]),
  );
  return [[], ...below];
}

/** What replaceAt should make of the parsed value. */
export function replaced(value: unknown, paths: readonly JsonPath[], replacement: unknown): unknown {
  if (paths.some((path) => path.length === 0)) return replacement;
  if (!isContainer(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => {
    const rest = paths.filter(([first]) => first === key || first === '*').map((path) => path.slice(1));
    return [key, replaced(member, rest, replacement)] as const;
  });
  return Array.isArray(value) ? entries.map(([, member]) => member) : Object.fromEntries(entries);
}

/** What removeAt should make of the parsed value; undefined when all of it goes. */
export function removed(value: unknown, paths: readonly JsonPath[]): unknown {
  if (paths.some((path) => path.length === 0)) return undefined;
  if (!isContainer(value)) return value;
  const entries = Object.entries(value).flatMap(([key, member]) => {
    const rest = paths.filter(([first]) => first === key || first === '*').map((path) => path.slice(1));
    return rest.some((path) => path.length === 0) ? [] : [[key, removed(member, rest)] as const];
  });
  return Array.isArray(value) ? entries.map(([, member]) => member) : Object.fromEntries(entries);
}

// Texts are made as texts, not by JSON.stringify, so that they hold what it never writes.

const whiteSpace = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 2 });
const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => unit.toString(16).padStart(4, '0'));
const character = fc.oneof(
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
    .map((char) => JSON.stringify(char).slice(1, -1)),
  fc.constantFrom(...'[]{},:*.', ...[...'"\\/bfnrt'].map((char) => `\\${char}`)),
  codeUnit.map((unit) => `\\u${unit}`), // lone surrogates too
  codeUnit.map((unit) => `\\u${unit.toUpperCase()}`),
  fc.constantFrom('\ud800', '\udc00', '\u2028', '\u007f'),
);
const stringText = fc.array(character, { maxLength: 6 }).map((chars) => `"${chars.join('')}"`);
const numberText = fc.oneof(
  fc.stringMatching(/^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,4})?([eE][+-]?[0-9]{1,3})?$/),
  fc.constantFrom('9007199254740993', '-0', '1e400', '1.0'),
);

/** Few keys, so that they come doubled; any letter can be escaped, so that equal keys look different. */
export const keyName: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('p', 'a', '', '0', '1', '01', '-1', '*', 'a.b', '[{') },
  { weight: 2, arbitrary: fc.constantFrom('__proto__', 'constructor', 'length', 'toString', 'é😀') },
);
const keyText = fc.tuple(keyName, fc.nat({ max: 7 })).map(([key, escaped]) => {
  const units = key.split('').map((unit, at) => {
    const code = unit.charCodeAt(0);
    return code < 0x7f && escaped & (1 << (at % 3)) ? `\\u${code.toString(16).padStart(4, '0')}` : unit;
  });
  return `"${units.join('')}"`;
});

export const spaced = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(whiteSpace, arbitrary, whiteSpace).map((parts) => parts.join(''));

const { json: anyJson } = fc.letrec<{ json: string; array: string; object: string; member: string }>(
  (tie) => ({
    json: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      numberText,
      stringText,
      fc.constantFrom('true', 'false', 'null'),
      tie('array'),
      tie('object'),
    ),
    array: fc.array(spaced(tie('json')), { maxLength: 5 }).map((items) => `[${items.join(',')}]`),
    member: fc.tuple(spaced(keyText), spaced(tie('json'))).map((parts) => parts.join(':')),
    object: fc
      .tuple(whiteSpace, fc.array(tie('member'), { maxLength: 6 }))
      .map(([space, members]) => `{${members.join(',') || space}}`),
  }),
);
/** A JSON value without white space around it. */
export const json: fc.Arbitrary<string> = anyJson;

const unescaped = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
  .filter((char) => JSON.stringify(char) === `"${char}"`);

/** One member a key, no escapes, indented. */
export const textWithoutDuplicates: fc.Arbitrary<string> = fc
  .jsonValue({ stringUnit: unescaped })
  .map((value) => JSON.stringify(value, null, 2));

/** Any JSON text: odd white space, escapes, surrogates, duplicate keys, numbers beyond a double. */
export const jsonText: fc.Arbitrary<string> = fc.oneof(spaced(json), textWithoutDuplicates);

/** A path that often leads somewhere in a `jsonText`. */
export const anyPath: fc.Arbitrary<JsonPath> = fc.array(keyName, { maxLength: 4 });
