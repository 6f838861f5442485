import { kindOf, wrong } from '../place.ts';
import { type Shape, shape, text } from '../shape.ts';

export const anyText: Shape<string> = shape(
  { kind: 'text', pattern: /^/, allowed: 'a text' },
  (value, place) => (typeof value === 'string' ? value : wrong(place, kindOf(value), 'a text')),
);

export const line: Shape<string> = text(/^[^\p{Cc}]{1,500}$/u, 'one line of text');

/** A label in a signature header. */
export const label: Shape<string> = text(/^[\w.-]{1,64}$/, 'a label of letters, digits, ".", "_" and "-"');

/** RFC 9110's token, in lower case as the gateway gives names. */
export const HEADER_NAME: RegExp = /^[a-z0-9!#$%&'*+.^_`|~-]{1,128}$/;

export const headerName: Shape<string> = text(HEADER_NAME, 'the name of a header in lower case');

export const mediaType: Shape<string> = text(
  /^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/,
  'a media type such as "text/plain; charset=utf-8"',
);

export const typePattern: Shape<string> = text(
  /^[^\s\p{Cc}*]{1,256}\*?$/u,
  'a type such as "issues.opened", or a beginning such as "issues.*"',
);
