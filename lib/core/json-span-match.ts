import { ARRAY_START, closes, keyAt, opens, skipSeparators, valueEnd } from './json-span-scan.ts';

/** Half-open range [start, end) of UTF-16 offsets in a JSON text that holds one value, without surrounding white space. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

/** Keys and array indexes from the outside in: `['items', '0', 'id']`. The empty path is the root. */
export type JsonPath = readonly string[];

/** A value and where its member begins: at its key, or at the value itself in an array. */
export interface Member extends JsonSpan {
  readonly from: number;
}

/**
 * The values that `path` leads to, in the text's order; undefined if the text ends inside one.
 * `last`: of duplicate keys only the last, and no wildcards, so at most one value. `all`: every duplicate, and `*` is any key or item.
 */
export function matchingMembers(
  text: string,
  path: JsonPath,
  root: JsonSpan,
  which: 'last' | 'all',
): Member[] | undefined {
  const found: Member[] = [];
  // The containers on the path that are open: an array's next index, undefined for an object.
  // Values off the path are skipped whole, so this never grows past the path's length.
  const open: (number | undefined)[] = [];
  let at = root.start;
  let from = at;
  let onPath = true;
  while (at < text.length) {
    if (onPath && open.length < path.length && opens(text.charCodeAt(at))) {
      open.push(text.charCodeAt(at) === ARRAY_START ? 0 : undefined);
      at += 1;
    } else {
      const end = valueEnd(text, at);
      if (onPath && open.length === path.length) found.push({ from, start: at, end });
      at = end;
    }
    at = leaveContainers(text, at, open);
    if (open.length === 0) return found;
    from = at;
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
