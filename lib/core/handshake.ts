import { holds } from './event-identity.ts';
import { holeReader } from './hole-reader.ts';
import { intakeDocument } from './intake-document.ts';
import type { Handshake, HandshakeReply } from './provider.ts';
import { type Rejection, rejected } from './rejection.ts';
import { header, mediaKind, type Request } from './request.ts';
import type { Verified } from './scheme.ts';
import type { Source } from './source.ts';
import type { HttpAnswer } from './step.ts';
import { fill, type ReadHole } from './template.ts';

export interface HandshakeAnswer extends HttpAnswer {
  readonly kind: 'handshake';
}

/** Nobody's challenge is larger, in bytes; so no large body is parsed for one. */
const LARGEST_HANDSHAKE = 16_384;

/** The answer to a set-up request that the provider does not sign. Nothing of it is trusted, kept or published. */
export function unsignedHandshake(source: Source, request: Request): HandshakeAnswer | undefined {
  const found = findHandshake(source, request, 'none');
  // One that cannot be answered is like any other unsigned request: its signature is missing.
  return found && reply(found.handshake.answer, found.read);
}

/** The answer to a signed set-up request; a rejection when what it should echo is missing. */
export function signedHandshake(source: Source, verified: Verified): HandshakeAnswer | Rejection | undefined {
  const found = findHandshake(source, verified.request, 'verified');
  if (found === undefined) return undefined;
  const answer = reply(found.handshake.answer, found.read);
  return (
    answer ?? rejected('unusable-handshake', 'a set-up request lacks the value that its answer must repeat')
  );
}

function findHandshake(
  source: Source,
  request: Request,
  guard: Handshake['guard'],
): { readonly handshake: Handshake; readonly read: ReadHole } | undefined {
  if (request.body.length > LARGEST_HANDSHAKE) return undefined;
  const media = mediaKind(header(request.headers, 'content-type'));
  const read = holeReader({ ...request, document: () => intakeDocument(request) });
  const handshake = source.provider.handshakes?.find(
    (candidate) =>
      candidate.guard === guard &&
      candidate.method === request.method &&
      (candidate.media === undefined || candidate.media === media) &&
      candidate.when.every((test) => holds(test, read)),
  );
  return handshake && { handshake, read };
}

function reply(template: HandshakeReply, read: ReadHole): HandshakeAnswer | undefined {
  if ('json' in template) {
    const values = Object.entries(template.json).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : fill(value, read),
    ]);
    if (values.some(([, value]) => value === undefined)) return undefined;
    return answer(template.status, 'application/json', JSON.stringify(Object.fromEntries(values)));
  }
  if ('text' in template) {
    const text = fill(template.text, read);
    return text === undefined ? undefined : answer(template.status, 'text/plain; charset=utf-8', text);
  }
  return answer(template.status, template.contentType, '');
}

function answer(status: number, contentType: string | undefined, body: string): HandshakeAnswer {
  // What is echoed was chosen by the caller: no browser may take it for a page.
  const headers = {
    'x-content-type-options': 'nosniff',
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
  };
  return { kind: 'handshake', status, headers, body };
}
