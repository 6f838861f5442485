import { createHmac, timingSafeEqual } from 'node:crypto';
import { formFields, MOST_FIELDS } from '../form.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { header, mediaKind, type Request } from '../request.ts';
import { decodeBase64, decodeHex } from '../scheme/decode.ts';
import { sha256 } from '../scheme/digest.ts';
import type { Proof, SchemeInput, SchemeStepCode, SignedParts, StepSignInput } from '../step.ts';

const HEADER = 'x-twilio-signature';
const BODY_HASH = 'bodySHA256';

/**
 * Twilio signs the public URL it called and, for forms, every decoded parameter by name. Any other body is covered only by a
 * SHA-256 of it in the URL. Without one, a body that is no form would not be signed at all.
 * Source: lib/webhooks/webhooks.js of twilio@6.2.0.
 */
export const step: SchemeStepCode = { covers: { body: 'all', url: 'yes', method: 'no' }, verify, sign };

function verify({ request, url, secrets }: SchemeInput): Proof | Rejection {
  const sent = header(request.headers, HEADER) ?? '';
  if (sent === '') return rejected('missing-signature', `the ${HEADER} header is missing or empty`);
  const signature = decodeBase64(sent);
  if (signature?.length !== 20)
    return rejected('malformed-signature', `the ${HEADER} header is not the base64 of 20 bytes`);
  const covered = coveredParameters(request);
  if (typeof covered !== 'string') return covered;
  for (const { secret, age } of secrets.signing) {
    for (const form of urlForms(url)) {
      if (timingSafeEqual(mac(secret, form + covered), signature)) return { kind: 'proved', age };
    }
  }
  return rejected(
    'wrong-signature',
    'made with none of the configured auth tokens, or for another public URL than the configured one',
  );
}

/** What follows the URL in the signed text; a body that the URL's hash covers adds nothing to it. */
function coveredParameters(request: Request): string | Rejection {
  const hashes = new URLSearchParams(request.query).getAll(BODY_HASH);
  if (hashes.length > 0) return checkBodyHash(request);
  if (mediaKind(header(request.headers, 'content-type')) === 'form') return signedParameters(request.body);
  return rejected(
    'missing-signature',
    `a body that is no form, without ${BODY_HASH} in the URL, is not signed`,
  );
}

/** Only where Twilio puts it: what a signed form adds to the URL could make a hash of its texts, but never at the end. */
const LAST = new RegExp(`^(?:(?!${BODY_HASH}=)[^&]*&)*${BODY_HASH}=([^&]*)$`);

function checkBodyHash({ query, body }: Request): string | Rejection {
  const bytes = decodeHex(LAST.exec(query)?.[1] ?? '');
  if (bytes?.length !== 32)
    return rejected(
      'malformed-signature',
      `${BODY_HASH} in the URL is not one SHA-256 in lower-case hex, in the last parameter`,
    );
  if (timingSafeEqual(bytes, Buffer.from(sha256(body), 'hex'))) return '';
  return rejected('wrong-signature', `the body is not the one of ${BODY_HASH} in the URL`);
}

/** Name and value, names in code-unit order, and of a repeated name its distinct values in order. Nothing is trimmed. */
function signedParameters(body: Buffer): string | Rejection {
  // The very reading that the event is made from: another one could leave something out of the signature.
  const fields = formFields(body);
  if (fields === undefined)
    return rejected(
      'wrong-signature',
      `the form is not valid UTF-8, or has more than ${MOST_FIELDS} fields: Twilio signs neither`,
    );
  const values = new Map<string, Set<string>>();
  for (const [name, value] of fields) {
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  const names = [...values.keys()].sort();
  return names
    .map((name) =>
      [...(values.get(name) ?? [])]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}

/** The URL with and without its scheme's port, as it is and escaped: Twilio's back ends differ in what they sign. */
function* urlForms(url: string): Generator<string> {
  yield* portForms(url);
  const escaped = new URL(url).href;
  yield* portForms(escaped);
  const [path = '', query] = splitQuery(escaped);
  if (query !== undefined) {
    const pairs = [...new URLSearchParams(query)].map((pair) => pair.map(encodeURIComponent).join('='));
    yield* portForms(`${path}?${pairs.join('&')}`);
  }
}

function* portForms(url: string): Generator<string> {
  const [, scheme = '', host = '', rest = ''] =
    /^(https?:\/\/)([^/?#]*?)(?::\d+)?((?:[/?#].*)?)$/is.exec(url) ?? [];
  yield scheme + host + rest;
  // The SDK keeps a port that is there, and adds the scheme's own where there is none.
  yield /^https?:\/\/[^/?#]*:\d+(?:[/?#]|$)/i.test(url)
    ? url
    : `${scheme}${host}:${scheme.toLowerCase() === 'https://' ? 443 : 80}${rest}`;
}

function splitQuery(url: string): readonly [string, string | undefined] {
  const at = url.indexOf('?');
  return at < 0 ? [url, undefined] : [url.slice(0, at), url.slice(at + 1)];
}

function mac(secret: string, text: string): Buffer {
  return createHmac('sha1', secret).update(text, 'utf8').digest();
}

function sign({ request, url, secret }: StepSignInput): SignedParts {
  if (mediaKind(header(request.headers, 'content-type')) === 'form') {
    const covered = signedParameters(request.body);
    if (typeof covered !== 'string') throw new TypeError(covered.explanation);
    return { headers: { [HEADER]: mac(secret, url + covered).toString('base64') } };
  }
  const others = request.query.split('&').filter((part) => part !== '' && !part.startsWith(`${BODY_HASH}=`));
  const query = [...others, `${BODY_HASH}=${sha256(request.body)}`].join('&');
  return { headers: { [HEADER]: mac(secret, `${splitQuery(url)[0]}?${query}`).toString('base64') }, query };
}
