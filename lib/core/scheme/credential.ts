import type { Scheme } from '../provider.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { type Headers, header } from '../request.ts';
import type { SourceSecrets } from '../secret.ts';
import type { Proof } from '../step.ts';
import { decodeBase64 } from './decode.ts';
import { equalTexts } from './digest.ts';

type Secrets = SourceSecrets['signing'];

/** The header is the secret itself, after the prefix. A header that was sent twice is another text, so it fails. */
export function verifyToken(
  scheme: Extract<Scheme, { kind: 'token' }>,
  headers: Headers,
  secrets: Secrets,
): Proof | Rejection {
  const value = header(headers, scheme.header) ?? '';
  if (value === '') return rejected('missing-signature', `the ${scheme.header} header is missing or empty`);
  const prefix = scheme.prefix ?? '';
  if (!value.startsWith(prefix)) {
    return rejected(
      'malformed-signature',
      `the ${scheme.header} header does not begin with ${JSON.stringify(prefix)}`,
    );
  }
  return compare(value.slice(prefix.length), secrets, `the ${scheme.header} header`);
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
