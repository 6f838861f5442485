import { intakeDocument } from '../intake-document.ts';
import { keepItems, spansAt } from '../json-items.ts';
import { type JsonPath, type JsonSpan, parsePath, rootSpan, scalarAt } from '../json-span.ts';
import type { TokenScheme } from '../provider.ts';
import { queryParameter } from '../query-parameter.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { type Headers, header, type Request } from '../request.ts';
import type { SourceSecrets } from '../secret.ts';
import type { Proof } from '../step.ts';
import { decodeBase64 } from './decode.ts';
import { equalTexts } from './digest.ts';

type Secrets = SourceSecrets['signing'];

/** The secret itself lies where the scheme says. */
export function verifyToken(scheme: TokenScheme, request: Request, secrets: Secrets): Proof | Rejection {
  if ('header' in scheme) return verifyHeader(scheme, request.headers, secrets);
  if ('body' in scheme) return verifyItems(scheme.body, request, secrets);
  const what = `the parameter ${scheme.query} of the URL`;
  const value = queryParameter(request.query, scheme.query) ?? '';
  if (value === '') return rejected('missing-signature', `${what} is missing or empty, or was sent twice`);
  return compare(value, secrets, what);
}

/** After the prefix. A header that was sent twice is another text, so it fails. */
function verifyHeader(
  scheme: Extract<TokenScheme, { readonly header: string }>,
  headers: Headers,
  secrets: Secrets,
): Proof | Rejection {
  const value = header(headers, scheme.header) ?? '';
  if (value === '') return rejected('missing-signature', `the ${scheme.header} header is missing or empty`);
  const prefix = scheme.prefix ?? '';
  // RFC 9110 §11.1: the name of an authentication scheme may be written in any case.
  if (value.slice(0, prefix.length).toLowerCase() !== prefix.toLowerCase()) {
    return rejected(
      'malformed-signature',
      `the ${scheme.header} header does not begin with ${JSON.stringify(prefix)}`,
    );
  }
  return compare(value.slice(prefix.length), secrets, `the ${scheme.header} header`);
}

/**
 * Each item speaks for itself: one without a secret is taken out, so that it neither comes in with the others nor keeps them out.
 * `older` as soon as one of them is.
 */
function verifyItems(path: string, request: Request, secrets: Secrets): Proof | Rejection {
  const document = intakeDocument(request);
  if (document.kind !== 'json')
    return rejected('malformed-signature', `the body cannot be read as JSON, so nothing is at ${path}`);
  const { text } = document;
  const keys = parsePath(path);
  const end = keys.lastIndexOf('*') + 1;
  const items = end === 0 ? [rootSpan(text)] : spansAt(text, keys.slice(0, end));
  const proofs = items.map((item) => verifyItem(text, keys.slice(end), item, { path, secrets }));
  const ages = proofs.flatMap((proof) => (proof.kind === 'proved' ? [proof.age] : []));
  const refusals = proofs.filter((proof) => proof.kind === 'rejected');
  // What lies in no array cannot be taken out of one.
  if (ages.length === 0 || items.includes(undefined))
    return (
      refusals.find(({ reason }) => reason === 'wrong-signature') ??
      refusals[0] ??
      rejected('missing-signature', `the body has no item that could hold a secret at ${path}`)
    );
  const age = ages.includes('older') ? 'older' : 'newest';
  if (refusals.length === 0) return { kind: 'proved', age };
  const kept = new Set(
    items.filter((_, index) => proofs[index]?.kind === 'proved').map((item) => item?.start),
  );
  const body = Buffer.from(keepItems(text, keys.slice(0, end), ({ start }) => kept.has(start)));
  return { kind: 'proved', age, request: { ...request, body }, dropped: refusals.length };
}

function verifyItem(
  text: string,
  path: JsonPath,
  item: JsonSpan | undefined,
  of: { readonly path: string; readonly secrets: Secrets },
): Proof | Rejection {
  const value = (item && scalarAt(text, path, item)) ?? '';
  if (value === '')
    return rejected('missing-signature', `the body, or an item of it, has nothing at ${of.path}`);
  return compare(value, of.secrets, `${of.path} of the body`);
}

/** RFC 7617: `Basic`, in any case, and the base64 of `user:password`. The configured secret is `user:password`. */
export function verifyBasic(headers: Headers, secrets: Secrets): Proof | Rejection {
  const usable = secrets.filter(({ secret }) => secret.includes(':'));
  if (usable.length === 0) return rejected('no-secret', 'no configured secret has the form user:password');
  const value = header(headers, 'authorization') ?? '';
  if (value === '') return rejected('missing-signature', 'the authorization header is missing or empty');
  const sent = /^basic ([^ ]+)$/i.exec(value)?.[1];
  const credential = sent === undefined ? undefined : decodeBase64(sent)?.toString('utf8');
  if (credential === undefined)
    return rejected('malformed-signature', 'the authorization header is not Basic with a base64 text');
  return compare(credential, usable, 'the authorization header');
}

function compare(sent: string, secrets: Secrets, what: string): Proof | Rejection {
  for (const { secret, age } of secrets) {
    if (equalTexts(sent, secret)) return { kind: 'proved', age };
  }
  return rejected('wrong-signature', `${what} holds none of the configured secrets`);
}
