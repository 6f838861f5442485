import {
  ARRAY_START,
  closes,
  isWhiteSpace,
  keyAt,
  nextBracket,
  opens,
  skipSeparators,
  unquote,
  valueEnd,
} from './json-span-scan.ts';

/**
 * Reading and cutting a JSON text in place. Parsing and writing it again would change it: ids above 2^53 lose digits,
 * `1.0` becomes `1`. Every function is one pass without recursion, so neither size nor nesting of a text is a danger.
 *
 * The texts must be valid JSON (RFC 8259). On others every function ends and keeps within the text, but what it finds means nothing.
 */

/** Half-open range [start, end) of UTF-16 offsets in a JSON text that holds one value, without surrounding white space. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

/** Keys and array indexes from the outside in: `['items', '0', 'id']`. The empty path is the root. */
export type JsonPath = readonly string[];

/**
 * Reads a dotted path. A backslash takes the next character as it is: `\.` is a dot in a key, `\\` a backslash.
 *
 * @example parsePath('data.object.id') // ['data', 'object', 'id']
 * @example parsePath('labels.app\\.io/name') // ['labels', 'app.io/name']
 * @example parsePath('') // [], the root
 */
export function parsePath(path: string): JsonPath {
  if (path === '') return [];
  const keys = [''];
  for (const [token] of path.matchAll(/\\?./gs)) {
    if (token === '.') keys.push('');
    else keys[keys.length - 1] += token.length > 1 ? token.slice(1) : token;
  }
  return keys;
}

/** The span of the whole text's value. */
export function rootSpan(text: string): JsonSpan {
  let start = 0;
  let end = text.length;
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end -= 1;
  return { start, end };
}

/**
 * Where the value at `path` stands, or undefined if there is none. Of a key's duplicates the last counts, as in JSON.parse.
 *
 * @param within a value to start from instead of the root, e.g. an item of a batch
 * @example findSpan('{"id": 12345678901234567890}', ['id']) // { start: 7, end: 27 }
 */
export function findSpan(
  text: string,
  path: JsonPath,
  within: JsonSpan = rootSpan(text),
): JsonSpan | undefined {
  return matchingSpans(text, path, within, 'last')?.[0];
}

/**
 * The items of an array, in order; undefined if the value is not an array.
 *
 * @example itemSpans('[1, {}]') // [{ start: 1, end: 2 }, { start: 4, end: 6 }]
 */
export function itemSpans(text: string, within: JsonSpan = rootSpan(text)): readonly JsonSpan[] | undefined {
  if (within.start >= text.length || text.charCodeAt(within.start) !== ARRAY_START) return undefined;
  return matchingSpans(text, ['*'], within, 'all');
}

/**
 * The scalar at `path`: a string unescaped, a number or boolean as it is written (`1.0` and `1` stay apart).
 * Null, objects, arrays and absent values are undefined.
 *
 * @example scalarAt('{"id": 12345678901234567890}', ['id']) // '12345678901234567890'
 */
export function scalarAt(text: string, path: JsonPath, within?: JsonSpan): string | undefined {
  const span = findSpan(text, path, within);
  if (span === undefined) return undefined;
  const source = text.slice(span.start, span.end);
  if (source.startsWith('"')) return unquote(source);
  return /^[-\dtf]/.test(source) ? source : undefined;
}

/**
 * The text with the values at `paths` replaced, every duplicate of a key included; the rest stays as it is.
 * `*` in a path stands for every key and item. Paths that are absent are passed over.
 *
 * Make sure first that the text is valid: a broken one may come back with the values still in it.
 *
 * @param replacement a JSON text
 * @example replaceAt('{"a": [{"t": 1}, {"t": 2}]}', [['a', '*', 't']], 'null') // '{"a": [{"t": null}, {"t": null}]}'
 */
export function replaceAt(text: string, paths: readonly JsonPath[], replacement: string): string {
  const root = rootSpan(text);
  const spans = paths.flatMap((path) => matchingSpans(text, path, root, 'all') ?? []);
  spans.sort((a, b) => a.start - b.start);
  const parts: string[] = [];
  let kept = 0;
  for (const { start, end } of spans) {
    if (start < kept) continue; // inside a value that another path has replaced
    parts.push(text.slice(kept, start), replacement);
    kept = end;
  }
  return parts.join('') + text.slice(kept);
}

/**
 * Whether brackets are nested deeper than `limit`: a scalar has depth 0, `[]` has 1. Holds for any text, so it can stand before JSON.parse.
 *
 * @example depthExceeds('{"a": []}', 1) // true
 */
export function depthExceeds(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = nextBracket(text, 0); at < text.length; at = nextBracket(text, at + 1)) {
    depth = opens(text.charCodeAt(at)) ? depth + 1 : Math.max(0, depth - 1);
    if (depth > limit) return true;
  }
  return false;
}

/**
 * The values that `path` leads to, in the text's order; undefined if the text ends inside one.
 * `last`: of duplicate keys only the last, and no wildcards, so at most one value. `all`: every duplicate, and `*` is any key or item.
 */
function matchingSpans(
  text: string,
  path: JsonPath,
  root: JsonSpan,
  which: 'last' | 'all',
): JsonSpan[] | undefined {
  const found: JsonSpan[] = [];
  // The containers on the path that are open: an array's next index, undefined for an object.
  // Values off the path are skipped whole, so this never grows past the path's length.
  const open: (number | undefined)[] = [];
  let at = root.start;
  let onPath = true;
  while (at < text.length) {
    if (onPath && open.length < path.length && opens(text.charCodeAt(at))) {
      open.push(text.charCodeAt(at) === ARRAY_START ? 0 : undefined);
      at += 1;
    } else {
      const end = valueEnd(text, at);
      if (onPath && open.length === path.length) found.push({ start: at, end });
      at = end;
    }
    at = leaveContainers(text, at, open);
    if (open.length === 0) return found;
    const { key, value } = enterMember(text, at, open);
    at = value;
    onPath = matches(key, path[open.length - 1], which);
    // Whatever an earlier duplicate of this key held is void.
    if (onPath && which === 'last') found.length = 0;
  }
  return undefined;
}

function matches(key: string | undefined, wanted: string | undefined, which: 'last' | 'all'): boolean {
  return key === wanted || (which === 'all' && wanted === '*');
}

/** Takes the containers that end at `at` off `open`; returns where the next member starts. */
function leaveContainers(text: string, at: number, open: unknown[]): number {
  let next = skipSeparators(text, at);
  while (open.length > 0 && next < text.length && closes(text.charCodeAt(next))) {
    open.pop();
    next = skipSeparators(text, next + 1);
  }
  return next;
}

/** The key or index of the member at `at`, and where its value starts. Counts the items of an array in `open`. */
function enterMember(
  text: string,
  at: number,
  open: (number | undefined)[],
): { key: string | undefined; value: number } {
  const index = open.at(-1);
  if (index !== undefined) {
    open[open.length - 1] = index + 1;
    return { key: String(index), value: at };
  }
  const end = valueEnd(text, at);
  return { key: keyAt(text, at, end), value: skipSeparators(text, end) };
}
