import { createHmac, createVerify, timingSafeEqual, verify as verifyOnce } from 'node:crypto';
import { intakeDocument } from '../intake-document.ts';
import { parsePath, scalarAt } from '../json-span.ts';
import type { HeaderFamily, SignatureScheme, SignatureVersion, TimestampRule } from '../provider.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { type Headers, header, type Request } from '../request.ts';
import type { SecretAge } from '../secret.ts';
import type { Proof, SchemeInput } from '../step.ts';
import { type Claims, readClaims } from './claims.ts';
import { type Key, keyOf } from './key.ts';
import { familyHeaders, signatureHeaders, withoutHeaders } from './proof-places.ts';
import type { Candidate } from './signature-header.ts';
import { fillSigned, type SignedText, signedTextOf, timestampForm } from './signed-text.ts';
import { outsideWindow } from './time-window.ts';

/** A key that a configured secret is, for the version that it can check. */
interface HeldKey {
  readonly version: SignatureVersion;
  readonly key: Key;
  readonly age: SecretAge;
}

/**
 * The headers of other families are no part of the request that goes on. Decides in this order, so that the reason names the first thing that is wrong: secret, signature header, timestamp's form,
 * id, signature, and only for a genuine signature its time. So `stale-timestamp` means a real request that came late or again.
 *
 * @throws {TypeError} when the scheme's `signed` is not a template of what can be signed.
 */
export function verifySignature(scheme: SignatureScheme, input: SchemeInput): Proof | Rejection {
  const keys = heldKeys(scheme, input.secrets.signing);
  if (keys.length === 0)
    return rejected('no-secret', 'none of the configured secrets can be read as a key of this scheme');
  const { headers } = input.request;
  const family = scheme.families.find((one) => isSent(one, headers));
  if (family === undefined) {
    const names = scheme.families.flatMap(signatureHeaders);
    return rejected('missing-signature', `no ${names.join(' or ')} header`);
  }
  const text = signedTextOf(scheme);
  const claims = readClaims(scheme, family, text, input);
  if (claims.kind === 'rejected') return claims;
  const age = firstMatch(keys, claims, text, input.request.body);
  if (age === undefined) return rejected('wrong-signature', mismatch(input.secrets.signing.length));
  const late = lateness(scheme, family, claims, input);
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

/** Too old or too young: looked at only after the signature holds, which covers the time wherever it lies. */
function lateness(
  scheme: SignatureScheme,
  family: HeaderFamily,
  claims: Claims,
  { request, toleranceSeconds }: SchemeInput,
): Rejection | undefined {
  const rule = scheme.timestamp;
  if (rule === undefined) return undefined;
  const inBody = family.timestamp !== undefined && 'body' in family.timestamp;
  const sent = inBody ? bodyTime(rule, family.timestamp.body, request) : claims.values.timestamp;
  if (typeof sent !== 'string') return sent;
  return outsideWindow(
    { ...rule, toleranceSeconds: toleranceSeconds ?? rule.toleranceSeconds },
    sent,
    request,
  );
}

function bodyTime(rule: TimestampRule, path: string, request: Request): string | Rejection {
  const document = intakeDocument(request);
  const sent = document.kind === 'json' ? scalarAt(document.text, parsePath(path)) : undefined;
  if (sent === undefined || sent === '')
    return rejected('missing-timestamp', `the body has no signed time at ${path}`);
  const form = timestampForm(rule.unit);
  return form.pattern.test(sent)
    ? sent
    : rejected('malformed-timestamp', `the time at ${path} in the body is not ${form.wording}`);
}

function isSent(family: HeaderFamily, headers: Headers): boolean {
  return signatureHeaders(family).some((name) => header(headers, name) !== undefined);
}

/** What was not looked at must not be read downstream. */
function withoutOtherFamilies(request: Request, scheme: SignatureScheme, used: HeaderFamily): Request {
  const own = familyHeaders(used);
  const foreign = scheme.families.filter((family) => family !== used).flatMap(familyHeaders);
  return withoutHeaders(
    request,
    foreign.filter((name) => !own.includes(name)),
  );
}
