import { acknowledge } from './acknowledge.ts';
import { type Delivery, type DeliveryId, type EncodedDelivery, encodeDelivery, spill } from './delivery.ts';
import { ConfigurationError, InfrastructureError } from './errors.ts';
import { wanted } from './event-filter.ts';
import { signedHandshake, unsignedHandshake } from './handshake.ts';
import type { IngestOutcome, Unavailable } from './ingest-outcome.ts';
import type { Inlet } from './inlet.ts';
import { damage } from './mangled-body.ts';
import type { DeliveryQueue, ObjectStore, Secrets } from './ports.ts';
import { type Rejection, rejected } from './rejection.ts';
import { header, mediaKind, type Request } from './request.ts';
import { type Verification, type Verified, verify } from './scheme.ts';
import type { SourceSecrets } from './secret.ts';
import type { HttpAnswer } from './step.ts';
import { contradictsType } from './type-contradiction.ts';
import { utf8Text } from './utf8-text.ts';

/** The largest body that is looked at, in bytes: what Lambda takes of a request. */
export const BODY_LIMIT = 6_291_556;

/** The largest sum of path, query and headers, in characters. A gateway takes less; this keeps the metadata within a message. */
const HEAD_LIMIT = 65_536;

export interface IntakePorts {
  readonly secrets: Secrets;
  readonly queue: DeliveryQueue;
  readonly objects: ObjectStore;
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
  const oversize = refuseOversize(request);
  if (oversize !== undefined) return oversize;
  const unsigned = unsignedHandshake(source, request);
  if (unsigned !== undefined) return handshake(unsigned);
  const signedMethods = source.provider.handshakes?.filter(({ guard }) => guard === 'verified') ?? [];
  if (request.method !== 'POST' && !signedMethods.some(({ method }) => method === request.method)) {
    return methodNotAllowed(request);
  }
  const verification = await prove(call);
  return verification.kind === 'verified' ? accept(call, verification.verified) : verification;
}

async function accept(call: Call, verified: Verified): Promise<IngestOutcome> {
  const { source, steps } = call.inlet;
  const signed = signedHandshake(source, verified);
  if (signed !== undefined) return signed.kind === 'handshake' ? handshake(signed) : signed;
  if (verified.request.method !== 'POST') return methodNotAllowed(verified.request);
  const contradiction = contradictsType(source, verified);
  if (contradiction !== undefined) return contradiction;
  const wish = wanted(source, verified, steps);
  if (wish.kind === 'unwanted') {
    return { kind: 'filtered', type: wish.type, answer: acknowledge(source, verified, steps) };
  }
  const delivery = toDelivery(call, verified);
  const encoded = encodeDelivery(delivery);
  if (isMangled(verified.request, encoded)) return mangled();
  const kept = await keep(delivery, encoded, call.ports);
  if (kept.kind === 'unavailable') return kept;
  return { ...kept, secret: verified.age, answer: acknowledge(source, verified, steps) };
}

function refuseOversize({ body, path, query, headers }: Request): Rejection | undefined {
  if (body.length > BODY_LIMIT) {
    return rejected('too-large', `a body of ${body.length} bytes; ${BODY_LIMIT} are taken`);
  }
  let head = path.length + query.length;
  for (const name of Object.keys(headers)) head += name.length + (headers[name]?.length ?? 0);
  if (head <= HEAD_LIMIT) return undefined;
  return rejected('too-large', `path, query and headers of ${head} characters; ${HEAD_LIMIT} are taken`);
}

function methodNotAllowed({ method }: Request): Rejection {
  return rejected('method-not-allowed', `${method}, and no handshake that the provider makes with it`);
}

function handshake({ status, headers, body }: HttpAnswer): IngestOutcome {
  return { kind: 'handshake', answer: { status, headers, body } };
}

/** Verifies with the secrets at hand, and once more with newer ones when those do not fit. */
async function prove(call: Call): Promise<Verification | Unavailable> {
  const { secrets } = call.ports;
  const { source } = call.inlet;
  try {
    const known = await secrets.read(source);
    const first = await verifyWith(known, call);
    if (first.kind === 'verified' || !(first.reason === 'wrong-signature' || first.reason === 'no-secret'))
      return first;
    const newer = await secrets.refresh(source, known);
    const last = newer === undefined ? first : await verifyWith(newer, call);
    const wrong = last.kind === 'rejected' && last.reason === 'wrong-signature';
    return wrong && damage(call.request) !== 'none' ? mangled() : last;
  } catch (error) {
    return unavailable(error);
  }
}

function verifyWith(secrets: SourceSecrets, { inlet, request, publicUrl }: Call): Promise<Verification> {
  const { provider, toleranceSeconds } = inlet.source;
  return verify({
    request,
    url: publicUrl + request.path + (request.query === '' ? '' : `?${request.query}`),
    scheme: provider.scheme,
    secrets,
    ...(toleranceSeconds === undefined ? {} : { toleranceSeconds }),
    steps: inlet.steps,
  });
}

/** Also a signature that covers no body, or damaged bytes, makes no JSON of them. A body that went out as text is known to be UTF-8. */
function isMangled(request: Request, encoded: EncodedDelivery): boolean {
  if (mediaKind(header(request.headers, 'content-type')) !== 'json') return false;
  if (damage(request) === 'certain') return true;
  const known = encoded.kind === 'message' && encoded.encoding !== 'base64';
  return !known && utf8Text(request.body) === undefined;
}

function mangled(): Rejection {
  return rejected('mangled-body', 'a JSON body that is not valid UTF-8, or was not when it was sent');
}

function toDelivery({ inlet, id }: Call, { request }: Verified): Delivery {
  const kept = inlet.keptHeaders.flatMap((name) => {
    const value = header(request.headers, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const headers = Object.fromEntries(kept);
  const { method, path, query, body, receivedAt } = request;
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

/** What somebody else broke becomes an outcome; a bug stays an exception. */
function unavailable(error: unknown, ...before: readonly string[]): Unavailable {
  if (!(error instanceof InfrastructureError || error instanceof ConfigurationError)) throw error;
  return { kind: 'unavailable', cause: [...before, error.message].join('; then ') };
}
