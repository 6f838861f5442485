import type { EventShape, Test } from '../../lib/core/provider.ts';
import { type Field, templatesOf } from './event-places.ts';
import { all, code, either } from './markdown.ts';

export const FIELD_TITLES: Readonly<Record<Field, string>> = {
  id: 'id',
  type: 'type',
  subject: 'resource',
  time: 'time',
  version: 'version',
};

const UNITS = {
  s: 'in seconds',
  ms: 'in milliseconds',
  iso: 'RFC 3339',
  decimal: 'in seconds with a fraction',
  integer: 'a number',
} as const;

/** The unit of a time or version; undefined for what has none. */
export function unitInWords(shape: EventShape, field: Field): string | undefined {
  const value = shape[field];
  return typeof value === 'object' && 'unit' in value ? UNITS[value.unit] : undefined;
}

/**
 * Where a field of an event lies, with its unit; undefined where the event has none.
 * @param known the unit that is told elsewhere
 */
export function fieldInWords(shape: EventShape, field: Field, known?: string): string | undefined {
  const templates = templatesOf(shape, field);
  if (templates.length === 0) return undefined;
  if (field === 'version' && isItsTime(shape)) return 'its time';
  const unit = unitInWords(shape, field);
  const places = either(templates.map(code));
  return unit === undefined || unit === known ? places : `${places} (${unit})`;
}

function isItsTime({ time, version }: EventShape): boolean {
  return time !== undefined && time.at === version?.at && time.unit === version.unit;
}

const KINDS = { word: 'a plain word', id: 'of letters, digits, `_` and `-`' } as const;

/** @example testInWords({ at: '{body:type}', equals: 'ping' }) // '`{body:type}` is `ping`' */
export function testInWords(test: Test): string {
  const at = code(test.at);
  if ('is' in test) return test.is === 'absent' ? `there is no ${at}` : `${at} is ${KINDS[test.is]}`;
  if ('oneOf' in test) return `${at} is ${either(test.oneOf.map(code))}`;
  return test.equals === undefined ? `there is ${at}` : `${at} is ${code(test.equals)}`;
}

export function testsInWords(tests: readonly Test[]): string {
  return all(tests.map(testInWords));
}
