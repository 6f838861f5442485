import type { SignatureScheme } from '../provider.ts';
import { sign } from '../scheme/sign.ts';
import { verifySignature } from '../scheme/signature.ts';
import type { SchemeStepCode } from '../step.ts';

const scheme: SignatureScheme = {
  kind: 'signature',
  families: [
    {
      signature: { header: 'x-hubspot-signature-v3' },
      timestamp: { header: 'x-hubspot-request-timestamp' },
    },
  ],
  signed: '{method}{url}{body}{timestamp}',
  versions: [{ algorithm: 'hmac-sha256', encoding: 'base64', key: { encoding: 'utf8' } }],
  timestamp: { unit: 'ms', toleranceSeconds: 300 },
};

/** What HubSpot decodes in the URL before it signs, and nothing else: `: / ? @ ! $ ' ( ) * , ;`. */
const DECODED = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/**
 * HubSpot's third scheme, over method, URL, body and time. The first and second come beside it, and are never looked at: they have
 * no time, and would let a captured request in again.
 * Source: lib/src/utils/signature.js of @hubspot/api-client@13.5.0, and for the URL
 * https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
 */
export const step: SchemeStepCode = {
  covers: { body: 'all', url: 'yes', method: 'yes' },
  verify: (input) => verifySignature(scheme, { ...input, url: signedUrl(input.url) }),
  sign: (input) => sign({ ...input, url: signedUrl(input.url), scheme, steps: {} }),
};

function signedUrl(url: string): string {
  return url.replace(DECODED, decodeURIComponent);
}
