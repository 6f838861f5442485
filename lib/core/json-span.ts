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

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ARRAY_START = 0x5b;

// `[` and `{` differ only in this bit, and so do `]` and `}`.
const CURLY_BIT = 0x20;
const opens = (char: number): boolean => (char | CURLY_BIT) === 0x7b;
const closes = (char: number): boolean => (char | CURLY_BIT) === 0x7d;
const isWhiteSpace = (char: number): boolean => char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09;
const isSeparator = (char: number): boolean => char === 0x2c || char === 0x3a || isWhiteSpace(char);
const endsScalar = (char: number): boolean => isSeparator(char) || char === QUOTE || opens(char) || closes(char);

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
  for (const [token] of path.matchAll(/\\?[^]/g)) {
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
export function findSpan(text: string, path: JsonPath, within: JsonSpan = rootSpan(text)): JsonSpan | undefined {
  return matchingSpans(text, path, within, 'last')?.at(-1);
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
 * @param replacement a JSON text
 * @example replaceAt('{"a": [{"t": 1}, {"t": 2}]}', [['a', '*', 't']], 'null') // '{"a": [{"t": null}, {"t": null}]}'
 */
export function replaceAt(text: string, paths: readonly JsonPath[], replacement: string): string {
  const root = rootSpan(text);
  const spans = paths.flatMap((path) => matchingSpans(text, path, root, 'all') ?? []);
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
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
 * Whether brackets are nested deeper than `limit`: a scalar has depth 0, `[]` has 1. Holds for any text, so that it can stand before JSON.parse.
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
 * The values that `path` leads to, in the text's order; undefined if the text ends inside a value.
 * `last`: of duplicate keys only the last, and no wildcards. `all`: every duplicate, and `*` is any key or item.
 */
function matchingSpans(text: string, path: JsonPath, root: JsonSpan, which: 'last' | 'all'): JsonSpan[] | undefined {
  if (path.length === 0) return [root];
  const found: JsonSpan[] = [];
  // One entry for each open container on the path: the items passed in an array, undefined in an object. What is off the path is skipped whole.
  const passed: (number | undefined)[] = [];
  const enter = (at: number): void => void passed.push(text.charCodeAt(at) === ARRAY_START ? 0 : undefined);
  if (root.start >= text.length || !opens(text.charCodeAt(root.start))) return found;
  enter(root.start);
  let at = skipSeparators(text, root.start + 1);
  while (passed.length > 0 && at < text.length) {
    if (closes(text.charCodeAt(at))) {
      passed.pop();
      at = skipSeparators(text, at + 1);
      continue;
    }
    const wanted = path[passed.length - 1];
    const index = passed.at(-1);
    let matches = which === 'all' && wanted === '*';
    if (index === undefined) {
      const keyEnd = valueEnd(text, at);
      matches ||= keyAt(text, at, keyEnd) === wanted;
      at = skipSeparators(text, keyEnd);
      if (at >= text.length) break;
    } else {
      matches ||= String(index) === wanted;
      passed[passed.length - 1] = index + 1;
    }
    if (matches && which === 'last') found.length = 0;
    if (matches && passed.length < path.length && opens(text.charCodeAt(at))) {
      enter(at);
      at = skipSeparators(text, at + 1);
      continue;
    }
    const end = valueEnd(text, at);
    if (matches && passed.length === path.length) found.push({ start: at, end });
    at = skipSeparators(text, end);
  }
  return passed.length === 0 ? found : undefined;
}

function keyAt(text: string, start: number, end: number): string | undefined {
  const source = text.slice(start + 1, end - 1);
  return source.includes('\\') ? unquote(text.slice(start, end)) : source;
}

function unquote(literal: string): string | undefined {
  try {
    return String(JSON.parse(literal));
  } catch {
    return undefined;
  }
}

function skipSeparators(text: string, start: number): number {
  let at = start;
  while (at < text.length && isSeparator(text.charCodeAt(at))) at += 1;
  return at;
}

function valueEnd(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return stringEnd(text, start);
  if (opens(first)) return containerEnd(text, start);
  let at = start + 1;
  while (at < text.length && !endsScalar(text.charCodeAt(at))) at += 1;
  return at;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) return at + 1;
    if (char === BACKSLASH) at += 1;
  }
  return text.length;
}

function containerEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at = nextBracket(text, at + 1)) {
    depth += opens(text.charCodeAt(at)) ? 1 : -1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** The first bracket outside strings from `start` on, or the text's end. */
function nextBracket(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (opens(char) || closes(char)) return at;
    at = char === QUOTE ? stringEnd(text, at) : at + 1;
  }
  return at;
}
