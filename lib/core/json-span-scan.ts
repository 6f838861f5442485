/** The scanner under json-span.ts and json-span-match.ts: where the tokens and values of a JSON text end. No function reads or returns an offset past the text. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
export const ARRAY_START = 0x5b;

// `[` and `{` differ only in this bit, and so do `]` and `}`.
const CURLY_BIT = 0x20;
export const opens = (char: number): boolean => (char | CURLY_BIT) === 0x7b;
export const closes = (char: number): boolean => (char | CURLY_BIT) === 0x7d;
export const isWhiteSpace = (char: number): boolean =>
  char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09;
export const isSeparator = (char: number): boolean => char === 0x2c || char === 0x3a || isWhiteSpace(char);
const endsScalar = (char: number): boolean => isSeparator(char) || closes(char);

export function skipSeparators(text: string, start: number): number {
  let at = start;
  while (at < text.length && isSeparator(text.charCodeAt(at))) at += 1;
  return at;
}

export function valueEnd(text: string, start: number): number {
  if (start >= text.length) return text.length;
  const first = text.charCodeAt(start);
  if (first === QUOTE) return stringEnd(text, start);
  if (opens(first)) return containerEnd(text, start);
  let at = start + 1;
  while (at < text.length && !endsScalar(text.charCodeAt(at))) at += 1;
  return at;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) return at + 1;
    if (char === BACKSLASH) at += 1;
  }
  return text.length;
}

function containerEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at = nextBracket(text, at + 1)) {
    depth += opens(text.charCodeAt(at)) ? 1 : -1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** The first bracket outside strings from `start` on, or the text's end. */
export function nextBracket(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (opens(char) || closes(char)) return at;
    at = char === QUOTE ? stringEnd(text, at) : at + 1;
  }
  return at;
}

/** The key that the token from `start` to `end` spells; undefined if its escapes are broken. */
export function keyAt(text: string, start: number, end: number): string | undefined {
  const literal = text.slice(start, end);
  return literal.includes('\\') ? unquote(literal) : literal.slice(1, -1);
}

/** The value of a string literal; undefined if it is none. */
export function unquote(literal: string): string | undefined {
  try {
    return String(JSON.parse(literal));
  } catch {
    return undefined;
  }
}
