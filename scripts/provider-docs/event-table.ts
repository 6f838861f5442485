import type { EventShape, Test } from '../../lib/core/provider.ts';
import type { Template } from '../../lib/core/template.ts';
import { FIELDS, type Field } from './event-places.ts';
import { FIELD_TITLES, fieldInWords, testsInWords, textsOf, unitInWords } from './event-words.ts';
import { bullets, code, either, table } from './markdown.ts';

/** Stands where an event has no such field, although most have. */
const NONE = '–';

interface Column {
  readonly field: Field;
  /** The unit that most of its cells have. */
  readonly unit: string | undefined;
  /** What all shapes have in common, or most of them. */
  readonly usual: { readonly text: string; readonly of: 'all' | 'most' } | undefined;
}

/** Shapes that differ in one text that a condition asks for, and in nothing else. */
interface Row {
  readonly when: readonly Test[];
  readonly cells: readonly (string | undefined)[];
  /** The condition that asks for one of several texts, and those. */
  readonly oneOf?: { readonly index: number; readonly texts: readonly string[] };
}

/** How events are read: what they have in common, and a table of what differs. */
export function eventTable(shapes: readonly EventShape[]): readonly string[] {
  const columns = FIELDS.filter((field) => shapes.some((shape) => shape[field] !== undefined)).map((field) =>
    columnOf(shapes, field),
  );
  const told = columns.flatMap(({ field, usual }) =>
    usual === undefined
      ? []
      : [
          `**${FIELD_TITLES[field]}**: ${usual.text}${usual.of === 'most' ? ', if the table says nothing else' : ''}`,
        ],
  );
  const shown = columns.filter(({ usual }) => usual?.of !== 'all');
  const conditional = shapes.some(({ when = [] }) => when.length > 0);
  return [bullets(told), conditional || shown.length > 0 ? rowsTable(shapes, shown) : ''];
}

function columnOf(shapes: readonly EventShape[], field: Field): Column {
  const unit = mostFrequent(shapes.map((shape) => unitInWords(shape, field)));
  const texts = shapes.map((shape) => fieldInWords(shape, field));
  const text = mostFrequent(texts);
  const count = texts.filter((one) => one === text).length;
  if (text !== undefined && count === shapes.length) return { field, unit, usual: { text, of: 'all' } };
  const isUsual = text !== undefined && field !== 'version' && count > 2 && count >= shapes.length / 2;
  return { field, unit, usual: isUsual ? { text, of: 'most' } : undefined };
}

function mostFrequent(texts: readonly (string | undefined)[]): string | undefined {
  const counts = [
    ...Map.groupBy(
      texts.filter((text) => text !== undefined),
      (text) => text,
    ),
  ];
  return counts.toSorted(([, one], [, other]) => other.length - one.length)[0]?.[0];
}

function rowsTable(shapes: readonly EventShape[], columns: readonly Column[]): string {
  const place = commonPlace(shapes);
  const rows = merged(
    shapes.map((shape) => ({ when: shape.when ?? [], cells: columns.map((column) => cell(shape, column)) })),
  );
  return table(
    [
      place === undefined ? 'event' : code(place),
      ...columns.map(({ field, unit }) => FIELD_TITLES[field] + (unit === undefined ? '' : `, ${unit}`)),
    ],
    rows.map((row, index) => [
      row.when.length === 0 ? (index === 0 ? 'every event' : 'any other') : conditions(row, place),
      ...row.cells.map((text) => text ?? NONE),
    ]),
  );
}

/** Empty is what is usual: what the list above says, or else none. */
function cell(shape: EventShape, { field, unit, usual }: Column): string | undefined {
  return usual?.text === fieldInWords(shape, field) ? '' : fieldInWords(shape, field, unit);
}

function merged(rows: readonly Row[]): readonly Row[] {
  const all_: Row[] = [];
  for (const row of rows) {
    const last = all_.at(-1);
    const joined = last && join(last, row);
    if (joined !== undefined) all_.pop();
    all_.push(joined ?? row);
  }
  return all_;
}

function join(one: Row, other: Row): Row | undefined {
  if (one.when.length !== other.when.length || `${one.cells}` !== `${other.cells}`) return undefined;
  const differing = one.when.flatMap((test, index) =>
    JSON.stringify(test) === JSON.stringify(other.when[index]) ? [] : [index],
  );
  const [index] = differing;
  if (index === undefined || differing.length > 1) return undefined;
  if (one.oneOf !== undefined && one.oneOf.index !== index) return undefined;
  const [test, next] = [one.when[index], other.when[index]];
  const [texts, more] = [test ? textsOf(test) : [], next ? textsOf(next) : []];
  if (texts.length === 0 || more.length === 0 || test?.at !== next?.at) return undefined;
  return { ...one, oneOf: { index, texts: [...(one.oneOf?.texts ?? texts), ...more] } };
}

/** Where all shapes are told apart by one place, that heads the column. */
function commonPlace(shapes: readonly EventShape[]): Template | undefined {
  const first = shapes.flatMap(({ when = [] }) => when).find((test) => textsOf(test).length > 0)?.at;
  const tells = (test: Test): boolean =>
    test.at === first && (textsOf(test).length > 0 || ('is' in test && test.is === 'word'));
  return shapes.every(({ when = [] }) => when.length === 0 || when.some(tells)) ? first : undefined;
}

function conditions({ when, oneOf }: Row, place: Template | undefined): string {
  return testsInWords(when, (test, index) => {
    const texts = index === oneOf?.index ? oneOf.texts : textsOf(test);
    const values = either(texts.map(code));
    if (test.at === place) return texts.length === 0 ? 'any other word' : values;
    return texts.length < 2 ? undefined : `${code(test.at)} is ${values}`;
  });
}
