import { createHmac, timingSafeEqual } from 'node:crypto';
import { formFields } from '../form.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { header, type Request } from '../request.ts';
import { sha256 } from '../scheme/digest.ts';
import { fieldsOf, parseToken } from '../scheme/json-web-token.ts';
import { outsideWindow } from '../scheme/time-window.ts';
import type { Proof, SchemeInput, SchemeStepCode, SignedParts, StepSignInput } from '../step.ts';

/** For how long Atlassian's own tokens are good, in seconds. */
const LIFETIME = 180;

/** What the two kinds of tokens differ in. */
interface Kind {
  /** What stands before the token. */
  readonly prefix: 'JWT' | 'Bearer';
  /** A hash of method, path and query in the claim `qsh`: there always, or never counted on. */
  readonly requestHash: 'needed' | 'ignored';
  /** Of `iat` and `exp`. */
  readonly times: 'both' | 'one';
}

/**
 * A JSON Web Token in `Authorization`, by HMAC-SHA256 under a shared secret and no other algorithm. It covers nothing of the body: who
 * captures one can send another body with it, until its time is over.
 * Source: dist/lib/jwt.js of atlassian-jwt@2.0.3; https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/
 */
export function atlassianToken(kind: Kind): SchemeStepCode {
  const bound = kind.requestHash === 'needed';
  return {
    covers: { body: 'nothing', url: bound ? 'path' : 'no', method: bound ? 'yes' : 'no' },
    verify: (input) => verify(kind, input),
    sign: (input) => sign(kind, input),
  };
}

function verify(kind: Kind, input: SchemeInput): Proof | Rejection {
  const sent = header(input.request.headers, 'authorization') ?? '';
  if (sent === '') return rejected('missing-signature', 'the authorization header is missing or empty');
  const [, prefix = '', text = ''] = /^(\w+) ([^ ,]+)$/.exec(sent) ?? [];
  const token = parseToken(text);
  if (prefix.toLowerCase() !== kind.prefix.toLowerCase() || token === undefined)
    return rejected('malformed-signature', `the authorization header holds no token after ${kind.prefix}`);
  const match = input.secrets.signing.find(({ secret }) => isSignedWith(secret, token));
  if (match === undefined)
    return rejected('wrong-signature', 'the token was made with none of the configured secrets');
  // Only now is anything of it parsed.
  const claims = fieldsOf(token.claims);
  if (fieldsOf(token.header)?.alg !== 'HS256' || claims === undefined)
    return rejected('malformed-signature', 'the token says another algorithm than HS256, or holds no claims');
  if (kind.requestHash === 'needed' && !isFor(input, claims.qsh))
    return rejected('wrong-signature', 'the token (qsh) is for another method, path or query');
  return untimely(kind, claims, input) ?? { kind: 'proved', age: match.age };
}

function isSignedWith(secret: string, { signed, signature }: { signed: string; signature: Buffer }): boolean {
  return signature.length === 32 && timingSafeEqual(mac(secret, signed), signature);
}

function mac(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

/** Made within the tolerance, not expired and not for later. */
function untimely(
  { times }: Kind,
  { iat, exp, nbf = 0 }: Readonly<Record<string, unknown>>,
  { request, toleranceSeconds }: SchemeInput,
): Rejection | undefined {
  const given = [iat, exp].filter((time) => time !== undefined);
  if (given.length < (times === 'both' ? 2 : 1))
    return rejected('missing-timestamp', 'the token does not say when it was made (iat) or expires (exp)');
  if (![...given, nbf].every((time) => Number.isSafeInteger(time) && Number(time) >= 0))
    return rejected('malformed-timestamp', 'a time in the token (iat, exp, nbf) is no whole number');
  const now = request.receivedAt / 1000;
  if (exp !== undefined && now >= Number(exp)) return rejected('stale-timestamp', 'the token has expired');
  if (toleranceSeconds === undefined) return undefined;
  if (Number(nbf) > now + toleranceSeconds) return rejected('future-timestamp', 'the token is for later');
  const rule = { unit: 's' as const, toleranceSeconds };
  return iat === undefined ? undefined : outsideWindow(rule, String(iat), request);
}

function isFor(input: SchemeInput, qsh: unknown): boolean {
  const hash = requestHash(input);
  return hash !== undefined && qsh === hash;
}

/** As OAuth 1 writes a request, with the path that was called; undefined for a query that cannot be read. */
function requestHash({
  request,
  url,
}: {
  readonly request: Request;
  readonly url: string;
}): string | undefined {
  const [, called = '', query = ''] = /^https?:\/\/[^/?]*([^?]*)\??(.*)$/s.exec(url) ?? [];
  const fields = formFields(Buffer.from(query));
  if (fields === undefined) return undefined;
  const path = called.replace(/\/$/, '').replaceAll('&', '%26');
  return sha256(`${request.method}&${path === '' ? '/' : path}&${canonicalQuery(fields)}`);
}

/** Names in order, each with its values in order; the token itself may lie there, and is left out. */
function canonicalQuery(fields: readonly (readonly [name: string, value: string])[]): string {
  const values = Map.groupBy(
    fields.filter(([name]) => name !== 'jwt'),
    ([name]) => name,
  );
  return [...values.keys()]
    .sort()
    .map((name) => {
      const texts = (values.get(name) ?? []).map(([, value]) => value).sort();
      return `${escaped(name)}=${texts.map(escaped).join(',')}`;
    })
    .join('&');
}

/** RFC 3986: only letters, digits and -._~ stay as they are. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sign(kind: Kind, { request, url, secret, timestamp }: StepSignInput): SignedParts {
  const iat = Math.floor(timestamp / 1000);
  const qsh = kind.requestHash === 'needed' ? { qsh: requestHash({ request, url }) } : {};
  const signed = [
    { typ: 'JWT', alg: 'HS256' },
    { iss: 'headgate', iat, exp: iat + LIFETIME, ...qsh },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return {
    headers: { authorization: `${kind.prefix} ${signed}.${mac(secret, signed).toString('base64url')}` },
  };
}
