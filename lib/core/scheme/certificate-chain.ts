import { X509Certificate } from 'node:crypto';
import type { EpochMs } from '../request.ts';

/** Nobody's chain is longer. */
const LONGEST = 8;

/**
 * A certificate's text, parsed; undefined when it is none.
 * @example parseCertificate(pem)?.subject
 */
export function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/**
 * Whether a chain leads from its first certificate to one of the roots, each valid at that time and issued by the next.
 * Revocation is not looked at: that would need another call while the provider waits.
 */
export function leadsToRoot(
  chain: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  at: EpochMs,
): boolean {
  const [leaf, ...others] = chain.slice(0, LONGEST);
  return leaf !== undefined && isTrusted(leaf, others, { roots, at });
}

function isTrusted(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  trust: { readonly roots: readonly X509Certificate[]; readonly at: EpochMs },
): boolean {
  if (!isValid(certificate, trust.at)) return false;
  const isRoot = trust.roots.some((root) => root.raw.equals(certificate.raw));
  if (isRoot || trust.roots.some((root) => isIssuer(root, certificate) && isValid(root, trust.at)))
    return true;
  return others.some(
    (other) =>
      isIssuer(other, certificate) &&
      isTrusted(
        other,
        others.filter((one) => one !== other),
        trust,
      ),
  );
}

function isIssuer(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isValid({ validFromDate, validToDate }: X509Certificate, at: EpochMs): boolean {
  return validFromDate.getTime() <= at && at <= validToDate.getTime();
}
