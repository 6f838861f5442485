import { acknowledge } from './acknowledge.ts';
import { type Delivery, type DeliveryId, type EncodedDelivery, encodeDelivery, spill } from './delivery.ts';
import { wanted } from './event-filter.ts';
import {
  type Confirmation,
  isSigned,
  isSignedForAnyone,
  signedHandshake,
  unsignedHandshake,
} from './handshake.ts';
import type { HandshakeAnswer } from './handshake-reply.ts';
import { type IngestOutcome, type Unavailable, unavailable } from './ingest-outcome.ts';
import { deliveryHeaders, type Inlet } from './inlet.ts';
import { type Installed, installSecret } from './install-secret.ts';
import { damage } from './mangled-body.ts';
import type {
  Certificates,
  Confirmations,
  DeliveryQueue,
  ObjectStore,
  SecretInstaller,
  Secrets,
} from './ports.ts';
import type { Scheme } from './provider.ts';
import { withoutParameters } from './query-parameter.ts';
import { type Rejection, rejected } from './rejection.ts';
import { header, mediaKind, type Request } from './request.ts';
import { LAMBDA_PAYLOAD_LIMIT } from './resources.ts';
import { secretParameters, type Verification, type Verified, verify } from './scheme.ts';
import type { SourceSecrets } from './secret.ts';
import type { HttpAnswer } from './step.ts';
import { type Piece, parseTemplate } from './template.ts';
import { contradictsType } from './type-contradiction.ts';
import { utf8Text } from './utf8-text.ts';
import { withSecrets } from './with-secrets.ts';

/** The largest body that is looked at, in bytes: what Lambda takes of a request. */
export const BODY_LIMIT: number = LAMBDA_PAYLOAD_LIMIT;

/** The largest sum of path, query and headers, in characters. A gateway takes less; this keeps the metadata within a message. */
const HEAD_LIMIT = 65_536;

export interface IntakePorts {
  readonly secrets: Secrets;
  readonly installer: SecretInstaller;
  readonly queue: DeliveryQueue;
  readonly objects: ObjectStore;
  readonly certificates: Certificates;
  readonly confirmations: Confirmations;
}

/** One request and all that decides about it. */
export interface Call {
  readonly inlet: Inlet;
  readonly request: Request;
  readonly id: DeliveryId;
  /** What providers call, without a slash at the end. */
  readonly publicUrl: string;
  readonly ports: IntakePorts;
}

/**
 * Takes a request in: size → unsigned handshake → signature → signed handshake → contradiction → filter → queue → acknowledgement.
 * Nothing is acknowledged before the queue, or in its place the bucket, has confirmed.
 * @throws only on a bug.
 * @example answerTo(await ingest({ inlet, request, id, publicUrl, ports })) // { status: 200, headers: {}, body: '' }
 */
export async function ingest(call: Call): Promise<IngestOutcome> {
  const { source } = call.inlet;
  const { request } = call;
  const oversize = refuseOversize(request, source.provider.delivery.maxBytes);
  if (oversize !== undefined) return oversize;
  const unsigned = await shakeHands(call, (secrets) => unsignedHandshake(source, request, secrets));
  if (unsigned !== undefined) return outcomeOf(unsigned);
  const signedMethods = source.provider.handshakes?.filter(({ guard }) => isSigned(guard)) ?? [];
  if (request.method !== 'POST' && !signedMethods.some(({ method }) => method === request.method)) {
    return methodNotAllowed(request);
  }
  const verification = await prove(call);
  return verification.kind === 'verified' ? accept(call, verification.verified) : verification;
}

async function accept(call: Call, verified: Verified): Promise<IngestOutcome> {
  const { source, steps } = call.inlet;
  const signed = await shakeHands(call, (secrets) => signedHandshake(source, verified, secrets, steps));
  if (signed !== undefined) return outcomeOf(signed);
  if (verified.request.method !== 'POST') return methodNotAllowed(verified.request);
  if (isSignedForAnyone(source, verified.request))
    return rejected('wrong-signature', 'a text that is signed for whoever asks for it in a set-up request');
  const contradiction = contradictsType(source, verified);
  if (contradiction !== undefined) return contradiction;
  const wish = wanted(source, verified, steps);
  if (wish.kind === 'unwanted') {
    return {
      kind: 'filtered',
      type: wish.type,
      ...droppedOf(verified),
      answer: acknowledge(source, verified, steps),
    };
  }
  const delivery = toDelivery(call, verified);
  const encoded = encodeDelivery(delivery);
  // As it came: without some of its items a body is shorter than it was said to be.
  if (isMangled(call.request, encoded, source.provider.scheme)) return mangled();
  const kept = await keep(delivery, encoded, call.ports);
  if (kept.kind === 'unavailable') return kept;
  return {
    ...kept,
    secret: verified.age,
    ...droppedOf(verified),
    answer: acknowledge(source, verified, steps),
  };
}

function droppedOf({ dropped }: Verified): { readonly dropped?: number } {
  return dropped === 0 ? {} : { dropped };
}

function refuseOversize(
  { body, path, query, headers }: Request,
  maxBytes = BODY_LIMIT,
): Rejection | undefined {
  const most = Math.min(BODY_LIMIT, maxBytes);
  if (body.length > most) {
    return rejected('too-large', `a body of ${body.length} bytes; ${most} are taken`);
  }
  let head = path.length + query.length;
  for (const name of Object.keys(headers)) head += name.length + (headers[name]?.length ?? 0);
  if (head <= HEAD_LIMIT) return undefined;
  return rejected('too-large', `path, query and headers of ${head} characters; ${HEAD_LIMIT} are taken`);
}

function methodNotAllowed({ method }: Request): Rejection {
  return rejected('method-not-allowed', `${method}, and no handshake that the provider makes with it`);
}

type Handshaken = HandshakeAnswer | Installed | Rejection | Unavailable;

function outcomeOf(handshaken: Handshaken): IngestOutcome {
  if (handshaken.kind === 'handshake') return { kind: 'handshake', answer: bare(handshaken) };
  if (handshaken.kind === 'installed') return { kind: 'installed', answer: bare(handshaken.answer) };
  return handshaken;
}

function bare({ status, headers, body }: HttpAnswer): HttpAnswer {
  return { status, headers, body };
}

/** Most set-up requests need no secret, so that none is read for them. */
async function shakeHands(
  { inlet: { source }, ports }: Call,
  ask: (secrets?: SourceSecrets) => ReturnType<typeof unsignedHandshake | typeof signedHandshake>,
): Promise<Handshaken | undefined> {
  const answer = ask();
  if (answer?.kind === 'installation') return installSecret(source, ports, answer);
  if (answer?.kind === 'confirmation') return confirm(answer, ports.confirmations);
  if (answer?.kind !== 'secrets-needed') return answer;
  const last = await withSecrets(source, ports.secrets, ask);
  if (last?.kind === 'secrets-needed' || last?.kind === 'installation' || last?.kind === 'confirmation')
    throw new TypeError('a handshake asked for secrets that it was given');
  return last;
}

/** Whatever fails: the provider has to ask again. */
async function confirm(
  { url, answer }: Confirmation,
  confirmations: Confirmations,
): Promise<HandshakeAnswer | Unavailable> {
  try {
    await confirmations.confirm(url);
    return answer;
  } catch (error) {
    return unavailable(error);
  }
}

/** Where bytes were exchanged on their way to us, that is the likelier reason. */
async function prove(call: Call): Promise<Verification | Unavailable> {
  const answer = await withSecrets(call.inlet.source, call.ports.secrets, (secrets) =>
    verifyWith(secrets, call),
  );
  const wrong = answer.kind === 'rejected' && answer.reason === 'wrong-signature';
  return wrong && damage(call.request) !== 'none' ? mangled() : answer;
}

function verifyWith(
  secrets: SourceSecrets,
  { inlet, request, publicUrl, ports: { certificates } }: Call,
): Promise<Verification> {
  const { provider, toleranceSeconds } = inlet.source;
  return verify({
    request,
    url: publicUrl + request.path + (request.query === '' ? '' : `?${request.query}`),
    scheme: provider.scheme,
    secrets,
    ...(toleranceSeconds === undefined ? {} : { toleranceSeconds }),
    steps: inlet.steps,
    certificates,
  });
}

/**
 * No signature makes JSON of what is not UTF-8; a body that went out as text is known to be. One over the very bytes proves that none of
 * them was exchanged, whatever their length was said to be.
 */
function isMangled(request: Request, encoded: EncodedDelivery, scheme: Scheme): boolean {
  if (mediaKind(header(request.headers, 'content-type')) !== 'json') return false;
  const signsBytes =
    scheme.kind === 'signature' && parseTemplate(scheme.signed).some((piece) => isBody(piece));
  if (!signsBytes && damage(request) === 'certain') return true;
  const known = encoded.kind === 'message' && encoded.encoding !== 'base64';
  return !known && utf8Text(request.body) === undefined;
}

function isBody(piece: Piece): boolean {
  return piece.kind === 'hole' && piece.from === 'body';
}

function mangled(): Rejection {
  return rejected('mangled-body', 'a JSON body that is not valid UTF-8, or was not when it was sent');
}

function toDelivery({ inlet, id }: Call, { request }: Verified): Delivery {
  const headers = deliveryHeaders(inlet, request.headers);
  const { method, path, body, receivedAt } = request;
  const query = withoutParameters(request.query, secretParameters(inlet.source.provider.scheme));
  return { id, source: inlet.source.name, origin: 'webhook', method, path, query, headers, body, receivedAt };
}

type Kept =
  | { readonly kind: 'accepted'; readonly place: 'queue' | 'store' }
  | { readonly kind: 'spilled'; readonly cause: string }
  | Unavailable;

/** On the queue, or in the bucket until the queue works again: some providers never send twice. */
async function keep(
  delivery: Delivery,
  encoded: EncodedDelivery,
  { queue, objects }: IntakePorts,
): Promise<Kept> {
  if (encoded.kind === 'too-large') {
    try {
      await objects.put(encoded.key, delivery.body);
    } catch (error) {
      return unavailable(error);
    }
  }
  try {
    await queue.send(encoded.message);
    return { kind: 'accepted', place: encoded.kind === 'too-large' ? 'store' : 'queue' };
  } catch (error) {
    const { cause } = unavailable(error);
    const { key, bytes } = spill(delivery);
    return objects.put(key, bytes).then(
      () => ({ kind: 'spilled', cause }) as const,
      (second: unknown) => unavailable(second, cause),
    );
  }
}
