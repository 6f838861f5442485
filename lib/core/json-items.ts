import { findSpan, itemSpans, type JsonPath, type JsonSpan, removeAt, rootSpan } from './json-span.ts';

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
 * The text without the items of the innermost array that are not kept; the rest stays as it is. `*` is as in `spansAt`; the path ends in one.
 *
 * @example keepItems('{"value":[{"id":1},{"id":2}]}', ['value', '*'], ({ start }) => start > 10) // '{"value":[{"id":2}]}'
 */
export function keepItems(
  text: string,
  path: JsonPath,
  isKept: (item: JsonSpan) => boolean,
  within: JsonSpan = rootSpan(text),
): string {
  const star = path.indexOf('*');
  const array = arrayAt(text, path.slice(0, star), within);
  if (star < 0 || array === undefined) return text.slice(within.start, within.end);
  const onwards = path.slice(star + 1);
  const items =
    onwards.length > 0
      ? array.items.map((item) => keepItems(text, onwards, isKept, item))
      : array.items.filter(isKept).map(({ start, end }) => text.slice(start, end));
  return `${text.slice(within.start, array.span.start)}[${items.join(',')}]${text.slice(array.span.end, within.end)}`;
}

/**
 * The text once for each item that the paths lead to, with that item alone in its array and without the arrays of the other paths; so an
 * item is the same text in whatever batch it comes. An item on the way from which no path leads on to an array is one itself: nothing is
 * lost. Undefined where no path leads to an array at all. Each path ends in `*`.
 *
 * @example textPerItem('{"a":1,"value":[{"id":1},{"id":2}]}', [['value', '*']]) // ['{"a":1,"value":[{"id":1}]}', '{"a":1,"value":[{"id":2}]}']
 */
export function textPerItem(text: string, paths: readonly JsonPath[]): readonly string[] | undefined {
  const heads = headsOf(paths).filter(({ head }) => arrayAt(text, head) !== undefined);
  if (heads.length === 0) return undefined;
  return heads.flatMap(({ head, onwards }) => {
    const others = heads.filter((other) => other.head !== head);
    return itemsOf(
      removeAt(
        text,
        others.map((other) => other.head),
      ),
      head,
      onwards,
    );
  });
}

/** Of one array. */
function itemsOf(text: string, head: JsonPath, onwards: readonly JsonPath[]): readonly string[] {
  const array = arrayAt(text, head);
  if (array === undefined) return [];
  const root = rootSpan(text);
  const before = text.slice(root.start, array.span.start);
  const after = text.slice(array.span.end, root.end);
  return array.items.flatMap(({ start, end }) => {
    const item = text.slice(start, end);
    return (textPerItem(item, onwards) ?? [item]).map((piece) => `${before}[${piece}]${after}`);
  });
}

/** The arrays that the paths come to first, and the paths that lead on from their items. */
function headsOf(
  paths: readonly JsonPath[],
): readonly { readonly head: JsonPath; readonly onwards: readonly JsonPath[] }[] {
  const heads = new Map<string, { head: JsonPath; onwards: JsonPath[] }>();
  for (const path of paths) {
    const star = path.indexOf('*');
    if (star < 0) continue;
    const head = path.slice(0, star);
    const key = JSON.stringify(head);
    const known = heads.get(key) ?? { head, onwards: [] };
    known.onwards.push(path.slice(star + 1));
    heads.set(key, known);
  }
  return [...heads.values()];
}

function arrayAt(
  text: string,
  path: JsonPath,
  within: JsonSpan = rootSpan(text),
): { readonly span: JsonSpan; readonly items: readonly JsonSpan[] } | undefined {
  const span = findSpan(text, path, within);
  const items = span && itemSpans(text, span);
  return span && items && { span, items };
}
