import { describe, fieldOf, itemOf, kindOf, type Place, quote, wrong } from './place.ts';

/** Reads a value into its type, or notes what is wrong with it at the place and gives undefined. */
export interface Shape<T> {
  (value: unknown, place: Place): T | undefined;
  /** What it takes, as data: a JSON Schema can be written from that. Absent where only code can tell. */
  readonly takes?: Structure;
}

/** `least`: the fewest items. A text's `allowed` is its pattern in words. */
export type Structure =
  | { readonly kind: 'text'; readonly pattern: RegExp; readonly allowed: string }
  | {
      readonly kind: 'number';
      readonly of: 'integer' | 'number';
      readonly above?: number;
      readonly least?: number;
      readonly most?: number;
    }
  | { readonly kind: 'one-of'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'list'; readonly item: Shape<unknown>; readonly least: 0 | 1 | 2 }
  | {
      readonly kind: 'record';
      readonly fields: readonly (readonly [string, Shape<unknown> | OptionalShape<unknown>])[];
    }
  | { readonly kind: 'entries'; readonly name: RegExp; readonly value: Shape<unknown> }
  | { readonly kind: 'any'; readonly of: readonly Shape<unknown>[] };

/** The read function as a shape. */
export function shape<T>(takes: Structure, read: (value: unknown, place: Place) => T | undefined): Shape<T> {
  return Object.assign(read, { takes });
}

/** The shape of a field that may be left out. */
export interface OptionalShape<T> {
  readonly optional: Shape<T>;
}

/** A shape for each field of T: the compiler sees to it that none is forgotten and that optional ones are marked. */
export type Fields<T> = {
  readonly [K in keyof T]-?: T extends Record<K, T[K]>
    ? Shape<T[K]>
    : OptionalShape<Exclude<T[K], undefined>>;
};

export function optional<T>(shape: Shape<T>): OptionalShape<T> {
  return { optional: shape };
}

/** A text that fits the pattern. */
export function text(pattern: RegExp, allowed: string): Shape<string> {
  return shape({ kind: 'text', pattern, allowed }, (value, place) =>
    typeof value === 'string' && pattern.test(value) ? value : wrong(place, describe(value), allowed),
  );
}

export function wholeNumber(least: number, most: number, unit: string): Shape<number> {
  return shape({ kind: 'number', of: 'integer', least, most }, (value, place) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : wrong(place, describe(value), `a whole number of ${unit}, ${least} to ${most}`),
  );
}

export function oneOf<const T extends string | number>(...values: readonly T[]): Shape<T> {
  return shape(
    { kind: 'one-of', values },
    (value, place) => values.find((each) => each === value) ?? wrong(place, describe(value), choice(values)),
  );
}

/** A list with at least one item. */
export function items<T>(item: Shape<T>, what: string): Shape<readonly [T, ...T[]]> {
  const read = list(item, what);
  return shape({ kind: 'list', item, least: 1 }, (value, place) => {
    const [first, ...rest] = read(value, place) ?? [];
    if (first !== undefined) return [first, ...rest];
    return Array.isArray(value) && value.length === 0 ? wrong(place, 'an empty list', what) : undefined;
  });
}

/** A list with at least two items. */
export function twoOrMore<T>(item: Shape<T>, what: string): Shape<readonly [T, T, ...T[]]> {
  const read = list(item, what);
  return shape({ kind: 'list', item, least: 2 }, (value, place) => {
    const [first, second, ...rest] = read(value, place) ?? [];
    if (first !== undefined && second !== undefined) return [first, second, ...rest];
    return Array.isArray(value) && value.length < 2
      ? wrong(place, `a list of ${value.length}`, what)
      : undefined;
  });
}

/** A list; the problems of all items are noted. */
export function list<T>(item: Shape<T>, what: string): Shape<readonly T[]> {
  return shape({ kind: 'list', item, least: 0 }, (value, place) => {
    if (!Array.isArray(value)) return wrong(place, kindOf(value), what);
    const read: T[] = [];
    for (const [index, each] of value.entries()) {
      const one = item(each, itemOf(place, index));
      if (one !== undefined) read.push(one);
    }
    return read.length === value.length ? read : undefined;
  });
}

/** One value, or a list of them. */
export function listOr<T, U>(many: Shape<T>, one: Shape<U>): Shape<T | U> {
  return shape<T | U>({ kind: 'any', of: [one, many] }, (value, place) =>
    Array.isArray(value) ? many(value, place) : one(value, place),
  );
}

/** A number, or something else. */
export function numberOr<T>(other: Shape<T>): Shape<T | number> {
  const number = shape<number>({ kind: 'number', of: 'number' }, (value) => value as number);
  return shape<T | number>({ kind: 'any', of: [number, other] }, (value, place) =>
    typeof value === 'number' && Number.isFinite(value) ? number(value, place) : other(value, place),
  );
}

/** An object, or something else. */
export function objectOr<T, U>(object: Shape<T>, other: Shape<U>): Shape<T | U> {
  return shape<T | U>({ kind: 'any', of: [other, object] }, (value, place) =>
    isObject(value) ? object(value, place) : other(value, place),
  );
}

/** An object with exactly these fields; the problems of all fields, and those it does not have, are noted. */
export function record<T extends object>(fields: Fields<T>): Shape<T> {
  const known = Object.entries<Shape<unknown> | OptionalShape<unknown>>(fields);
  const names = known.map(([name]) => name);
  return shape({ kind: 'record', fields: known }, (value, place) => {
    if (!isObject(value)) return wrong(place, kindOf(value), `an object with ${names.join(', ')}`);
    noteUnknown(value, names, place);
    const read: [string, unknown][] = [];
    for (const [name, field] of known) {
      const part = given(value, name);
      if (part !== undefined || !('optional' in field)) {
        read.push([name, shapeOf(field)(part, fieldOf(place, name))]);
      }
    }
    if (read.some(([, part]) => part === undefined)) return undefined;
    // Every field of T was read by its own shape, which `Fields<T>` ties to its type.
    return Object.fromEntries(read) as T;
  });
}

function shapeOf<T>(field: Shape<T> | OptionalShape<T>): Shape<T> {
  return 'optional' in field ? field.optional : field;
}

/** An object of many values by name. */
export function entries<T>(
  name: { readonly pattern: RegExp; readonly allowed: string },
  one: Shape<T>,
): Shape<Readonly<Record<string, T>>> {
  return shape({ kind: 'entries', name: name.pattern, value: one }, (value, place) => {
    if (!isObject(value)) return wrong(place, kindOf(value), 'an object');
    const read: [string, T][] = [];
    const given = Object.entries(value);
    for (const [key, item] of given) {
      if (!name.pattern.test(key)) wrong(place, `the name ${quote(key)}`, name.allowed);
      const part = one(item, fieldOf(place, key));
      if (part !== undefined) read.push([key, part]);
    }
    return read.length === given.length ? Object.fromEntries(read) : undefined;
  });
}

/** One of several objects, told apart by their `kind`. */
export function variants<T extends { readonly kind: string }>(
  shapes: {
    readonly [K in T['kind']]: Shape<Extract<T, { readonly kind: K }>>;
  },
): Shape<T> {
  const known = new Map(Object.entries<Shape<T>>(shapes));
  return shape({ kind: 'any', of: [...known.values()] }, (value, place) => {
    if (!isObject(value))
      return wrong(place, kindOf(value), `an object with kind ${choice([...known.keys()])}`);
    const { kind } = value;
    const own = typeof kind === 'string' ? known.get(kind) : undefined;
    if (own === undefined) return wrong(fieldOf(place, 'kind'), describe(kind), choice([...known.keys()]));
    return own(value, place);
  });
}

/** One of several objects, told apart by a field that only it has. */
export function byField<T extends object>(
  shapes: Readonly<Record<string, Shape<T>>>,
  otherwise: Shape<T>,
): Shape<T> {
  return shape({ kind: 'any', of: [...Object.values(shapes), otherwise] }, (value, place) => {
    const field = isObject(value)
      ? Object.keys(shapes).find((name) => Object.hasOwn(value, name) && value[name] !== undefined)
      : undefined;
    return (field === undefined ? otherwise : (shapes[field] ?? otherwise))(value, place);
  });
}

/** The shape, and then what has to fit between its parts; `check` notes what does not. */
export function checked<T>(parts: Shape<T>, check: (value: T, place: Place) => void): Shape<T> {
  return asShape(parts, (value, place) => {
    const read = parts(value, place);
    if (read !== undefined) check(read, place);
    return read;
  });
}

/** The shape, and what is made of what it read. */
export function mapped<T, U>(from: Shape<T>, make: (value: T) => U): Shape<U> {
  return asShape(from, (value, place) => {
    const read = from(value, place);
    return read === undefined ? undefined : make(read);
  });
}

/** Takes what the other takes. */
function asShape<T>(
  { takes }: Shape<unknown>,
  read: (value: unknown, place: Place) => T | undefined,
): Shape<T> {
  return takes === undefined ? read : shape(takes, read);
}

/** A field's value; one that is explicitly undefined is left out. */
function given(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function noteUnknown(value: Readonly<Record<string, unknown>>, known: readonly string[], place: Place): void {
  for (const name of Object.keys(value)) {
    if (!known.includes(name) && value[name] !== undefined)
      wrong(place, `the unknown field ${quote(name)}`, known.join(', '));
  }
}

function choice(values: readonly (string | number)[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ');
}
