import type { Scheme, SignatureScheme } from '../core/provider.ts';
import type { EpochMs, Request } from '../core/request.ts';
import { coverageOf, sign, signingKeyPair, singleSchemes } from '../core/scheme.ts';
import type { SignedParts } from '../core/step.ts';
import type { Steps } from '../core/steps/load-steps.ts';
import type { Sample } from './samples/sample.ts';
import { type ShownDelivery, shownDelivery } from './shown-delivery.ts';
import { UsageError } from './usage-error.ts';

/** A delivery as it goes out. */
export interface SignedDelivery {
  /** What is called. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly shown: ShownDelivery;
  /** What was done to it after signing; absent when nothing was. */
  readonly tampered?: string;
}

export interface DeliveryPlan {
  readonly scheme: Scheme;
  readonly steps: Steps;
  readonly sample: Sample;
  /** What is called, and what the provider would have been told to call: they differ behind a tunnel. */
  readonly url: string;
  readonly signedUrl: string;
  /** The secret, or the private key where a public one verifies. */
  readonly signer: string;
  /** The provider's id of the message, where one is signed. */
  readonly id: string;
  readonly now: EpochMs;
  /** `after-signing`: as somebody would do who has no secret. */
  readonly tamper: 'no' | 'after-signing';
}

/**
 * Signs a delivery as its provider would.
 * @throws {UsageError} when the secret signs nothing of this scheme.
 */
export function signedDelivery(plan: DeliveryPlan): SignedDelivery {
  const { sample, tamper } = plan;
  const breaksBody =
    tamper === 'after-signing' && coversBody(plan.scheme, plan.steps) && sample.body.length > 0;
  const forged = tamper === 'after-signing' && !breaksBody;
  const secret = forged ? signingKeyPair(plan.scheme).signer : plan.signer;
  const parts = signedParts(plan, secret);
  const sent = {
    url: withQuery(plan.url, parts.query),
    headers: { ...sample.headers, ...parts.headers },
    body: breaksBody ? flipByte(parts.body ?? sample.body) : (parts.body ?? sample.body),
  };
  return {
    ...sent,
    shown: shownDelivery(sent, { signed: parts, secret, id: plan.id }),
    ...(breaksBody ? { tampered: 'One byte of the body was changed after signing.' } : {}),
    ...(forged
      ? { tampered: 'It was signed with a made-up secret, for this scheme does not cover the body.' }
      : {}),
  };
}

function signedParts(
  { scheme, steps, sample, signedUrl, id, now }: DeliveryPlan,
  secret: string,
): SignedParts {
  const { pathname, search } = new URL(signedUrl);
  const request: Request = {
    method: 'POST',
    path: pathname,
    query: search.slice(1),
    headers: sample.headers,
    body: sample.body,
    receivedAt: now,
  };
  try {
    return sign({
      request,
      url: signedUrl,
      scheme: ofFamily(scheme, sample),
      secret,
      id,
      timestamp: now,
      steps,
    });
  } catch (error) {
    throw new UsageError(
      'What the secrets file holds for this source cannot sign. Where a public key verifies, put the private key beside it, as "signer".',
      { cause: error },
    );
  }
}

function ofFamily(scheme: Scheme, { signatureHeader }: Sample): Scheme {
  if (scheme.kind !== 'signature' || signatureHeader === undefined) return scheme;
  const family = scheme.families.find(({ signature }) => signature.header === signatureHeader);
  return family === undefined ? scheme : ({ ...scheme, families: [family] } satisfies SignatureScheme);
}

/** Of several schemes, the secret decides which one signs. */
function coversBody(scheme: Scheme, steps: Steps): boolean {
  return singleSchemes(scheme).every((one) => coverageOf(one, steps.scheme).body === 'all');
}

/** The letter or digit in the middle becomes its neighbour, so that the body stays valid UTF-8, and often valid JSON. */
function flipByte(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  const middle = Math.floor(body.length / 2);
  const offset = body.subarray(middle).findIndex((byte) => /[0-9A-Za-z]/.test(String.fromCharCode(byte)));
  const at = offset < 0 ? middle : middle + offset;
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
  return changed;
}

function withQuery(url: string, query: string | undefined): string {
  return query === undefined ? url : `${url.split('?', 1)[0]}?${query}`;
}
