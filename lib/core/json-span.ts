import { type JsonPath, type JsonSpan, type Member, matchingMembers } from './json-span-match.ts';
import {
  ARRAY_START,
  closes,
  isSeparator,
  isWhiteSpace,
  nextBracket,
  opens,
  unquote,
} from './json-span-scan.ts';

export type { JsonPath, JsonSpan } from './json-span-match.ts';

/**
 * Reading and cutting a JSON text in place. Parsing and writing it again would change it: ids above 2^53 lose digits,
 * `1.0` becomes `1`. Every function is one pass without recursion, so neither size nor nesting of a text is a danger.
 *
 * The texts must be valid JSON (RFC 8259). On others every function ends and keeps within the text, but what it finds means nothing.
 */

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
  return matchingMembers(text, path, within, 'last')?.map(spanOf)[0];
}

/**
 * The items of an array, in order; undefined if the value is not an array.
 *
 * @example itemSpans('[1, {}]') // [{ start: 1, end: 2 }, { start: 4, end: 6 }]
 */
export function itemSpans(text: string, within: JsonSpan = rootSpan(text)): readonly JsonSpan[] | undefined {
  if (within.start >= text.length || text.charCodeAt(within.start) !== ARRAY_START) return undefined;
  return matchingMembers(text, ['*'], within, 'all')?.map(spanOf);
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
  const parts: string[] = [];
  let kept = 0;
  for (const { start, end } of outermost(text, paths)) {
    parts.push(text.slice(kept, start), replacement);
    kept = end;
  }
  return parts.join('') + text.slice(kept);
}

/**
 * The text without the members at `paths`, keys included; the rest stays as it is but for the separators at the cuts. So a text
 * that has such a member and one that never had it come out the same. `*` and absent paths are as in `replaceAt`.
 *
 * @example removeAt('{"id": 1, "token": "x"}', [['token']]) // '{"id": 1}'
 */
export function removeAt(text: string, paths: readonly JsonPath[]): string {
  const members = outermost(text, paths);
  if (members.length === 0) return text;
  const slices = members.map(({ from }, index) => text.slice(members[index - 1]?.end ?? 0, from));
  let result = '';
  for (const slice of [...slices, text.slice(members.at(-1)?.end)]) {
    const piece = withoutSeparators(slice);
    if (piece === '') continue;
    const joins = result === '' || opens(result.charCodeAt(result.length - 1)) || closes(piece.charCodeAt(0));
    result += joins ? piece : `,${piece}`;
  }
  return result;
}

/** The members at the paths, in the text's order, without those that lie inside another. */
function outermost(text: string, paths: readonly JsonPath[]): readonly Member[] {
  const root = rootSpan(text);
  const members = paths.flatMap((path) => matchingMembers(text, path, root, 'all') ?? []);
  members.sort((a, b) => a.from - b.from);
  let end = 0;
  return members.filter((member) => {
    if (member.from < end) return false;
    end = member.end;
    return true;
  });
}

function withoutSeparators(slice: string): string {
  let [start, end] = [0, slice.length];
  while (start < end && isSeparator(slice.charCodeAt(start))) start += 1;
  while (end > start && isSeparator(slice.charCodeAt(end - 1))) end -= 1;
  return slice.slice(start, end);
}

function spanOf({ start, end }: Member): JsonSpan {
  return { start, end };
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
