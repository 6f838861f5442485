import { createHmac, createVerify, timingSafeEqual, verify as verifyOnce } from 'node:crypto';
import type { HeaderFamily, SignatureScheme, SignatureVersion, TimestampRule } from '../provider.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { type EpochMs, type Headers, header, type Request } from '../request.ts';
import type { SecretAge } from '../secret.ts';
import type { Proof, SchemeInput } from '../step.ts';
import { type Key, keyOf } from './key.ts';
import { type Candidate, readSignatureHeader } from './signature-header.ts';
import { fillSigned, type SignedText, type SignedValues, signedTextOf } from './signed-text.ts';

/** A signature holds for a request of which the headers of other families are no part. */
export type SignatureProof = Proof & { readonly request: Request };

/** A key that a configured secret is, for the version that it can check. */
interface HeldKey {
  readonly version: SignatureVersion;
  readonly key: Key;
  readonly age: SecretAge;
}

interface Claims {
  readonly kind: 'claims';
  readonly candidates: readonly Candidate[];
  readonly values: SignedValues;
}

/**
 * Decides in this order, so that the reason names the first thing that is wrong: secret, signature header, timestamp's form,
 * id, signature, and only for a genuine signature its time. So `stale-timestamp` means a real request that came late or again.
 *
 * @throws {TypeError} when the scheme's `signed` is not a template of what can be signed.
 */
export function verifySignature(
  scheme: SignatureScheme,
  input: SchemeInput,
  toleranceSeconds: number | undefined,
): SignatureProof | Rejection {
  const keys = heldKeys(scheme, input.secrets.signing);
  if (keys.length === 0)
    return rejected('no-secret', 'none of the configured secrets can be read as a key of this scheme');
  const { headers } = input.request;
  const family = scheme.families.find((one) => header(headers, one.signature.header) !== undefined);
  if (family === undefined) {
    const names = scheme.families.map((one) => one.signature.header);
    return rejected('missing-signature', `no ${names.join(' or ')} header`);
  }
  const text = signedTextOf(scheme);
  const claims = readClaims(scheme, family, text, input);
  if (claims.kind === 'rejected') return claims;
  const age = firstMatch(keys, claims, text, input.request.body);
  if (age === undefined) return rejected('wrong-signature', mismatch(input.secrets.signing.length));
  const late =
    scheme.timestamp &&
    outsideWindow(scheme.timestamp, claims.values.timestamp, input.request.receivedAt, toleranceSeconds);
  if (late !== undefined) return late;
  return { kind: 'proved', age, request: withoutOtherFamilies(input.request, scheme, family) };
}

function mismatch(secrets: number): string {
  return `made with ${secrets === 1 ? 'another secret than the one configured' : `none of the ${secrets} configured secrets`}, or over other bytes`;
}

function heldKeys(scheme: SignatureScheme, secrets: SchemeInput['secrets']['signing']): readonly HeldKey[] {
  const held: HeldKey[] = [];
  for (const { secret, age } of secrets) {
    for (const version of scheme.versions) {
      const key = keyOf(version, secret);
      if (key !== undefined) held.push({ version, key, age });
    }
  }
  return held;
}

function readClaims(
  scheme: SignatureScheme,
  family: HeaderFamily,
  text: SignedText,
  { request, url }: SchemeInput,
): Claims | Rejection {
  const value = header(request.headers, family.signature.header);
  if (value === undefined || value === '')
    return rejected('missing-signature', `the ${family.signature.header} header is empty`);
  const items = readSignatureHeader(scheme, family, value);
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
  if (from === undefined)
    return rejected('missing-timestamp', 'the scheme names no place for the signed time');
  const inHeader = 'header' in from;
  const where = inHeader ? `the ${from.header} header` : `${from.label} in ${family.signature.header}`;
  if (labelled.length > 1)
    return rejected('malformed-timestamp', `${where} was sent ${labelled.length} times`);
  const sent = inHeader ? header(headers, from.header) : labelled[0];
  if (sent === undefined || sent === '') return rejected('missing-timestamp', `${where} is missing or empty`);
  return text.timestamp.test(sent)
    ? sent
    : rejected('malformed-timestamp', `${where} is not a whole number of digits`);
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

function firstMatch(
  keys: readonly HeldKey[],
  claims: Claims,
  text: SignedText,
  body: Buffer,
): SecretAge | undefined {
  const before = fillSigned(text.before, claims.values);
  const after = fillSigned(text.after, claims.values);
  for (const held of keys) {
    const candidates = claims.candidates.filter((candidate) => candidate.version === held.version);
    if (candidates.length > 0 && matches(held.key, candidates, before, body, after)) return held.age;
  }
  return undefined;
}

function matches(
  key: Key,
  candidates: readonly Candidate[],
  before: string,
  body: Buffer,
  after: string,
): boolean {
  if (key.kind === 'mac') {
    const mac = createHmac(key.hash, key.secret).update(before).update(body).update(after).digest();
    return candidates.some(({ bytes }) => bytes.length === mac.length && timingSafeEqual(bytes, mac));
  }
  if (key.algorithm === 'ed25519') {
    // Ed25519 hashes the message twice, so Node takes it in one piece only.
    const message = Buffer.concat([Buffer.from(before), body, Buffer.from(after)]);
    return candidates.some(({ bytes }) => verifyOnce(null, message, key.key, bytes));
  }
  return candidates.some(({ bytes }) =>
    createVerify('sha256').update(before).update(body).update(after).verify(key.key, bytes),
  );
}

/** Inclusive on both sides, in the provider's own unit: 300 s of age pass, 301 do not. */
function outsideWindow(
  rule: TimestampRule,
  sent: string,
  receivedAt: EpochMs,
  toleranceSeconds: number | undefined,
): Rejection | undefined {
  const perSecond = rule.unit === 's' ? 1 : 1000;
  const tolerance = toleranceSeconds ?? rule.toleranceSeconds;
  const age = (Math.floor((receivedAt * perSecond) / 1000) - Number(sent)) / perSecond;
  if (Math.abs(age) <= tolerance) return undefined;
  return age > 0
    ? rejected('stale-timestamp', `signed ${age} s before it was received; ${tolerance} s are allowed`)
    : rejected('future-timestamp', `signed ${-age} s after it was received; ${tolerance} s are allowed`);
}

function withoutOtherFamilies(request: Request, scheme: SignatureScheme, used: HeaderFamily): Request {
  const own = headerNames(used);
  const foreign = scheme.families
    .filter((family) => family !== used)
    .flatMap(headerNames)
    .filter((name) => !own.includes(name) && header(request.headers, name) !== undefined);
  if (foreign.length === 0) return request;
  return {
    ...request,
    headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !foreign.includes(name))),
  };
}

function headerNames(family: HeaderFamily): readonly string[] {
  const time =
    family.timestamp !== undefined && 'header' in family.timestamp ? [family.timestamp.header] : [];
  return [family.signature.header, ...time, ...(family.id === undefined ? [] : [family.id])];
}
