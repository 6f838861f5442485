import { parseObject } from '../json-object.ts';
import type { ApiAuth } from '../provider-api.ts';
import type { EpochMs } from '../request.ts';
import { rs256Token, rsaPrivateKey } from '../scheme/rs256.ts';

type Headers = Readonly<Record<string, string>>;

/** What proves to a provider who asks. */
export type Credentials =
  /** Sent as they are. */
  | { readonly kind: 'headers'; readonly headers: Headers }
  | TokenExchange
  /** What is stored is none of these; `explanation` says what to store. */
  | { readonly kind: 'none'; readonly explanation: string };

/** How a token is had for them: a POST below the base URL. */
export interface TokenExchange {
  readonly kind: 'exchange';
  readonly path: string;
  readonly headersAt: (now: EpochMs) => Headers;
  readonly body?: string;
  /** What its answer is: RFC 6749, or GitHub's own. */
  readonly answer: 'oauth' | 'github-app';
}

/** What people store as the `api` text, in words. */
export const API_TEXT: Readonly<Record<ApiAuth['kind'], string>> = {
  token: 'the API token',
  basic: '"user:password"',
  'client-credentials': '"client_id:client_secret"',
  'github-app': 'the text of {"appId": …, "installationId": …, "privateKey": "-----BEGIN …"}',
};

/**
 * Reads the `api` text of a source's secret. Nothing of it is ever in an explanation.
 * @param api undefined when the secret holds none.
 * @example readCredentials({ kind: 'token', header: 'authorization', prefix: 'Bearer ' }, 'abc') // { kind: 'headers', headers: { authorization: 'Bearer abc' } }
 */
export function readCredentials(auth: ApiAuth, api: string | undefined): Credentials {
  const text = api?.trim() ?? '';
  const problem = text === '' ? 'holds no "api"' : 'holds an "api" that is something else';
  return (
    (text === '' ? undefined : read(auth, text)) ?? {
      kind: 'none',
      explanation: `the stored secret of the source ${problem}: store {"signing": …, "api": …}, where "api" is ${API_TEXT[auth.kind]}`,
    }
  );
}

function read(auth: ApiAuth, text: string): Credentials | undefined {
  switch (auth.kind) {
    case 'token':
      return TOKEN.test(text)
        ? { kind: 'headers', headers: { [auth.header]: `${auth.prefix ?? ''}${text}` } }
        : undefined;
    case 'basic':
      return PAIR.test(text) ? { kind: 'headers', headers: basic(text) } : undefined;
    case 'client-credentials':
      return readClient(auth, text);
    case 'github-app':
      return readApp(text);
  }
}

/** What a header can hold and a key can be. */
export const TOKEN: RegExp = /^[\x21-\x7e]{1,8192}$/;

const PAIR = /^[^:\p{Cc}]*:[^\p{Cc}]*$/u;

function basic(pair: string): Headers {
  return { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
}

/** RFC 6749, 4.4; both parts are form-encoded before they become a user and a password (2.3.1). */
function readClient(
  { tokenPath, scope }: Extract<ApiAuth, { readonly kind: 'client-credentials' }>,
  text: string,
): TokenExchange | undefined {
  if (!PAIR.test(text)) return undefined;
  const colon = text.indexOf(':');
  const pair = [text.slice(0, colon), text.slice(colon + 1)].map(formEncoded).join(':');
  const headers = { ...basic(pair), 'content-type': 'application/x-www-form-urlencoded' };
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope === undefined ? {} : { scope }),
  });
  return {
    kind: 'exchange',
    path: tokenPath,
    headersAt: () => headers,
    body: form.toString(),
    answer: 'oauth',
  };
}

function formEncoded(text: string): string {
  return new URLSearchParams({ x: text }).toString().slice('x='.length);
}

/** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
function readApp(text: string): TokenExchange | undefined {
  const { appId, installationId, privateKey } = parseObject(text) ?? {};
  const app = idText(appId, /^[\w.-]{1,40}$/);
  const installation = idText(installationId, /^\d{1,20}$/);
  const key = typeof privateKey === 'string' ? rsaPrivateKey(privateKey) : undefined;
  if (app === undefined || installation === undefined || key === undefined) return undefined;
  return {
    kind: 'exchange',
    path: `/app/installations/${installation}/access_tokens`,
    headersAt: (now) => {
      const seconds = Math.floor(now / 1000);
      // A minute for clocks that differ, as GitHub asks; it takes ten minutes at most.
      const claims = { iss: app, iat: seconds - 60, exp: seconds + 540 };
      return { authorization: `Bearer ${rs256Token(claims, key)}` };
    },
    answer: 'github-app',
  };
}

/** An app can also be named by its client id, which is no number. */
function idText(value: unknown, form: RegExp): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && form.test(text) ? text : undefined;
}
