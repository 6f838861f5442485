import { createPrivateKey, type KeyObject, sign } from 'node:crypto';

/** An RSA key that can sign; undefined for a text that holds none. */
export function rsaPrivateKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A JSON Web Token, signed with RS256 (RFC 7519, RFC 7518 3.3).
 * @example rs256Token({ iss: '12345', iat: 1_700_000_000, exp: 1_700_000_600 }, key) // 'eyJhbGciOi….….…'
 */
export function rs256Token(claims: Readonly<Record<string, string | number>>, key: KeyObject): string {
  const signed = [{ alg: 'RS256', typ: 'JWT' }, claims].map(encoded).join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

function encoded(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
