import { createPublicKey, createVerify, type KeyObject } from 'node:crypto';
import type { Certificates, WebKey } from '../ports.ts';
import { type Rejection, rejected } from '../rejection.ts';
import type { EpochMs } from '../request.ts';
import { fieldsOf, type JsonWebToken, parseToken } from '../scheme/json-web-token.ts';

/** Of all tenants; nothing in a request has a say in it. */
const KEY_SET_URL = 'https://login.microsoftonline.com/common/discovery/v2.0/keys';

/** The app of Microsoft that sends change notifications, in every tenant. */
export const PUBLISHER = '0bf30f3b-4a52-48df-9a82-234910c4a086';

/** How far clocks may be apart, in seconds. */
const SKEW = 300;

const TENANT = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A token by which Microsoft says that it sends change notifications: RS256, by a key of its set, not expired.
 * @returns the app and the tenant that it is for: `<app id> <tenant id>`, both in lower case.
 * @throws {InfrastructureError} when the key set cannot be had.
 * Source: https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens#validate-tokens
 */
export async function publisherGrant(
  sent: string,
  certificates: Certificates,
  at: EpochMs,
): Promise<string | Rejection> {
  const token = parseToken(sent);
  const { alg, kid } = (token && fieldsOf(token.header)) ?? {};
  if (token === undefined || alg !== 'RS256' || typeof kid !== 'string' || kid.length > 128)
    return rejected('malformed-signature', 'a validationToken is no token of RS256 that names its key');
  const keys = (await certificates.keySet(KEY_SET_URL, kid)).filter((key) => key.kid === kid);
  const key = keys.find((one) => isSignedWith(one, token));
  const claims = fieldsOf(token.claims);
  if (key === undefined || claims === undefined)
    return rejected('wrong-signature', 'a validationToken was signed with none of Microsoft’s keys');
  return untimely(claims, at) ?? grantFrom(claims, key);
}

function isSignedWith(key: WebKey, { signed, signature }: JsonWebToken): boolean {
  const publicKey = rsaKey(key);
  return publicKey !== undefined && createVerify('sha256').update(signed).verify(publicKey, signature);
}

const parsed = new WeakMap<WebKey, KeyObject | undefined>();

/** The sets are kept, so each key is parsed once. */
function rsaKey(key: WebKey): KeyObject | undefined {
  if (!parsed.has(key)) parsed.set(key, parseRsa(key));
  return parsed.get(key);
}

function parseRsa({ kty, n, e }: WebKey): KeyObject | undefined {
  if (kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string') return undefined;
  try {
    const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? key : undefined;
  } catch {
    // Whatever OpenSSL has against it: it is no key.
    return undefined;
  }
}

function untimely({ exp, nbf = 0 }: WebKey, at: EpochMs): Rejection | undefined {
  if (!Number.isSafeInteger(exp) || !Number.isSafeInteger(nbf))
    return rejected('malformed-timestamp', 'a validationToken does not say when it expires');
  if (at / 1000 >= Number(exp)) return rejected('stale-timestamp', 'a validationToken has expired');
  return Number(nbf) > at / 1000 + SKEW
    ? rejected('future-timestamp', 'a validationToken is for later')
    : undefined;
}

/** Issued by the tenant's authority, with a key of that tenant's cloud, to the publisher, for the app. */
function grantFrom({ iss, tid, aud, appid, azp }: WebKey, { issuer }: WebKey): string | Rejection {
  const tenant = typeof tid === 'string' && TENANT.test(tid) ? tid : '';
  const authority = `https://login.microsoftonline.com/${tenant}/v2.0`;
  const issued = iss === `https://sts.windows.net/${tenant}/` || iss === authority;
  // A key of consumers' accounts is no key of an organization's.
  const fits = typeof issuer === 'string' && issuer.replace('{tenantid}', tenant) === authority;
  if (tenant !== '' && issued && fits && (appid ?? azp) === PUBLISHER && typeof aud === 'string')
    return `${aud.toLowerCase()} ${tenant}`;
  return rejected(
    'wrong-signature',
    'a validationToken was issued by another authority, or not to Microsoft Graph',
  );
}
