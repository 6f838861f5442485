import type { SignatureHeader, SignatureScheme, SignatureVersion } from '../core/provider.ts';

/**
 * The commonest scheme: a MAC of the raw body with the secret as text, HMAC-SHA256 in hex unless said otherwise. No time is signed.
 * @param signature the header's name, or its grammar where there is more to it than a bare signature.
 * @example bodyMac('x-signature')
 * @example bodyMac({ header: 'x-hub-signature', assign: '=' }, { label: 'sha256' })
 */
export function bodyMac(
  signature: string | SignatureHeader,
  version: Partial<Pick<SignatureVersion, 'label' | 'algorithm' | 'encoding'>> = {},
): SignatureScheme {
  return {
    kind: 'signature',
    families: [{ signature: typeof signature === 'string' ? { header: signature } : signature }],
    signed: '{body}',
    versions: [{ algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' }, ...version }],
  };
}
