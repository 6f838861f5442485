import { findSpan, itemSpans, type JsonPath, type JsonSpan, rootSpan } from './json-span.ts';

/**
 * Where a path leads, of which each `*` stands for every item of an array: a span for each item, in order, and undefined for one
 * that has nothing there. A path whose array is missing leads nowhere: one undefined. An empty array has no items.
 *
 * @example spansAt('{"value":[{"id":1},{}]}', ['value', '*', 'id']) // [{ start: 16, end: 17 }, undefined]
 */
export function spansAt(
  text: string,
  path: JsonPath,
  within: JsonSpan = rootSpan(text),
): readonly (JsonSpan | undefined)[] {
  const star = path.indexOf('*');
  if (star < 0) return [findSpan(text, path, within)];
  const items = arrayAt(text, path.slice(0, star), within)?.items;
  return items?.flatMap((item) => spansAt(text, path.slice(star + 1), item)) ?? [undefined];
}

/**
 * The text once for each item that the path leads to, with that item alone in its array; undefined where it leads to no array.
 *
 * @example textPerItem('{"a":1,"value":[{"id":1},{"id":2}]}', ['value', '*']) // ['{"a":1,"value":[{"id":1}]}', '{"a":1,"value":[{"id":2}]}']
 */
export function textPerItem(text: string, path: JsonPath): readonly string[] | undefined {
  return piecesPerItem(text, path, rootSpan(text));
}

function piecesPerItem(text: string, path: JsonPath, within: JsonSpan): readonly string[] | undefined {
  const star = path.indexOf('*');
  if (star < 0) return findSpan(text, path, within) && [text.slice(within.start, within.end)];
  const array = arrayAt(text, path.slice(0, star), within);
  if (array === undefined) return undefined;
  const before = text.slice(within.start, array.span.start);
  const after = text.slice(array.span.end, within.end);
  return array.items.flatMap((item) =>
    (piecesPerItem(text, path.slice(star + 1), item) ?? []).map((piece) => `${before}[${piece}]${after}`),
  );
}

function arrayAt(
  text: string,
  path: JsonPath,
  within: JsonSpan,
): { readonly span: JsonSpan; readonly items: readonly JsonSpan[] } | undefined {
  const span = findSpan(text, path, within);
  const items = span && itemSpans(text, span);
  return span && items && { span, items };
}
