import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { KeyFormat, SignatureVersion } from '../provider.ts';
import { decodeBase64, decodeHex } from './decode.ts';

/** The configured text as a key of one signature version. */
export type Key =
  | { readonly kind: 'mac'; readonly hash: 'sha1' | 'sha256' | 'sha512'; readonly secret: KeyObject }
  | { readonly kind: 'public'; readonly algorithm: 'ed25519' | 'ecdsa-p256-sha256'; readonly key: KeyObject };

/** Texts in the form of Standard Webhooks. A public key is known to the world: as an HMAC key anyone could sign with it. */
export const PUBLIC_PREFIX = 'whpk_';
export const PRIVATE_PREFIX = 'whsk_';

/** RFC 8410: what stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo. */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** A source has a handful of secrets; a bound all the same, since each rotation leaves one behind. */
const CACHED = 32;
const cache = new WeakMap<SignatureVersion, Map<string, Key | undefined>>();

/**
 * The key that the configured text is for this version, or undefined when it is none. Cached, so that it is parsed once.
 * @example keyOf({ algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }, 'secret')
 */
export function keyOf(version: SignatureVersion, text: string): Key | undefined {
  const keys = cache.get(version) ?? new Map<string, Key | undefined>();
  if (keys.has(text)) return keys.get(text);
  const oldest = keys.keys().next();
  if (keys.size >= CACHED && oldest.done !== true) keys.delete(oldest.value);
  const key = parseKey(version, text);
  cache.set(version, keys.set(text, key));
  return key;
}

/** The bytes of a key's text; undefined when it is blank, lacks its prefix or does not decode. */
export function keyBytes(format: KeyFormat, text: string): Buffer | undefined {
  const body = withoutPrefix(format, text);
  if (body === undefined || body.trim() === '') return undefined;
  switch (format.encoding) {
    case 'utf8':
      return Buffer.from(body, 'utf8');
    case 'hex':
      return decodeHex(body.toLowerCase());
    case 'base64':
      // Keys are copied by people, and padding gets lost on the way.
      return decodeBase64(body.padEnd(Math.ceil(body.length / 4) * 4, '='));
  }
}

function withoutPrefix(format: KeyFormat, text: string): string | undefined {
  if (format.prefix === undefined) return text;
  if (text.startsWith(format.prefix.text)) return text.slice(format.prefix.text.length);
  return format.prefix.presence === 'optional' ? text : undefined;
}

function parseKey(version: SignatureVersion, text: string): Key | undefined {
  const bytes = keyBytes(version.key, text);
  if (bytes === undefined) return undefined;
  switch (version.algorithm) {
    case 'hmac-sha1':
      return macKey('sha1', text, bytes);
    case 'hmac-sha256':
      return macKey('sha256', text, bytes);
    case 'hmac-sha512':
      return macKey('sha512', text, bytes);
    case 'ed25519':
      if (bytes.length !== 32) return undefined;
      return publicKey('ed25519', Buffer.concat([ED25519_SPKI, bytes]));
    case 'ecdsa-p256-sha256':
      return publicKey('ecdsa-p256-sha256', bytes);
  }
}

function macKey(hash: 'sha1' | 'sha256' | 'sha512', text: string, bytes: Buffer): Key | undefined {
  if (text.startsWith(PUBLIC_PREFIX)) return undefined;
  return { kind: 'mac', hash, secret: createSecretKey(bytes) };
}

function publicKey(algorithm: 'ed25519' | 'ecdsa-p256-sha256', der: Buffer): Key | undefined {
  const key = parseSpki(der);
  if (key === undefined) return undefined;
  const fits =
    algorithm === 'ed25519'
      ? key.asymmetricKeyType === 'ed25519'
      : key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  return fits ? { kind: 'public', algorithm, key } : undefined;
}

function parseSpki(der: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    // Whatever OpenSSL has against it: the text is no key, and the source has no secret.
    return undefined;
  }
}
