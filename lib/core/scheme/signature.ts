import { createHmac, createVerify, timingSafeEqual, verify as verifyOnce } from 'node:crypto';
import type { HeaderFamily, SignatureScheme, SignatureVersion, TimestampRule } from '../provider.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { type EpochMs, header, type Request } from '../request.ts';
import type { SecretAge } from '../secret.ts';
import type { Proof, SchemeInput } from '../step.ts';
import { type Claims, readClaims } from './claims.ts';
import { type Key, keyOf } from './key.ts';
import type { Candidate } from './signature-header.ts';
import { fillSigned, type SignedText, signedTextOf } from './signed-text.ts';

/** A signature holds for a request of which the headers of other families are no part. */
export type SignatureProof = Proof & { readonly request: Request };

/** A key that a configured secret is, for the version that it can check. */
interface HeldKey {
  readonly version: SignatureVersion;
  readonly key: Key;
  readonly age: SecretAge;
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
    const hmac = createHmac(key.hash, key.secret);
    // Each call costs, and most schemes sign little beside the body.
    if (before !== '') hmac.update(before);
    hmac.update(body);
    if (after !== '') hmac.update(after);
    const mac = hmac.digest();
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
  if (scheme.families.length === 1) return request;
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
