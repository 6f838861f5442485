import { ConfigurationError } from './errors.ts';
import { parseObject } from './json-object.ts';
import type { EpochMs } from './request.ts';

declare const signingSecret: unique symbol;
/** Never logged, never put into an error. */
export type SigningSecret = string & { readonly [signingSecret]: true };

/** What a source's secret holds, newest first. */
export interface SourceSecrets {
  readonly signing: readonly { readonly secret: SigningSecret; readonly age: SecretAge }[];
  /** Proves the provider's set-up request where that is not signed (Meta's verify token); it signs nothing. */
  readonly verify?: string;
  readonly api?: string;
}

/** Which secret matched: a metric, so that an old one can be retired with proof. */
export type SecretAge = 'newest' | 'older';

/** One stored version of a secret. */
export interface SecretVersion {
  readonly text: string;
  readonly createdAt: EpochMs;
}

/** One version's content: `signing` as a list is the whole truth, as one text it says nothing of the secret before it. */
interface Content {
  readonly signing: string | readonly string[];
  readonly verify?: string;
  readonly api?: string;
}

const ALLOWED =
  'Allowed: the signing secret itself, or {"signing": "…" or ["newest", "older"], "verify": "…", "api": "…"} with texts, of which "verify" and "api" may be left out.';

/**
 * The secrets of a source from what is stored for it.
 *
 * - `{"signing": ["new", "old"]}`: the list is the whole truth; the first is the newest.
 * - `{"signing": "new"}`, or a text that is no JSON object: the previous version verifies too, for `overlapSeconds` (0: not at
 *   all) after the current one was created, so that a rotation loses no delivery that is on its way.
 * - Blank texts are no secrets, so a secret that was created empty (``, `{}`, `{"signing": []}`) gives none.
 *
 * @throws {ConfigurationError} when the current version is a JSON object of another form. Its text is never in the message.
 * @example
 * parseSecrets({ current: { text: '{"signing":["new","old"]}', createdAt }, overlapSeconds: 86_400, now });
 * // { signing: [{ secret: 'new', age: 'newest' }, { secret: 'old', age: 'older' }] }
 */
export function parseSecrets(input: {
  readonly current: SecretVersion;
  readonly previous?: SecretVersion;
  readonly overlapSeconds: number;
  readonly now: EpochMs;
}): SourceSecrets {
  const { signing, verify, api } = parseContent(input.current.text);
  const listed = typeof signing === 'string' ? undefined : signing.filter(isSecret);
  const newest = typeof signing === 'string' ? signing : listed?.[0];
  const texts = new Set([newest ?? '', ...(listed ?? previousTexts(input))].filter(isSecret));
  return {
    signing: [...texts].map((text) => ({
      secret: text as SigningSecret,
      age: text === newest ? 'newest' : 'older',
    })),
    ...(verify === undefined ? {} : { verify }),
    ...(api === undefined ? {} : { api }),
  };
}

/** RFC 9110's `token68`, as hex, base64 and tokens are written; too long to be guessed, and short enough to be a header. */
const BROUGHT = /^[A-Za-z0-9._~+/-]{16,256}={0,2}$/;

/**
 * A text that came in a request as a signing secret; undefined when it can be none: too short to be one, too long, or with other
 * characters, such as the comma between two headers of one name.
 */
export function broughtSecret(text: string): SigningSecret | undefined {
  return BROUGHT.test(text) ? (text as SigningSecret) : undefined;
}

/**
 * What is stored for a source that has no signing secret yet, with one: what else is there is kept.
 * @throws {ConfigurationError} when what is stored cannot be read.
 * @example withSigningSecret('{"api":"key"}', secret) // '{"signing":["…"],"api":"key"}'
 */
export function withSigningSecret(stored: string, secret: SigningSecret): string {
  return JSON.stringify({ ...parseContent(stored), signing: [secret] });
}

function isSecret(text: string): boolean {
  return text.trim() !== '';
}

function previousTexts(input: Parameters<typeof parseSecrets>[0]): readonly string[] {
  const { current, previous, overlapSeconds, now } = input;
  if (previous === undefined || overlapSeconds <= 0) return [];
  if (!(now - current.createdAt < overlapSeconds * 1000)) return [];
  try {
    const { signing } = parseContent(previous.text);
    return typeof signing === 'string' ? [signing] : signing;
  } catch {
    // It was replaced because it was wrong, perhaps; that must not take the current one away.
    return [];
  }
}

function parseContent(text: string): Content {
  const fields = parseFields(text);
  if (fields === undefined) return { signing: text };
  const { signing = [], verify, api, ...others } = fields;
  const unknown = Object.keys(others).length;
  if (unknown > 0) {
    throw new ConfigurationError(
      `The stored secret has ${unknown} field${unknown === 1 ? '' : 's'} that nothing reads. ${ALLOWED}`,
    );
  }
  if (!isTexts(signing))
    throw new ConfigurationError(`"signing" of the stored secret is ${kindOf(signing)}. ${ALLOWED}`);
  return { signing, ...textField('verify', verify), ...textField('api', api) };
}

/** One that is blank is none. */
function textField(name: 'verify' | 'api', value: unknown): Readonly<Record<string, string>> {
  if (value !== undefined && typeof value !== 'string') {
    throw new ConfigurationError(`"${name}" of the stored secret is ${kindOf(value)}. ${ALLOWED}`);
  }
  return value === undefined || !isSecret(value) ? {} : { [name]: value };
}

/** Undefined for a text that is no JSON object: then it is the signing secret as it stands, digits and braces included. */
function parseFields(text: string): Readonly<Record<string, unknown>> | undefined {
  const fields = parseObject(text);
  // A secret may begin with a brace by chance, but not go on with our field's name.
  if (fields !== undefined || !/^\s*\{\s*"(?:signing|verify|api)"/.test(text)) return fields;
  throw new ConfigurationError(
    `The stored secret begins like a JSON object, but is not valid JSON. ${ALLOWED}`,
  );
}

function isTexts(value: unknown): value is string | readonly string[] {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list with something else than texts' : `of type ${typeof value}`;
}
