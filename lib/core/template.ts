/**
 * A text with named holes: the one way in which a provider's value says where something lies.
 *
 * - `{header:x-github-event}` a header, by its lower-case name
 * - `{query:token}` a query parameter, decoded; none when it comes twice
 * - `{body:data.object.id}` a path in a JSON body, or a field of a form
 * - `{digest}` the SHA-256 of the event's text without what may differ between two copies of it (`volatile`), lower-case hex
 *
 * `{body:ref#refs/heads/}` is what follows that beginning; none where the value begins otherwise.
 * A hole that ends in `?` may be missing and is then empty; any other missing or empty hole leaves the whole template without a
 * value: ids of nothing would all be the same.
 * In schemes the holes are `{id}`, `{timestamp}`, `{body}`, `{url}` and `{method}`.
 */
export type Template = string;

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'hole';
      readonly from: string;
      readonly name: string;
      /** What the value must begin with; the rest is what is filled in. */
      readonly after?: string;
      readonly presence: 'required' | 'optional';
    };

export type Hole = Extract<Piece, { readonly kind: 'hole' }>;

/** Gives the value of a hole, undefined when there is none. */
export type ReadHole = (hole: { readonly from: string; readonly name: string }) => string | undefined;

const HOLE = /\{([a-z]+)(?::([^{}?#]+)(?:#([^{}?#]+))?)?(\?)?\}/g;

/**
 * The pieces of a template, in order.
 * @throws {TypeError} when a brace is left that belongs to no hole.
 * @example parseTemplate('{header:x-id}.{digest}')
 */
export function parseTemplate(template: Template): readonly Piece[] {
  let pieces = parsed.get(template);
  if (pieces === undefined) {
    pieces = split(template);
    parsed.set(template, pieces);
  }
  return pieces;
}

/** Templates come from the configuration, so they are few, and each is filled again and again. */
const parsed = new Map<Template, readonly Piece[]>();

function split(template: Template): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of template.matchAll(HOLE)) {
    if (match.index > from) pieces.push(textPiece(template.slice(from, match.index), template));
    pieces.push({
      kind: 'hole',
      from: match[1] ?? '',
      name: match[2] ?? '',
      ...(match[3] === undefined ? {} : { after: match[3] }),
      presence: match[4] === undefined ? 'required' : 'optional',
    });
    from = match.index + match[0].length;
  }
  if (from < template.length) pieces.push(textPiece(template.slice(from), template));
  return pieces;
}

function textPiece(text: string, template: string): Piece {
  if (/[{}]/.test(text))
    throw new TypeError(`template ${JSON.stringify(template)} has a brace that opens or closes no hole`);
  return { kind: 'text', text };
}

/**
 * The holes of all templates in a value, wherever they stand in it. A text that is no template has none: nothing could be filled in.
 * @example [...holesIn({ id: ['{header:x-id}'] })] // [{ kind: 'hole', from: 'header', name: 'x-id', presence: 'required' }]
 */
export function* holesIn(value: unknown): Generator<Hole> {
  if (typeof value === 'string') yield* holesOfText(value);
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) yield* holesIn(part);
}

function holesOfText(text: string): readonly Hole[] {
  try {
    return parseTemplate(text).filter((piece) => piece.kind === 'hole');
  } catch {
    return [];
  }
}

/** How a value is written where its hole is; undefined where it may not stand there: then it counts as missing. */
export type Write = (value: string) => string | undefined;

/**
 * The template with its holes filled, or undefined when a required one is missing or empty.
 * @param read gives the value of a hole.
 * @param write by default as it is.
 * @example fill('{header:a}/{header:b?}', (hole) => headers[hole.name])
 */
export function fill(
  template: Template,
  read: ReadHole,
  write: Write = (value) => value,
): string | undefined {
  let filled = '';
  for (const piece of parseTemplate(template)) {
    if (piece.kind === 'text') {
      filled += piece.text;
      continue;
    }
    const value = behind(piece.after, read(piece)) ?? '';
    const written = value === '' ? '' : (write(value) ?? '');
    if (written === '' && piece.presence === 'required') return undefined;
    filled += written;
  }
  return filled;
}

function behind(beginning: string | undefined, value: string | undefined): string | undefined {
  if (beginning === undefined) return value;
  return value?.startsWith(beginning) ? value.slice(beginning.length) : undefined;
}

/** The first of several templates that has a value. */
export function fillFirst(
  templates: Template | readonly Template[],
  read: ReadHole,
  write?: Write,
): string | undefined {
  for (const template of typeof templates === 'string' ? [templates] : templates) {
    const filled = fill(template, read, write);
    if (filled !== undefined && filled !== '') return filled;
  }
  return undefined;
}
