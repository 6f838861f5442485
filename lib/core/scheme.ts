import type { Certificates } from './ports.ts';
import type { AnyScheme, Scheme, SingleScheme } from './provider.ts';
import { type Rejection, rejected } from './rejection.ts';
import type { Request } from './request.ts';
import { verifyBasic, verifyToken } from './scheme/credential.ts';
import { carriesProof, schemeHeaders, withoutHeaders } from './scheme/proof-places.ts';
import { schemeStep } from './scheme/scheme-step.ts';
import { verifySignature } from './scheme/signature.ts';
import { markVerified, type Verified } from './scheme/verified.ts';
import type { SourceSecrets } from './secret.ts';
import type { Proof, SchemeInput } from './step.ts';
import type { Steps } from './steps/load-steps.ts';

export { type Coverage, coverageOf } from './scheme/coverage.ts';
export { equalTexts, sha256 } from './scheme/digest.ts';
export { macOf } from './scheme/mac-of.ts';
export {
  carriesProof,
  secretHeaders,
  secretParameters,
  singleSchemes,
  tokenPaths,
} from './scheme/proof-places.ts';
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
  /** For the steps that need a certificate. */
  readonly certificates?: Certificates;
}

export type Verification = { readonly kind: 'verified'; readonly verified: Verified } | Rejection;

/**
 * Does the request come from the provider? Every secret is tried, newest first; of several signatures one is enough. Of several
 * schemes (`any`) one decides.
 *
 * | reason | when |
 * |---|---|
 * | `no-secret` | there is no secret, or none that can be read as a key of the scheme; looked at first, since nothing can be judged without one |
 * | `missing-signature` | no signature header of the scheme, or an empty one (a legacy header does not count) |
 * | `malformed-signature` | none in it that is of an accepted version and decodes to the right length; sent twice; more than 16 |
 * | `missing-timestamp` | a signed time that is absent or empty |
 * | `malformed-timestamp` | anything but digits (negative, fractional, `NaN`) or, by the unit, RFC 3339; or sent twice |
 * | `missing-id` | a signed id that is absent or empty |
 * | `malformed-id` | a signed id with a separator in it, so that the signed text could be read in two ways |
 * | `wrong-signature` | well-formed, but not made with a configured secret over these bytes, this time, id, URL and method |
 * | `stale-timestamp`, `future-timestamp` | genuine, but the signed time is further than the tolerance from `request.receivedAt` |
 *
 * @throws {TypeError} when the scheme is a step that `steps` does not hold, or signs what no request has.
 * @throws {InfrastructureError} when a certificate that the scheme needs cannot be had.
 * @example
 * const steps = await loadSteps(github);
 * const answer = await verify({ request, url, scheme: github.scheme, secrets, steps });
 * if (answer.kind === 'verified') answer.verified.age; // 'newest'
 */
export async function verify(input: VerifyInput): Promise<Verification> {
  const { request, url, scheme, secrets, steps, toleranceSeconds, certificates } = input;
  // A blank text is no secret, whatever the scheme would make of it.
  const signing = secrets.signing.filter(({ secret }) => secret.trim() !== '');
  if (signing.length === 0)
    return rejected('no-secret', 'the source has no signing secret: store one, then send again');
  const answer = await prove(scheme, {
    request,
    url,
    secrets: { ...secrets, signing },
    steps,
    ...(toleranceSeconds === undefined ? {} : { toleranceSeconds }),
    ...(certificates === undefined ? {} : { certificates }),
  });
  if (answer.kind === 'rejected') return answer;
  return { kind: 'verified', verified: markVerified(answer.request ?? request, answer.age, answer.dropped) };
}

type Answer = Proof | Rejection;
type Input = SchemeInput & { readonly steps: Steps };

async function prove(scheme: Scheme, input: Input): Promise<Answer> {
  return scheme.kind === 'any' ? proveAny(scheme, input) : proveBy(scheme, input);
}

/** Only the headers of the scheme that was used go on: nobody looked at the others'. */
async function proveAny({ of }: AnyScheme, input: Input): Promise<Answer> {
  let answer: Answer | undefined;
  for (const scheme of of) {
    if (!carriesProof(scheme, input.request)) continue;
    answer = await proveBy(scheme, input);
    if (answer.kind === 'proved')
      return { ...answer, request: withoutOtherSchemes(answer.request ?? input.request, of, scheme) };
    if (answer.reason !== 'no-secret') return answer;
  }
  return (
    answer ??
    rejected('missing-signature', 'the request carries none of the proofs that its provider can give')
  );
}

function withoutOtherSchemes(request: Request, all: readonly SingleScheme[], used: SingleScheme): Request {
  const own = schemeHeaders(used);
  const foreign = all.filter((scheme) => scheme !== used).flatMap(schemeHeaders);
  return withoutHeaders(
    request,
    foreign.filter((name) => !own.includes(name)),
  );
}

function proveBy(scheme: SingleScheme, input: Input): Answer | Promise<Answer> {
  switch (scheme.kind) {
    case 'signature':
      return verifySignature(scheme, input);
    case 'token':
      return verifyToken(scheme, input.request, input.secrets.signing);
    case 'basic':
      return verifyBasic(input.request.headers, input.secrets.signing);
    case 'step': {
      const tolerance = input.toleranceSeconds ?? scheme.toleranceSeconds;
      return schemeStep(scheme, input.steps).verify({
        ...input,
        ...(tolerance === undefined ? {} : { toleranceSeconds: tolerance }),
      });
    }
  }
}
