import { createHash, timingSafeEqual } from 'node:crypto';
import { type Rejection, rejected } from '../rejection.ts';
import { header, type Request } from '../request.ts';
import { decodeHex } from '../scheme/decode.ts';
import type { Proof, SchemeInput, SchemeStepCode } from '../step.ts';

const SIGNATURE = 'x-hubspot-signature';
const VERSION = 'x-hubspot-signature-version';

const COVERS = { v1: { url: 'no', method: 'no' }, v2: { url: 'yes', method: 'yes' } } as const;

/**
 * HubSpot's first and second schemes: a plain SHA-256 of the secret and what follows it, which is no MAC. Whoever captured a request
 * can make another whose body goes on behind it, past the hash's padding: bytes that are not valid UTF-8, and so no JSON.
 * Source: lib/src/utils/signature.js of @hubspot/api-client@13.5.0.
 *
 * @param version the one that is taken; a request that names another is refused, whatever it was signed with.
 * @param before what stands between secret and body.
 */
export function hubspotHash(
  version: 'v1' | 'v2',
  before: (input: { readonly request: Request; readonly url: string }) => string,
): SchemeStepCode {
  const hash = (secret: string, input: { readonly request: Request; readonly url: string }): Buffer =>
    createHash('sha256')
      .update(secret + before(input))
      .update(input.request.body)
      .digest();
  const verify = (input: SchemeInput): Proof | Rejection => {
    const { headers } = input.request;
    const [sent, named] = [header(headers, SIGNATURE) ?? '', header(headers, VERSION) ?? ''];
    if (sent === '' || named === '')
      return rejected('missing-signature', `the ${SIGNATURE} or ${VERSION} header is missing or empty`);
    const signature = decodeHex(sent);
    if (named !== version || signature?.length !== 32)
      return rejected('malformed-signature', `the ${SIGNATURE} header holds no signature of ${version}`);
    for (const { secret, age } of input.secrets.signing) {
      if (timingSafeEqual(hash(secret, input), signature)) return { kind: 'proved', age };
    }
    return rejected('wrong-signature', 'made with none of the configured secrets, or over other bytes');
  };
  return {
    covers: { body: 'all', ...COVERS[version] },
    verify,
    sign: (input) => ({
      headers: { [SIGNATURE]: hash(input.secret, input).toString('hex'), [VERSION]: version },
    }),
  };
}
