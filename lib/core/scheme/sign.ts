import { createHmac, createPrivateKey, createSign, type KeyObject, sign as signOnce } from 'node:crypto';
import { parsePath, replaceAt } from '../json-span.ts';
import type {
  AnyScheme,
  Scheme,
  SignatureScheme,
  SignatureVersion,
  SingleScheme,
  TimestampRule,
  TokenScheme,
} from '../provider.ts';
import { withoutParameters } from '../query-parameter.ts';
import type { EpochMs, Request } from '../request.ts';
import type { SignedParts } from '../step.ts';
import type { Steps } from '../steps/load-steps.ts';
import { decodeBase64 } from './decode.ts';
import { keyBytes, keyOf, PRIVATE_PREFIX, PUBLIC_PREFIX } from './key.ts';
import { schemeStep } from './scheme-step.ts';
import { fillSigned, signedTextOf } from './signed-text.ts';

/** What `sign` needs. */
export interface SignInput {
  readonly request: Request;
  /** The public URL that will be called: configured base, path, raw query. */
  readonly url: string;
  readonly scheme: Scheme;
  /**
   * The configured secret; for public-key schemes the private key: Ed25519 as its 32-byte seed (or seed and public key, 64 bytes)
   * in the encoding of the public key, with `whsk_` where that has `whpk_`; ECDSA as PKCS#8 DER in base64.
   */
  readonly secret: string;
  readonly id: string;
  readonly timestamp: EpochMs;
  readonly steps: Steps;
}

/** RFC 8410: what stands before the 32 bytes of an Ed25519 seed in a PKCS#8 PrivateKeyInfo. */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * What the provider would add to the request: the inverse of `verify`, for tests, the simulator and `headgate send`.
 * Uses the first of several schemes, the first header family and the first version that the secret is a key of.
 *
 * @throws {TypeError} when the secret can sign in no version of the scheme, or the scheme's step is not loaded.
 * @example
 * const { headers, query } = sign({ request, url, scheme: github.scheme, secret, id: 'unused', timestamp: 1764000000000, steps: {} });
 * headers; // { 'x-hub-signature-256': 'sha256=…' }
 */
export function sign(input: SignInput): SignedParts {
  const { scheme } = input;
  return scheme.kind === 'any' ? signAny(scheme, input) : signBy(scheme, input);
}

/** By the first scheme that the secret is a key of. */
function signAny({ of }: AnyScheme, input: SignInput): SignedParts {
  const failures: TypeError[] = [];
  for (const scheme of of) {
    try {
      return signBy(scheme, input);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      failures.push(error);
    }
  }
  throw new TypeError('the secret can sign in none of the schemes', { cause: failures });
}

function signBy(scheme: SingleScheme, input: SignInput): SignedParts {
  const { request, url, secret, id, timestamp, steps } = input;
  switch (scheme.kind) {
    case 'signature':
      return signatureParts(scheme, input);
    case 'token':
      return tokenParts(scheme, request, secret);
    case 'basic':
      return basicParts(secret);
    case 'step':
      return schemeStep(scheme, steps).sign({ request, url, secret, id, timestamp });
  }
}

function basicParts(secret: string): SignedParts {
  if (!secret.includes(':')) throw new TypeError('the secret is no user:password');
  return { headers: { authorization: `Basic ${Buffer.from(secret).toString('base64')}` } };
}

function tokenParts(scheme: TokenScheme, request: Request, secret: string): SignedParts {
  if ('header' in scheme) return { headers: { [scheme.header]: `${scheme.prefix ?? ''}${secret}` } };
  if ('body' in scheme) {
    const text = request.body.toString('utf8');
    return {
      headers: {},
      body: Buffer.from(replaceAt(text, [parsePath(scheme.body)], JSON.stringify(secret))),
    };
  }
  const others = withoutParameters(request.query, [scheme.query]);
  const parameter = new URLSearchParams({ [scheme.query]: secret }).toString();
  return { headers: {}, query: others === '' ? parameter : `${others}&${parameter}` };
}

function signatureParts(scheme: SignatureScheme, input: SignInput): SignedParts {
  const [family] = scheme.families;
  const timestamp = stamp(scheme.timestamp?.unit ?? 's', input.timestamp);
  const time = family.timestamp;
  const body =
    time !== undefined && 'body' in time
      ? bodyWithTime(
          time.body,
          scheme.timestamp?.unit === 'iso' ? JSON.stringify(timestamp) : timestamp,
          input.request,
        )
      : undefined;
  const request = body === undefined ? input.request : { ...input.request, body };
  const { version, bytes } = signBytes(scheme, timestamp, { ...input, request });
  const { header, separator = '', assign = '' } = family.signature;
  const item = `${version.label === undefined ? '' : version.label + assign}${bytes.toString(version.encoding)}`;
  const label = time !== undefined && 'label' in time ? `${time.label}${assign}${timestamp}${separator}` : '';
  return {
    headers: {
      ...(family.id === undefined ? {} : { [family.id]: input.id }),
      ...(time !== undefined && 'header' in time ? { [time.header]: timestamp } : {}),
      [header]: `${label}${item}`,
    },
    ...(body === undefined ? {} : { body }),
  };
}

function stamp(unit: TimestampRule['unit'], timestamp: EpochMs): string {
  switch (unit) {
    case 's':
      return String(Math.floor(timestamp / 1000));
    case 'ms':
      return String(timestamp);
    case 'iso':
      return new Date(timestamp).toISOString();
  }
}

/** Only one that is there is replaced: a body is not made anew. */
function bodyWithTime(path: string, time: string, { body }: Request): Buffer {
  return Buffer.from(replaceAt(body.toString('utf8'), [parsePath(path)], time));
}

function signBytes(
  scheme: SignatureScheme,
  timestamp: string,
  { request, url, secret, id }: SignInput,
): { readonly version: SignatureVersion; readonly bytes: Buffer } {
  const text = signedTextOf(scheme);
  const values = { id, timestamp, url, method: request.method };
  const signed = [
    Buffer.from(fillSigned(text.before, values)),
    request.body,
    Buffer.from(fillSigned(text.after, values)),
  ];
  for (const version of scheme.versions) {
    const bytes = signWith(version, secret, Buffer.concat(signed));
    if (bytes !== undefined) return { version, bytes };
  }
  throw new TypeError(
    'the secret cannot sign in any version of this scheme; public-key schemes need the private key',
  );
}

/** Undefined when the secret is no key of this version. */
function signWith(version: SignatureVersion, secret: string, signed: Buffer): Buffer | undefined {
  switch (version.algorithm) {
    case 'ed25519': {
      const key = ed25519PrivateKey(version, secret);
      return key && signOnce(null, signed, key);
    }
    case 'ecdsa-p256-sha256': {
      const der = decodeBase64(secret);
      return (
        der &&
        createSign('sha256')
          .update(signed)
          .sign(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
      );
    }
    default: {
      const key = keyOf(version, secret);
      return key?.kind === 'mac' ? createHmac(key.hash, key.secret).update(signed).digest() : undefined;
    }
  }
}

function ed25519PrivateKey(version: SignatureVersion, secret: string): KeyObject | undefined {
  const { prefix, encoding } = version.key;
  const text = prefix?.text === PUBLIC_PREFIX ? PRIVATE_PREFIX : prefix?.text;
  const bytes = keyBytes(
    { encoding, ...(prefix && text !== undefined && { prefix: { ...prefix, text } }) },
    secret,
  );
  if (bytes === undefined || (bytes.length !== 32 && bytes.length !== 64)) return undefined;
  const der = Buffer.concat([ED25519_PKCS8, bytes.subarray(0, 32)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}
