import type { EventShape, Provider, SingleScheme } from '../../lib/core/provider.ts';
import { indispensableHeaders } from '../../lib/core/scheme/proof-places.ts';
import type { Coverage } from '../../lib/core/scheme.ts';
import { type Hole, holesIn, type Template } from '../../lib/core/template.ts';

/** What is read of an event, in the order in which pages tell it. */
export const FIELDS = ['id', 'type', 'subject', 'time', 'version'] as const;
export type Field = (typeof FIELDS)[number];

/** Templates in order of preference; none where the shape says nothing of the field. */
export function templatesOf(shape: EventShape, field: Field): readonly Template[] {
  const value = shape[field];
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  return 'unit' in value ? [value.at] : value;
}

/**
 * Every place that a field of any event is read from, once it is proved by this scheme; undefined where a step reads it.
 * What comes after a template that always has a value is never read.
 */
export function holesOf(
  { events }: Provider,
  field: Field,
  scheme: SingleScheme,
): readonly Hole[] | undefined {
  if ('step' in events) return undefined;
  const always = indispensableHeaders(scheme);
  const isAlways = (template: Template): boolean =>
    [...holesIn(template)].every(({ from, name }) => from === 'header' && always.includes(name));
  const holes = events.flatMap((shape) => {
    const templates = templatesOf(shape, field);
    const last = templates.findIndex(isAlways);
    return [...holesIn(last < 0 ? templates : templates.slice(0, last + 1))];
  });
  return holes.filter((hole, index) => index === holes.findIndex((other) => nameOf(other) === nameOf(hole)));
}

/** As a template has it. */
export function nameOf({ from, name }: Hole): string {
  return name === '' ? `{${from}}` : `{${from}:${name}}`;
}

/** Whether a proof binds what lies there. */
export function isCovered({ from, name }: Hole, coverage: Coverage): boolean {
  switch (from) {
    case 'header':
      return coverage.headers.includes(name);
    case 'query':
      return coverage.url !== 'no';
    case 'body':
      return typeof coverage.body === 'string'
        ? coverage.body === 'all'
        : coverage.body.some((path) => isWithin(name, path));
    default:
      return coverage.body === 'all';
  }
}

/** Whether a path is another one, or below it; that one may have `*` for an index. */
function isWithin(path: string, other: string): boolean {
  const keys = path.split('.');
  return other
    .split('.')
    .every((key, index) => key === keys[index] || (key === '*' && /^\d+$/.test(keys[index] ?? '')));
}
