import { type HandshakeAnswer, handshakeReply } from './handshake-reply.ts';
import { holds } from './holds.ts';
import { holeReader } from './hole-reader.ts';
import { intakeDocument } from './intake-document.ts';
import type { ConfirmationStep, Handshake, Scheme } from './provider.ts';
import { type Rejection, rejected } from './rejection.ts';
import { header, mediaKind, type Request } from './request.ts';
import { carriesProof, equalTexts, macOf, singleSchemes, type Verified } from './scheme.ts';
import { broughtSecret, type SigningSecret, type SourceSecrets } from './secret.ts';
import type { Source } from './source.ts';
import type { Steps } from './steps/load-steps.ts';
import { fill, type ReadHole, type Template } from './template.ts';

/** The request brings a signing secret, and the source is in set-up: store it if there is none, and answer only then. */
export interface Installation {
  readonly kind: 'installation';
  readonly secret: SigningSecret;
  readonly answer: HandshakeAnswer;
}

/** The provider takes a call for a yes: make it, and answer only when it has succeeded. */
export interface Confirmation {
  readonly kind: 'confirmation';
  readonly url: string;
  readonly answer: HandshakeAnswer;
}

/** The request is one that only somebody with the source's secrets can answer: read them, and ask again. */
export interface SecretsNeeded {
  readonly kind: 'secrets-needed';
}

/** Nobody's challenge is larger, in bytes; so no large body is parsed for one. */
const LARGEST_HANDSHAKE = 16_384;

/** What is signed for whoever asks: nothing that could be a delivery, a time or a separator. */
const OPAQUE = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * The answer to a set-up request that the provider does not sign. Nothing of it is trusted, kept or published.
 * @param secrets only needed where the first call says so.
 */
export function unsignedHandshake(
  source: Source,
  request: Request,
  secrets?: SourceSecrets,
): HandshakeAnswer | Installation | SecretsNeeded | Rejection | undefined {
  const found = findHandshake(source, request, (guard) => !isSigned(guard));
  if (found === undefined) return undefined;
  const { guard, mac } = found.handshake;
  if (typeof guard === 'object' && 'installs' in guard)
    return installation(found, guard.installs, source, request);
  if (guard === 'none' && mac === undefined) {
    // One that cannot be answered is like any other unsigned request: its signature is missing.
    return handshakeReply(found.handshake.answer, found.read);
  }
  if (secrets === undefined) return { kind: 'secrets-needed' };
  if (
    typeof guard === 'object' &&
    'verifyToken' in guard &&
    !knowsToken(found.read, guard.verifyToken, secrets)
  )
    return rejected('wrong-signature', 'the verify token is not the one that is stored as "verify"');
  return answerWith(found, source, secrets);
}

/**
 * The answer to a signed set-up request; a rejection when what it should echo is missing.
 * @throws {TypeError} when the step that confirms it was not loaded: a bug.
 */
export function signedHandshake(
  source: Source,
  verified: Verified,
  secrets?: SourceSecrets,
  steps: Steps = {},
): HandshakeAnswer | Confirmation | SecretsNeeded | Rejection | undefined {
  const found = findHandshake(source, verified.request, isSigned);
  if (found === undefined) return undefined;
  const { guard } = found.handshake;
  if (typeof guard === 'object' && 'confirms' in guard) return confirmation(found, guard.confirms, steps);
  if (found.handshake.mac !== undefined && secrets === undefined) return { kind: 'secrets-needed' };
  return answerWith(found, source, secrets && sameAge(secrets, verified));
}

/**
 * Whether anybody could have had this body signed by an open handshake (X): then its signature proves nothing.
 */
export function isSignedForAnyone({ provider }: Source, { body }: Request): boolean {
  const open = provider.handshakes?.some(({ guard, mac }) => guard === 'none' && mac !== undefined) ?? false;
  return open && OPAQUE.test(body.toString('latin1'));
}

/** Whether a request must be proved before it is answered. */
export function isSigned(guard: Handshake['guard']): boolean {
  return guard === 'verified' || (typeof guard === 'object' && 'confirms' in guard);
}

interface Found {
  readonly handshake: Handshake;
  readonly read: ReadHole;
}

function findHandshake(
  source: Source,
  request: Request,
  guarded: (guard: Handshake['guard']) => boolean,
): Found | undefined {
  if (request.body.length > LARGEST_HANDSHAKE) return undefined;
  const media = mediaKind(header(request.headers, 'content-type'));
  const { document: place } = source.provider;
  // Of a form its own fields count, not the document in one of them.
  const where = place === 'json' ? { place } : {};
  const read = holeReader({ ...request, document: () => intakeDocument(request, where) });
  const handshake = source.provider.handshakes?.find(
    (candidate) =>
      guarded(candidate.guard) &&
      candidate.method === request.method &&
      (candidate.media === undefined || candidate.media === media) &&
      (candidate.when ?? []).every((test) => holds(test, read)),
  );
  return handshake && { handshake, read };
}

function confirmation(
  { handshake, read }: Found,
  step: ConfirmationStep,
  steps: Steps,
): Confirmation | Rejection {
  if (steps.confirmation === undefined)
    throw new TypeError(`the step ${step} is not loaded: call loadSteps first`);
  const url = steps.confirmation.address(read);
  const answer = handshakeReply(handshake.answer, read);
  if (url === undefined || answer === undefined)
    return rejected('unusable-handshake', 'a set-up request lacks what its confirmation is made of');
  return { kind: 'confirmation', url, answer };
}

function installation(
  { handshake, read }: Found,
  template: Template,
  { provider: { scheme }, setup }: Source,
  request: Request,
): Installation | Rejection | undefined {
  // Who signs has a secret already: that is a delivery.
  if (singleSchemes(scheme).some((one) => carriesProof(one, request))) return undefined;
  if (setup === undefined)
    return rejected(
      'missing-signature',
      "a set-up request that brings a secret, and the source is not in set-up: if it is yours, give the source setup: 'install-secret', and make the webhook again",
    );
  const secret = broughtSecret(fill(template, read) ?? '');
  const answer = handshakeReply(handshake.answer, read);
  if (answer === undefined || secret === undefined || !isKeyOf(scheme, secret))
    return rejected('unusable-handshake', 'a set-up request brings nothing that could be a signing secret');
  return { kind: 'installation', secret, answer };
}

/** Stored once, one that verifies nothing would stand in the way of the right one. */
function isKeyOf(scheme: Scheme, secret: SigningSecret): boolean {
  return macOf(scheme, [{ secret, age: 'newest' }], '') !== undefined;
}

function knowsToken(read: ReadHole, template: string, { verify }: SourceSecrets): boolean {
  const token = fill(template, read);
  return token !== undefined && verify !== undefined && equalTexts(token, verify);
}

/** Those that could have signed the request. */
function sameAge(secrets: SourceSecrets, { age }: Verified): SourceSecrets {
  return { ...secrets, signing: secrets.signing.filter((secret) => secret.age === age) };
}

function answerWith(
  { handshake, read }: Found,
  { provider }: Source,
  secrets: SourceSecrets | undefined,
): HandshakeAnswer | Rejection {
  const unusable = rejected(
    'unusable-handshake',
    'a set-up request lacks the value that its answer must repeat or sign',
  );
  if (handshake.mac === undefined) return handshakeReply(handshake.answer, read) ?? unusable;
  const text = fill(handshake.mac, read) ?? '';
  if (!OPAQUE.test(text)) return unusable;
  const mac = macOf(provider.scheme, secrets?.signing ?? [], text);
  if (mac === undefined)
    return rejected('no-secret', 'no secret is stored that the answer could be signed with');
  return handshakeReply(handshake.answer, (hole) => (hole.from === 'mac' ? mac : read(hole))) ?? unusable;
}
