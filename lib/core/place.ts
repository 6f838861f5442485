/** A place in a value that somebody wrote, and where the problems of the whole value are collected. */
export interface Place {
  /** As its writer would name it: `sources.github.paths[0]`. */
  readonly path: string;
  readonly problems: string[];
}

/** The root of a value to be checked. */
export function rootPlace(path: string): Place {
  return { path, problems: [] };
}

/** @example fieldOf(place, 'my-app').path // `sources["my-app"]` */
export function fieldOf(place: Place, name: string): Place {
  const step = /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${quote(name)}]`;
  return { ...place, path: place.path + step };
}

export function itemOf(place: Place, index: number): Place {
  return { ...place, path: `${place.path}[${index}]` };
}

/** Notes what is wrong at a place: what was found and what is allowed. */
export function wrong(place: Place, found: string, allowed: string): undefined {
  place.problems.push(`${place.path}: found ${found}; allowed: ${allowed}`);
}

/** What kind of value it is: shown where something else belongs, since what is in a wrong place may be a secret. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'a text';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The value itself, where it is of the right kind. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kindOf(value);
}

const SHOWN = 60;

/** In quotes, escaped, and short enough for one line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}
