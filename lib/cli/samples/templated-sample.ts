import { parsePath } from '../../core/json-span.ts';
import type { Count, EventShape, Instant, Provider } from '../../core/provider.ts';
import { singleSchemes, tokenPaths } from '../../core/scheme.ts';
import type { Source } from '../../core/source.ts';
import { type Piece, parseTemplate, type Template } from '../../core/template.ts';
import { UsageError } from '../usage-error.ts';
import { type Fresh, json, type Sample, seconds } from './sample.ts';

type Value = string | number;
type Hole = Extract<Piece, { kind: 'hole' }>;

/** What a delivery must hold, by the hole that reads it. */
type Holes = Map<string, Value>;

/**
 * A delivery of a provider that has no samples: the inverse of how its events are read. Headers and body hold what one of its event
 * shapes looks at, and no more: the first that gives the type, or else the first of all.
 * @param options.type of the event; by default one that the source wants.
 * @param options.body in place of the made one.
 * @throws {UsageError} when the provider's value cannot be turned round, or does not give such a type.
 * @example templatedSample(source, { type: 'order.paid', fresh }).body // {"id":"…","type":"order.paid"}
 */
export function templatedSample(
  { provider, events }: Source,
  options: {
    readonly type: string | undefined;
    readonly fresh: Fresh;
    readonly body: Sample | undefined;
  },
): Sample {
  const { type, fresh, body } = options;
  if ('step' in provider.events) {
    if (body !== undefined) return body;
    throw new UsageError(`${provider.title} has no sample. Give a body of yours with --body FILE.`);
  }
  const holes = holesOfType(provider.events, type ?? wantedType(events), fresh);
  if (holes === undefined && type !== undefined) throw new UsageError(noSuchType(provider.events, type));
  const filled = holes ?? anyHoles(provider.events, fresh);
  const made = body ?? bodyOf(filled, provider);
  return { headers: { ...headersOf(filled), ...made.headers }, body: made.body };
}

/** Of a type that the source wants; undefined where it wants all. */
function wantedType(events: Source['events']): string | undefined {
  return events === 'all' ? undefined : events[0]?.replace('*', 'example');
}

const TYPE = 'example.created';

/** What the first shape that can give the type looks at; undefined when none can, or no type is asked for. */
function holesOfType(
  shapes: readonly EventShape[],
  type: string | undefined,
  fresh: Fresh,
): Holes | undefined {
  if (type === undefined) return undefined;
  for (const shape of shapes) {
    const holes = conditionsOf(shape);
    if (typesOf(shape).some((template) => putText(holes, template, type)))
      return fillRest(holes, shape, fresh);
  }
  return undefined;
}

/** What the first shape looks at, of any type. */
function anyHoles([shape]: readonly EventShape[], fresh: Fresh): Holes {
  if (shape === undefined) return new Map();
  const holes = conditionsOf(shape);
  const type = first(shape.type);
  if (!putText(holes, type, TYPE)) putEach(holes, type, () => 'example');
  return fillRest(holes, shape, fresh);
}

function noSuchType(shapes: readonly EventShape[], type: string): string {
  const templates = [...new Set(shapes.flatMap(typesOf))].join(' or ');
  return `No delivery of the type ${type} can be made up: by the provider's value a type is ${templates}. Give a body of yours with --body FILE, and no type.`;
}

function typesOf({ type }: EventShape): readonly Template[] {
  return typeof type === 'string' ? [type] : type;
}

function conditionsOf(shape: EventShape): Holes {
  const holes: Holes = new Map();
  for (const test of shape.when ?? []) {
    const text = 'oneOf' in test ? test.oneOf[0] : 'equals' in test ? test.equals : undefined;
    if (text !== undefined) putText(holes, test.at, text);
  }
  return holes;
}

/** Times first: an id may hold one, and a condition ask for it. */
function fillRest(holes: Holes, shape: EventShape, fresh: Fresh): Holes {
  for (const time of [shape.time, shape.version]) {
    if (time !== undefined) putEach(holes, time.at, () => timeValue(time, fresh));
  }
  if (shape.id !== undefined) putEach(holes, first(shape.id), () => fresh.uuid());
  if (shape.subject !== undefined) putEach(holes, first(shape.subject), () => `example-${fresh.digits(4)}`);
  for (const test of shape.when ?? []) {
    if (!('is' in test)) putEach(holes, test.at, () => 'example');
  }
  return holes;
}

/** What signing replaces in a body has to be there: a token, a signed time. */
function signedPaths({ scheme }: Provider): readonly string[] {
  const times = singleSchemes(scheme).flatMap((one) =>
    one.kind === 'signature' ? one.families.map(({ timestamp }) => timestamp) : [],
  );
  return [
    ...tokenPaths(scheme).map((path) => path.replaceAll('*', '0')),
    ...times.flatMap((time) => (time !== undefined && 'body' in time ? [time.body] : [])),
  ];
}

function first(templates: Template | readonly Template[]): Template {
  return typeof templates === 'string' ? templates : (templates[0] ?? '');
}

/** Fills the template's holes so that it gives the text; false when it cannot. */
function putText(holes: Holes, template: Template, text: string): boolean {
  const pieces = parseTemplate(template);
  const pattern = pieces.map((piece) => (piece.kind === 'hole' ? '(.+?)' : escaped(piece.text))).join('');
  const values = new RegExp(`^${pattern}$`, 's').exec(text)?.slice(1);
  if (values === undefined) return false;
  const open = pieces.filter((piece): piece is Hole => piece.kind === 'hole');
  const filled = open.map((hole, index) => [keyOf(hole), `${hole.after ?? ''}${values[index]}`] as const);
  const fits = filled.every(([key, value]) => (holes.get(key) ?? value) === value);
  if (fits) for (const [key, value] of filled) holes.set(key, value);
  return fits;
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}

/** Gives a value to each of the template's holes that has none yet. */
function putEach(holes: Holes, template: Template, value: () => Value): void {
  for (const piece of parseTemplate(template)) {
    if (piece.kind === 'hole' && !holes.has(keyOf(piece)))
      holes.set(keyOf(piece), piece.after === undefined ? value() : `${piece.after}${value()}`);
  }
}

function keyOf({ from, name }: Hole): string {
  return `${from}:${name}`;
}

function timeValue({ unit }: Instant | Count, { now }: Fresh): Value {
  switch (unit) {
    case 's':
      return seconds(now);
    case 'ms':
    case 'integer':
      return now;
    case 'decimal':
      return `${seconds(now)}.000000`;
    case 'iso':
      return new Date(now).toISOString();
  }
}

function headersOf(holes: Holes): Readonly<Record<string, string>> {
  const headers = named(holes, 'header').map(([name, value]) => [name, String(value)] as const);
  return Object.fromEntries(headers);
}

function bodyOf(holes: Holes, provider: Provider): Sample {
  const root: Record<string, unknown> = {};
  for (const path of signedPaths(provider)) putAt(root, parsePath(path), 0);
  for (const [path, value] of named(holes, 'body')) putAt(root, parsePath(path), value);
  const { contentType, text } = json(provider.split === 'items' ? [root] : root);
  return { headers: { 'content-type': contentType }, body: Buffer.from(text) };
}

function named(holes: Holes, from: 'header' | 'body'): readonly (readonly [string, Value])[] {
  const prefix = `${from}:`;
  return [...holes].flatMap(([key, value]) =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
  );
}

function putAt(root: Record<string, unknown>, path: readonly string[], value: Value): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) root[key] = value;
  else {
    // The item of a batch.
    const below = (root[key] ?? (rest[0] === '0' ? [] : {})) as Record<string, unknown>;
    root[key] = below;
    putAt(below, rest, value);
  }
}
