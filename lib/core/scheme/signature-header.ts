import type { HeaderFamily, SignatureScheme, SignatureVersion } from '../provider.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { type Headers, header } from '../request.ts';
import { decodeSignature } from './decode.ts';
import { signatureHeaders } from './proof-places.ts';

/** A signature that was sent, decoded. */
export interface Candidate {
  readonly version: SignatureVersion;
  readonly bytes: Buffer;
}

export interface SignatureItems {
  readonly kind: 'items';
  readonly candidates: readonly Candidate[];
  /** The values under the family's timestamp label: one, if all is well. */
  readonly timestamps: readonly string[];
}

/** Nobody sends more; each costs a check, so more are an attack. */
const MOST_CANDIDATES = 16;

/** Reads every signature header of a family that was sent; each of them has to be in order. */
export function readSignatureHeaders(
  scheme: SignatureScheme,
  family: HeaderFamily,
  headers: Headers,
): SignatureItems | Rejection {
  const names = signatureHeaders(family);
  const sent = names.filter((name) => (header(headers, name) ?? '') !== '');
  if (sent.length === 0)
    return rejected('missing-signature', `the ${names.join(' or ')} header is missing or empty`);
  const candidates: Candidate[] = [];
  const timestamps: string[] = [];
  for (const name of sent) {
    const items = readSignatureHeader(scheme, family, name, header(headers, name) ?? '');
    if (items.kind === 'rejected') return items;
    candidates.push(...items.candidates);
    timestamps.push(...items.timestamps);
  }
  if (candidates.length > MOST_CANDIDATES)
    return rejected('malformed-signature', `more than ${MOST_CANDIDATES} signatures in ${sent.join(', ')}`);
  return { kind: 'items', candidates, timestamps };
}

/**
 * Reads one signature header. Labels that the scheme does not list are skipped, and so are signatures that do not decode, as
 * long as one does. No item has a comma or white space of its own: there it means that two headers were joined.
 */
function readSignatureHeader(
  scheme: SignatureScheme,
  family: HeaderFamily,
  name: string,
  value: string,
): SignatureItems | Rejection {
  const { separator, assign } = family.signature;
  const timeLabel =
    family.timestamp !== undefined && 'label' in family.timestamp ? family.timestamp.label : undefined;
  const candidates: Candidate[] = [];
  const timestamps: string[] = [];
  for (const item of separator === undefined ? [value] : value.split(separator)) {
    const { label, text } = splitItem(item, assign);
    if (text.includes(',') || item !== item.trim())
      return rejected('malformed-signature', `${name} was sent twice, or holds a stray comma`);
    if (label !== undefined && label === timeLabel) timestamps.push(text);
    else candidates.push(...candidatesOf(scheme, label, text));
  }
  if (candidates.length === 0) {
    return rejected(
      'malformed-signature',
      `${name} holds no well-formed signature of an accepted version (${accepted(scheme)})`,
    );
  }
  return { kind: 'items', candidates, timestamps };
}

function splitItem(
  item: string,
  assign: string | undefined,
): { readonly label?: string; readonly text: string } {
  const at = assign === undefined ? -1 : item.indexOf(assign);
  if (at < 0) return { text: item };
  return { label: item.slice(0, at), text: item.slice(at + 1) };
}

function candidatesOf(
  scheme: SignatureScheme,
  label: string | undefined,
  text: string,
): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const version of scheme.versions) {
    if (version.label !== label) continue;
    const bytes = decodeSignature(version.encoding, text);
    if (bytes !== undefined && hasLength(version, bytes.length)) found.push({ version, bytes });
  }
  return found;
}

function hasLength(version: SignatureVersion, bytes: number): boolean {
  switch (version.algorithm) {
    case 'hmac-sha1':
      return bytes === 20;
    case 'hmac-sha256':
      return bytes === 32;
    case 'hmac-sha512':
    case 'ed25519':
      return bytes === 64;
    case 'ecdsa-p256-sha256':
      // DER: two integers of at most 33 bytes; the shortest hold one byte each.
      return bytes >= 8 && bytes <= 72;
  }
}

function accepted(scheme: SignatureScheme): string {
  return scheme.versions.map((version) => version.label ?? version.algorithm).join(', ');
}
