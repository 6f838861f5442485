import type { SignatureScheme, TimestampRule } from '../provider.ts';
import { type Piece, parseTemplate, type Template } from '../template.ts';

/** The parts of a request that a signature can cover, beside the body. */
export interface SignedValues {
  readonly id: string;
  readonly timestamp: string;
  readonly url: string;
  readonly method: string;
}

/** A scheme's `signed`, parsed once. The body is never made part of a text: its bytes go into the hash as they are. */
export interface SignedText {
  readonly before: readonly Piece[];
  readonly after: readonly Piece[];
  readonly signsId: boolean;
  readonly signsTime: boolean;
  /** An id in which this is found could be read in two ways. */
  readonly ambiguousId?: RegExp;
  /** What a timestamp must be like. */
  readonly timestamp: TimestampForm;
}

export interface TimestampForm {
  readonly pattern: RegExp;
  /** In words, for refusals. */
  readonly wording: string;
}

const HOLES = new Set<string>(['id', 'timestamp', 'url', 'method'] satisfies (keyof SignedValues)[]);
const parsed = new WeakMap<SignatureScheme, SignedText>();

/** @throws {TypeError} when the template does not hold `{body}` exactly once, or another hole than those of `SignedValues`. */
export function signedTextOf(scheme: SignatureScheme): SignedText {
  const known = parsed.get(scheme);
  if (known !== undefined) return known;
  const text = parse(scheme.signed, scheme.timestamp?.unit ?? 's');
  parsed.set(scheme, text);
  return text;
}

/** The pieces as one text. */
export function fillSigned(pieces: readonly Piece[], values: SignedValues): string {
  let text = '';
  for (const piece of pieces)
    text += piece.kind === 'text' ? piece.text : values[piece.from as keyof SignedValues];
  return text;
}

function parse(template: Template, unit: TimestampRule['unit']): SignedText {
  const pieces = parseTemplate(template);
  const body = pieces.findIndex((piece) => isHole(piece, 'body'));
  const [before, after] = [pieces.slice(0, body), pieces.slice(body + 1)];
  const others = [...before, ...after];
  if (
    body < 0 ||
    others.some((piece) => piece.kind === 'hole' && !(HOLES.has(piece.from) && piece.name === ''))
  ) {
    throw new TypeError(
      `a signature over ${JSON.stringify(template)}: it must hold {body} once, and beside it only {id}, {timestamp}, {url}, {method}`,
    );
  }
  const ambiguousId = ambiguity(pieces, unit);
  return {
    before,
    after,
    signsId: others.some((piece) => isHole(piece, 'id')),
    signsTime: others.some((piece) => isHole(piece, 'timestamp')),
    ...(ambiguousId === undefined ? {} : { ambiguousId }),
    timestamp: timestampForm(unit, pieces),
  };
}

/**
 * With `{id}.{timestamp}.{body}` an id such as `msg_1.1700000000` moves the border between the parts: the signature of one
 * message would hold for another. Standard Webhooks asks senders to leave dots out of ids; refused is what can be read twice.
 */
function ambiguity(pieces: readonly Piece[], unit: TimestampRule['unit']): RegExp | undefined {
  const id = pieces.findIndex((piece) => isHole(piece, 'id'));
  const [next, afterNext, last] = pieces.slice(id + 1, id + 4);
  if (id < 0 || next?.kind !== 'text') return undefined;
  if (unit === 'iso' || afterNext === undefined || !isHole(afterNext, 'timestamp'))
    return new RegExp(literal(next.text));
  return new RegExp(`${literal(next.text)}\\d+(?:$${last?.kind === 'text' ? `|${literal(last.text)}` : ''})`);
}

/**
 * Digits only. A time that follows another part without a separator must not begin with a zero either: a zero could be moved
 * there from the end of that part. (Any other digit that is moved changes the time beyond every tolerance.)
 * RFC 3339 begins and ends in one way only, so that nothing can be moved into it or out of it.
 */
export function timestampForm(unit: TimestampRule['unit'], pieces: readonly Piece[] = []): TimestampForm {
  if (unit === 'iso') return { pattern: RFC3339, wording: 'an RFC 3339 time with a zone' };
  const time = pieces.findIndex((piece) => isHole(piece, 'timestamp'));
  const pattern = pieces[time - 1]?.kind === 'hole' ? /^[1-9]\d*$/ : /^\d+$/;
  return { pattern, wording: 'a whole number in digits' };
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

function isHole(piece: Piece, from: string): boolean {
  return piece.kind === 'hole' && piece.from === from;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
