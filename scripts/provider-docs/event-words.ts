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
function testInWords(test: Test): string {
  const at = code(test.at);
  if ('is' in test) return test.is === 'absent' ? `there is no ${at}` : `${at} is ${KINDS[test.is]}`;
  return `${at} is ${either(textsOf(test).map(code))}`;
}

/** The texts that a condition asks for; none where it asks for something else. */
export function textsOf(test: Test): readonly string[] {
  if ('oneOf' in test) return test.oneOf;
  return 'equals' in test && test.equals !== undefined ? [test.equals] : [];
}

/**
 * Conditions that must all hold; what only has to be there is told in one.
 * @param own how to tell one in other words; undefined for the usual ones
 */
export function testsInWords(
  tests: readonly Test[],
  own: (test: Test, index: number) => string | undefined = () => undefined,
): string {
  const there = tests.filter((test, index) => isPresence(test) && own(test, index) === undefined);
  const texts = tests.flatMap((test, index) => {
    const text = own(test, index);
    if (text !== undefined) return [text];
    if (!isPresence(test)) return [testInWords(test)];
    return test === there[0] ? [presenceInWords(there)] : [];
  });
  return all(texts);
}

function isPresence(test: Test): boolean {
  return !('is' in test) && textsOf(test).length === 0;
}

function presenceInWords(tests: readonly Test[]): string {
  return `there ${tests.length === 1 ? 'is' : 'are'} ${all(tests.map(({ at }) => code(at)))}`;
}
