import type { Scheme, SchemeStep, SignatureScheme, SignatureVersion, TokenScheme } from '../core/provider.ts';

const ALGORITHMS: Record<SignatureVersion['algorithm'], string> = {
  'hmac-sha1': 'HMAC-SHA1',
  'hmac-sha256': 'HMAC-SHA256',
  'hmac-sha512': 'HMAC-SHA512',
  ed25519: 'Ed25519',
  'ecdsa-p256-sha256': 'ECDSA P-256 with SHA-256',
};

/**
 * How a request proves its origin, in one sentence without its end.
 * @param toleranceSeconds of the source, where it replaces the scheme's.
 * @example schemeInWords(github.scheme) // 'HMAC-SHA256 of {body}, in x-hub-signature-256; no signed time'
 */
export function schemeInWords(scheme: Scheme, toleranceSeconds?: number): string {
  switch (scheme.kind) {
    case 'signature':
      return signatureInWords(scheme, toleranceSeconds);
    case 'any':
      return scheme.of
        .map((one) => schemeInWords(one, toleranceSeconds))
        .join('. Or, where it comes without: ');
    case 'token':
      return `the secret itself as a token, in ${tokenPlace(scheme)}; covers neither the body nor the time`;
    case 'basic':
      return 'the secret itself as user:password, in authorization (Basic); covers neither the body nor the time';
    case 'step':
      return STEPS[scheme.step];
  }
}

function tokenPlace(scheme: TokenScheme): string {
  if ('header' in scheme) return scheme.header;
  return 'query' in scheme ? `the URL’s parameter ${scheme.query}` : `the body’s ${scheme.body}`;
}

const STEPS: Record<SchemeStep, string> = {
  'adyen-signature':
    'HMAC-SHA256 of eight fields of each item, in its additionalData.hmacSignature; no signed time',
  'hubspot-signature-v1': 'SHA-256 of the secret and {body}, in x-hubspot-signature; no MAC, no signed time',
  'hubspot-signature-v2':
    'SHA-256 of the secret and {method}{url}{body}, in x-hubspot-signature; no MAC, no signed time',
  'hubspot-signature-v3':
    'HMAC-SHA256 of {method}{url}{body}{timestamp}, in x-hubspot-signature-v3; signed time within the tolerance',
  'mailgun-signature':
    'HMAC-SHA256 of a time and a token in the body, in its signature.signature; covers nothing of the event',
  'paypal-signature':
    'RSA-SHA256 of transmission id, time, webhook id and the body’s CRC-32, in paypal-transmission-sig, by a certificate of PayPal',
  'twilio-signature':
    'HMAC-SHA1 of the public URL and the form’s parameters (of other bodies a SHA-256 in the URL), in x-twilio-signature; no signed time',
};

function signatureInWords(scheme: SignatureScheme, toleranceSeconds: number | undefined): string {
  const algorithms = scheme.versions.map(({ algorithm }) => ALGORITHMS[algorithm]);
  const headers = scheme.families.map(({ signature }) => signature.header);
  const tolerance = toleranceSeconds ?? scheme.timestamp?.toleranceSeconds;
  const time =
    scheme.timestamp === undefined ? 'no signed time' : `signed time within ${tolerance} s of the gateway’s`;
  return `${algorithms.join(' or ')} of ${scheme.signed}, in ${headers.join(' or ')}; ${time}`;
}
