import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Rejection, rejected } from '../rejection.ts';
import { type Headers, header, type Request } from '../request.ts';
import { decodeHex } from '../scheme/decode.ts';
import { withoutHeaders } from '../scheme/proof-places.ts';
import { timestampForm } from '../scheme/signed-text.ts';
import { outsideWindow } from '../scheme/time-window.ts';
import type { Proof, SchemeInput, SchemeStepCode, SignedParts, StepSignInput } from '../step.ts';

const SIGNATURE = 'x-contentful-signature';
const TIMESTAMP = 'x-contentful-timestamp';
const SIGNED_HEADERS = 'x-contentful-signed-headers';

/** As Contentful wants it: no shorter text is a key. */
const SECRET = /^[0-9a-zA-Z+/=_-]{64}$/;

/**
 * Contentful signs method, path, query and body, and of the headers those that it names. A header of Contentful's that it does not name
 * could be anybody's, so it does not go on.
 * Source: src/requests of @contentful/node-apps-toolkit@3.16.1;
 * https://www.contentful.com/developers/docs/extensibility/webhooks/request-verification
 */
export const step: SchemeStepCode = {
  covers: {
    body: 'all',
    url: 'path',
    method: 'yes',
    headers: ['x-contentful-topic', 'x-contentful-idempotency-key'],
  },
  verify,
  sign,
};

interface Claims {
  readonly kind: 'claims';
  readonly signature: Buffer;
  readonly timestamp: string;
  /** In order, each once. */
  readonly names: readonly string[];
}

function verify({ request, url, secrets, toleranceSeconds }: SchemeInput): Proof | Rejection {
  const keys = secrets.signing.filter(({ secret }) => SECRET.test(secret));
  if (keys.length === 0)
    return rejected('no-secret', 'none of the configured secrets is a signing secret of 64 characters');
  const claims = readClaims(request.headers);
  if (claims.kind === 'rejected') return claims;
  const before = signedHead({ request, url }, claims);
  if (before === undefined)
    return rejected('malformed-signature', `a header that ${SIGNED_HEADERS} names is not there`);
  const match = keys.find(({ secret }) =>
    timingSafeEqual(mac(secret, before, request.body), claims.signature),
  );
  if (match === undefined)
    return rejected('wrong-signature', 'made with none of the configured secrets, or over another request');
  const rule = toleranceSeconds === undefined ? undefined : { unit: 'ms' as const, toleranceSeconds };
  const late = rule && outsideWindow(rule, claims.timestamp, request);
  return late ?? { kind: 'proved', age: match.age, request: withoutUnsigned(request, claims.names) };
}

function readClaims(headers: Headers): Claims | Rejection {
  const read = (name: string): string => header(headers, name) ?? '';
  for (const name of [SIGNATURE, SIGNED_HEADERS])
    if (read(name) === '') return rejected('missing-signature', `the ${name} header is missing or empty`);
  const timestamp = read(TIMESTAMP);
  if (timestamp === '') return rejected('missing-timestamp', `the ${TIMESTAMP} header is missing or empty`);
  const signature = decodeHex(read(SIGNATURE));
  if (signature?.length !== 32)
    return rejected('malformed-signature', `the ${SIGNATURE} header is not the hex of 32 bytes`);
  const form = timestampForm('ms');
  if (!form.pattern.test(timestamp))
    return rejected('malformed-timestamp', `the ${TIMESTAMP} header is not ${form.wording}`);
  const names = read(SIGNED_HEADERS).split(',');
  if (
    new Set(names).size < names.length ||
    ![TIMESTAMP, SIGNED_HEADERS].every((name) => names.includes(name))
  )
    return rejected(
      'malformed-signature',
      `${SIGNED_HEADERS} names a header twice, or leaves out itself or ${TIMESTAMP}`,
    );
  return { kind: 'claims', signature, timestamp, names: names.toSorted() };
}

/** What is signed before the body; undefined when a header is not there, or the URL is no text that could be escaped. */
function signedHead(
  { request, url }: { readonly request: Request; readonly url: string },
  { names }: Pick<Claims, 'names'>,
): string | undefined {
  const values = names.map((name) => {
    const value = name === SIGNED_HEADERS ? names.join(',') : header(request.headers, name);
    return value === undefined ? undefined : `${name}:${value.trim()}`;
  });
  if (values.includes(undefined) || !url.isWellFormed()) return undefined;
  return `${request.method}\n${signedPath(url)}\n${values.join(';')}\n`;
}

/** The query is escaped as one piece, and then the whole once more. */
function signedPath(url: string): string {
  const [, path = '', query = ''] = /^https?:\/\/[^/?]*([^?]*)\??(.*)$/s.exec(url) ?? [];
  return encodeURI(query === '' ? path : `${path}?${encodeURIComponent(query)}`);
}

function mac(secret: string, before: string, body: Buffer): Buffer {
  return createHmac('sha256', secret).update(before).update(body).digest();
}

function withoutUnsigned(request: Request, names: readonly string[]): Request {
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-contentful-') && name !== SIGNATURE && !names.includes(name),
  );
  return withoutHeaders(request, unsigned);
}

/** All headers of the request are signed. */
function sign({ request, url, secret, timestamp }: StepSignInput): SignedParts {
  const names = [...new Set([...Object.keys(request.headers), TIMESTAMP, SIGNED_HEADERS])].toSorted();
  const headers = { [TIMESTAMP]: String(timestamp), [SIGNED_HEADERS]: names.join(',') };
  const before = signedHead(
    { request: { ...request, headers: { ...request.headers, ...headers } }, url },
    { names },
  );
  if (before === undefined) throw new TypeError('the URL is not well-formed');
  return { headers: { ...headers, [SIGNATURE]: mac(secret, before, request.body).toString('hex') } };
}
