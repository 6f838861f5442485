import { intakeDocument } from '../intake-document.ts';
import { spansAt } from '../json-items.ts';
import { type JsonPath, type JsonSpan, parsePath, rootSpan, scalarAt } from '../json-span.ts';
import type { TokenScheme } from '../provider.ts';
import { queryParameter } from '../query-parameter.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { type Headers, header, type Request } from '../request.ts';
import type { SourceSecrets } from '../secret.ts';
import type { Proof } from '../step.ts';
import { decodeBase64 } from './decode.ts';
import { equalTexts } from './digest.ts';
import { provedItems } from './proved-items.ts';

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

/** At one place, or each item for itself. */
function verifyItems(path: string, request: Request, secrets: Secrets): Proof | Rejection {
  const document = intakeDocument(request);
  if (document.kind !== 'json')
    return rejected('malformed-signature', `the body cannot be read as JSON, so nothing is at ${path}`);
  const { text } = document;
  const keys = parsePath(path);
  const end = keys.lastIndexOf('*') + 1;
  const judge = (span: JsonSpan | undefined): Proof | Rejection =>
    verifyItem(text, keys.slice(end), span, { path, secrets });
  if (end === 0) return judge(rootSpan(text));
  const items = spansAt(text, keys.slice(0, end)).map((span) => ({ span, proof: judge(span) }));
  return provedItems({ request, text, path: keys.slice(0, end) }, items);
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
