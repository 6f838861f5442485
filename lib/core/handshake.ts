import { holds } from './holds.ts';
import { holeReader } from './hole-reader.ts';
import { intakeDocument } from './intake-document.ts';
import type { Handshake, HandshakeReply } from './provider.ts';
import { type Rejection, rejected } from './rejection.ts';
import { header, mediaKind, type Request } from './request.ts';
import { equalTexts, macOf, type Verified } from './scheme.ts';
import type { SourceSecrets } from './secret.ts';
import type { Source } from './source.ts';
import type { HttpAnswer } from './step.ts';
import { fill, type ReadHole } from './template.ts';

export interface HandshakeAnswer extends HttpAnswer {
  readonly kind: 'handshake';
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
): HandshakeAnswer | SecretsNeeded | Rejection | undefined {
  const found = findHandshake(source, request, (guard) => guard !== 'verified');
  if (found === undefined) return undefined;
  const { guard, mac } = found.handshake;
  if (guard === 'none' && mac === undefined) {
    // One that cannot be answered is like any other unsigned request: its signature is missing.
    return reply(found.handshake.answer, found.read);
  }
  if (secrets === undefined) return { kind: 'secrets-needed' };
  if (typeof guard === 'object' && !knowsToken(found.read, guard.verifyToken, secrets))
    return rejected('wrong-signature', 'the verify token is not the one that is stored as "verify"');
  return answerWith(found, source, secrets);
}

/** The answer to a signed set-up request; a rejection when what it should echo is missing. */
export function signedHandshake(
  source: Source,
  verified: Verified,
  secrets?: SourceSecrets,
): HandshakeAnswer | SecretsNeeded | Rejection | undefined {
  const found = findHandshake(source, verified.request, (guard) => guard === 'verified');
  if (found === undefined) return undefined;
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
  const read = holeReader({ ...request, document: () => intakeDocument(request) });
  const handshake = source.provider.handshakes?.find(
    (candidate) =>
      guarded(candidate.guard) &&
      candidate.method === request.method &&
      (candidate.media === undefined || candidate.media === media) &&
      (candidate.when ?? []).every((test) => holds(test, read)),
  );
  return handshake && { handshake, read };
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
  if (handshake.mac === undefined) return reply(handshake.answer, read) ?? unusable;
  const text = fill(handshake.mac, read) ?? '';
  if (!OPAQUE.test(text)) return unusable;
  const mac = macOf(provider.scheme, secrets?.signing ?? [], text);
  if (mac === undefined)
    return rejected('no-secret', 'no secret is stored that the answer could be signed with');
  return reply(handshake.answer, (hole) => (hole.from === 'mac' ? mac : read(hole))) ?? unusable;
}

function reply(template: HandshakeReply, read: ReadHole): HandshakeAnswer | undefined {
  const headers = replyHeaders(template, read);
  if ('json' in template) {
    const values = Object.entries(template.json).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : fill(value, read),
    ]);
    if (values.some(([, value]) => value === undefined)) return undefined;
    const body = JSON.stringify(Object.fromEntries(values));
    return answer(template.status, { ...headers, 'content-type': 'application/json' }, body);
  }
  if ('text' in template) {
    const text = fill(template.text, read);
    if (text === undefined) return undefined;
    return answer(template.status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }, text);
  }
  const { contentType } = template;
  return answer(
    template.status,
    { ...headers, ...(contentType === undefined ? {} : { 'content-type': contentType }) },
    '',
  );
}

/** What is not printable ASCII is no value for a header. */
function replyHeaders({ headers = {} }: HandshakeReply, read: ReadHole): Readonly<Record<string, string>> {
  const filled = Object.entries(headers).map(
    ([name, template]) => [name, fill(template, read) ?? ''] as const,
  );
  return Object.fromEntries(filled.filter(([, value]) => /^[\x20-\x7e]{1,1024}$/.test(value)));
}

function answer(status: number, headers: Readonly<Record<string, string>>, body: string): HandshakeAnswer {
  // What is echoed was chosen by the caller: no browser may take it for a page.
  return { kind: 'handshake', status, headers: { 'x-content-type-options': 'nosniff', ...headers }, body };
}
