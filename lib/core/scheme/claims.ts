import type { HeaderFamily, SignatureScheme } from '../provider.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { type Headers, header } from '../request.ts';
import type { SchemeInput } from '../step.ts';
import { type Candidate, readSignatureHeaders } from './signature-header.ts';
import type { SignedText, SignedValues } from './signed-text.ts';

/** What a request says of itself, well-formed but not yet believed. */
export interface Claims {
  readonly kind: 'claims';
  readonly candidates: readonly Candidate[];
  readonly values: SignedValues;
}

/** Reads the headers of one family, and of no other. */
export function readClaims(
  scheme: SignatureScheme,
  family: HeaderFamily,
  text: SignedText,
  { request, url }: SchemeInput,
): Claims | Rejection {
  const items = readSignatureHeaders(scheme, family, request.headers);
  if (items.kind === 'rejected') return items;
  const timestamp = text.signsTime ? readTimestamp(family, text, items.timestamps, request.headers) : '';
  if (typeof timestamp !== 'string') return timestamp;
  const id = text.signsId ? readId(family, text, request.headers) : '';
  if (typeof id !== 'string') return id;
  return {
    kind: 'claims',
    candidates: items.candidates,
    values: { id, timestamp, url, method: request.method },
  };
}

/** The text as it was sent: that is what was signed. */
function readTimestamp(
  family: HeaderFamily,
  text: SignedText,
  labelled: readonly string[],
  headers: Headers,
): string | Rejection {
  const from = family.timestamp;
  // One that lies in the body is signed with it, and read after it: see `bodyTime`.
  if (from === undefined || 'body' in from)
    return rejected('missing-timestamp', 'the scheme names no place for the signed time');
  const inHeader = 'header' in from;
  const where = inHeader ? `the ${from.header} header` : `${from.label} in ${family.signature.header}`;
  if (labelled.length > 1)
    return rejected('malformed-timestamp', `${where} was sent ${labelled.length} times`);
  const sent = inHeader ? header(headers, from.header) : labelled[0];
  if (sent === undefined || sent === '') return rejected('missing-timestamp', `${where} is missing or empty`);
  return text.timestamp.pattern.test(sent)
    ? sent
    : rejected('malformed-timestamp', `${where} is not ${text.timestamp.wording}`);
}

function readId(family: HeaderFamily, text: SignedText, headers: Headers): string | Rejection {
  const id = family.id === undefined ? undefined : header(headers, family.id);
  if (id === undefined || id === '')
    return rejected('missing-id', `the ${family.id ?? 'id'} header is missing or empty`);
  if (text.ambiguousId?.test(id) === true) {
    return rejected(
      'malformed-id',
      `${family.id} holds a separator of the signed text, which could then be read in two ways`,
    );
  }
  return id;
}
