import type { Scheme } from './provider.ts';
import { type Rejection, rejected } from './rejection.ts';
import type { Request } from './request.ts';
import { verifyBasic, verifyToken } from './scheme/credential.ts';
import { verifySignature } from './scheme/signature.ts';
import { markVerified, type Verified } from './scheme/verified.ts';
import type { SourceSecrets } from './secret.ts';
import type { Proof, SchemeInput } from './step.ts';
import type { Steps } from './steps/load-steps.ts';

export { sha256 } from './scheme/digest.ts';
export { sign } from './scheme/sign.ts';
export { signingKeyPair } from './scheme/signing-key-pair.ts';
export type { Verified } from './scheme/verified.ts';

/** What `verify` looks at. */
export interface VerifyInput {
  readonly request: Request;
  /** The public URL as the provider called it: configured base, path, raw query. Never from the Host header. */
  readonly url: string;
  readonly scheme: Scheme;
  readonly secrets: SourceSecrets;
  /** Replaces the scheme's own tolerance, in seconds. */
  readonly toleranceSeconds?: number;
  readonly steps: Steps;
}

export type Verification = { readonly kind: 'verified'; readonly verified: Verified } | Rejection;

/**
 * Does the request come from the provider? Every secret is tried, newest first; of several signatures one is enough.
 *
 * | reason | when |
 * |---|---|
 * | `no-secret` | there is no secret, or none that can be read as a key of the scheme; looked at first, since nothing can be judged without one |
 * | `missing-signature` | no signature header of the scheme, or an empty one (a legacy header does not count) |
 * | `malformed-signature` | none in it that is of an accepted version and decodes to the right length; sent twice; more than 16 |
 * | `missing-timestamp` | a signed time that is absent or empty |
 * | `malformed-timestamp` | anything but digits (negative, fractional, `NaN`), or sent twice |
 * | `missing-id` | a signed id that is absent or empty |
 * | `malformed-id` | a signed id with a separator in it, so that the signed text could be read in two ways |
 * | `wrong-signature` | well-formed, but not made with a configured secret over these bytes, this time, id, URL and method |
 * | `stale-timestamp`, `future-timestamp` | genuine, but the signed time is further than the tolerance from `request.receivedAt` |
 *
 * @throws {TypeError} when the scheme is a step that `steps` does not hold, or signs what no request has.
 * @example
 * const steps = await loadSteps(github);
 * const answer = await verify({ request, url, scheme: github.scheme, secrets, steps });
 * if (answer.kind === 'verified') answer.verified.age; // 'newest'
 */
export async function verify(input: VerifyInput): Promise<Verification> {
  // A blank text is no secret, whatever the scheme would make of it.
  const signing = input.secrets.signing.filter(({ secret }) => secret.trim() !== '');
  if (signing.length === 0)
    return rejected('no-secret', 'the source has no signing secret: store one, then send again');
  const answer = await prove(
    { request: input.request, url: input.url, secrets: { ...input.secrets, signing } },
    input,
  );
  if (answer.kind === 'rejected') return answer;
  return { kind: 'verified', verified: markVerified(answer.request ?? input.request, answer.age) };
}

type Answer = (Proof & { readonly request?: Request }) | Rejection;

function prove(
  input: SchemeInput,
  { scheme, steps, toleranceSeconds }: VerifyInput,
): Answer | Promise<Answer> {
  switch (scheme.kind) {
    case 'signature':
      return verifySignature(scheme, input, toleranceSeconds);
    case 'token':
      return verifyToken(scheme, input.request.headers, input.secrets.signing);
    case 'basic':
      return verifyBasic(input.request.headers, input.secrets.signing);
    case 'step':
      if (steps.scheme === undefined)
        throw new TypeError(`the step ${scheme.step} is not loaded: call loadSteps first`);
      return steps.scheme.verify(input);
  }
}
