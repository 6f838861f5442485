import { parsePath } from '../json-span.ts';
import { describe, type Place, quote, wrong } from '../place.ts';
import { items, listOr, type Shape, shape } from '../shape.ts';
import { type Piece, parseTemplate, type Template } from '../template.ts';
import { HEADER_NAME } from './text-shape.ts';

export type Hole = Extract<Piece, { readonly kind: 'hole' }>;

const LOCATIONS = '{header:name}, {query:name}, {body:path}';
const SIGNED_PARTS = ['id', 'timestamp', 'body', 'url', 'method'];
const SIGNED = 'text with {body}, and {id}, {timestamp}, {url} or {method} where the provider signs them';

/** Of a path as text, what a pattern can say: keys that are not empty, with a backslash before what is no border. */
const PATH = /^(?=[\s\S]{1,512}$)(?:(?:\\[\s\S]|[^.\\])+\.)*(?:(?:\\[\s\S]|[^.\\])+\\?|\\)$/;

/** The same of a template: no brace but those of holes. */
const TEMPLATE = /^(?:[^{}]|\{[a-z]+(?::[^{}?#]+(?:#[^{}?#]+)?)?\??\})+$/;

/** A dotted path into a document; `*` stands for every item, where the shape allows it. */
export const documentPath: Shape<string> = path(
  () => true,
  'a path such as "data.object.id" or "items.*.token"',
);

/** Where in a request something lies. */
export const location: Shape<Template> = template(locationProblem, LOCATIONS);

/** The same for the answer to a handshake, which can hold a MAC. */
export const answerLocation: Shape<Template> = template(
  (hole) => (hole.from === 'mac' && hole.name === '' ? undefined : locationProblem(hole)),
  `${LOCATIONS}, {mac}`,
);

/** The same for an event, whose own bytes have a digest. */
export const eventLocation: Shape<Template> = template(
  (hole) => (hole.from === 'digest' && hole.name === '' ? undefined : locationProblem(hole)),
  `${LOCATIONS}, {digest}`,
);

/** A path to one value. */
export const onePath: Shape<string> = path(
  (keys) => !keys.includes('*'),
  'a path to one value, such as "data.sent_at"',
);

/** A path whose every `*` stands for the items of an array, with one at its end. */
export const itemsPath: Shape<string> = path(
  (keys) => keys.at(-1) === '*',
  'a path that ends in "*", for every item of an array, such as "value.*"',
);

/** One template or several, of which the first that has a value counts. */
export const eventLocations: Shape<Template | readonly Template[]> = listOr(
  items(eventLocation, 'a template or a list of templates'),
  eventLocation,
);

/** What a signature covers. */
export const signedTemplate: Shape<Template> = template((hole) => {
  if (!SIGNED_PARTS.includes(hole.from) || hole.name !== '') return 'is no part of a signed text';
  return hole.presence === 'optional' ? 'is optional: what is signed never is' : undefined;
}, SIGNED);

/** The holes of a template that was read before. */
export function holesOf(template: Template): readonly Hole[] {
  return parseTemplate(template).filter((piece) => piece.kind === 'hole');
}

/** A template without a hole has the same value for every request. */
export function hasHole(template: Template, place: Place): void {
  if (holesOf(template).length === 0) wrong(place, quote(template), 'a template with at least one hole');
}

/** Whether the template has the same value for every request in which its optional holes are empty. */
export function canBeConstant(template: Template): boolean {
  const pieces = parseTemplate(template);
  return (
    pieces.every((piece) => piece.kind === 'text' || piece.presence === 'optional') &&
    pieces.some((piece) => piece.kind === 'text')
  );
}

function path(fits: (keys: readonly string[]) => boolean, allowed: string): Shape<string> {
  return shape({ kind: 'text', pattern: PATH, allowed }, (value, place) =>
    typeof value === 'string' && isPath(value) && fits(parsePath(value))
      ? value
      : wrong(place, describe(value), allowed),
  );
}

function template(problem: (hole: Hole) => string | undefined, allowed: string): Shape<Template> {
  return shape({ kind: 'text', pattern: TEMPLATE, allowed: `a template of ${allowed}` }, (value, place) => {
    if (typeof value !== 'string' || value === '')
      return wrong(place, describe(value), `a template of ${allowed}`);
    const holes = readHoles(value, place, allowed);
    if (holes === undefined) return undefined;
    const bad = holes.filter((hole) => {
      const what = problem(hole);
      if (what !== undefined) wrong(place, `the hole ${show(hole)}, which ${what}`, allowed);
      return what !== undefined;
    });
    return bad.length === 0 ? value : undefined;
  });
}

function readHoles(value: Template, place: Place, allowed: string): readonly Hole[] | undefined {
  try {
    return holesOf(value);
  } catch {
    return wrong(place, `${quote(value)}, where a brace opens or closes no hole`, allowed);
  }
}

function locationProblem(hole: Hole): string | undefined {
  switch (hole.from) {
    case 'header':
      return HEADER_NAME.test(hole.name) ? undefined : 'names no header in lower case';
    case 'query':
      return hole.name === '' ? 'names no parameter' : undefined;
    case 'body':
      return isPath(hole.name) && !parsePath(hole.name).includes('*')
        ? undefined
        : 'has no path to one value';
    default:
      return 'is unknown here';
  }
}

function show({ from, name, after, presence }: Hole): string {
  const place = name === '' ? from : `${from}:${name}`;
  const beginning = after === undefined ? '' : `#${after}`;
  return quote(`{${place}${beginning}${presence === 'optional' ? '?' : ''}}`);
}

function isPath(path: string): boolean {
  return path.length <= 512 && parsePath(path).every((key) => key !== '') && path !== '';
}
