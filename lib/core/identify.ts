import type { Delivery } from './delivery.ts';
import { type Document, eventDocuments, readDocument } from './document.ts';
import type { Digest, Event, Payload, Subject } from './event.ts';
import { acceptsType, matchesType } from './event-filter.ts';
import { identityOf } from './event-identity.ts';
import { asAttribute, digestOf, eventKey, isAttribute } from './fingerprint.ts';
import { holeReader } from './hole-reader.ts';
import { parsePath, removeAt, replaceAt } from './json-span.ts';
import type { Provider } from './provider.ts';
import type { DeadReason } from './report.ts';
import { sha256, tokenPaths } from './scheme.ts';
import type { Source } from './source.ts';
import type { Identity } from './step.ts';
import type { Steps } from './steps/load-steps.ts';
import { fill, type ReadHole } from './template.ts';
import { contradiction } from './type-contradiction.ts';

/** Why a delivery, or one event of it, is a dead letter. The explanation quotes nothing of the body. */
interface Dead {
  readonly reason: DeadReason;
  readonly explanation: string;
}

export type EventReading =
  | {
      readonly kind: 'events';
      readonly events: readonly Event[];
      /** Events of the batch that never will be readable; they touch no other. */
      readonly unreadable: readonly (Dead & { readonly index: number })[];
      /** How many there were that the source does not want. */
      readonly unwanted: number;
    }
  | ({ readonly kind: 'unreadable' } & Dead);

type PartReading =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'unwanted' }
  | ({ readonly kind: 'dead' } & Dead);

/** One event's part of a delivery: all of it, or an item of its batch. */
interface Part {
  readonly document: Document;
  /** What a signature would cover; of an item nothing that would be the same in another batch. */
  readonly signed: Buffer | undefined;
  /** What an event without an id of its own is known by. */
  readonly ownId: string;
}

/**
 * The events of a delivery, each with its key, type, subject, version and fingerprint. Never throws because of what was sent.
 * @example readEvents(source, delivery, {}) // { kind: 'events', events: [{ key: '72d3162e-…', type: 'issues.opened', … }], unreadable: [], unwanted: 0 }
 */
export function readEvents(source: Source, delivery: Delivery, steps: Steps): EventReading {
  const { document: place, split } = source.provider;
  const document = readDocument(delivery, { place, steps });
  if (document.kind === 'unreadable') return { ...document, reason: 'unreadable' };
  const documents = eventDocuments(document, split);
  if ('kind' in documents) return { ...documents, reason: 'unreadable' };
  const readings = documents.map((each, index) => {
    const part: Part =
      each.kind === 'json' && each !== document
        ? { document: each, signed: undefined, ownId: `${delivery.id}/${index}` }
        : { document: each, signed: delivery.body, ownId: delivery.id };
    return readPart(source, delivery, part, steps);
  });
  return {
    kind: 'events',
    events: readings.flatMap((reading) => (reading.kind === 'event' ? [reading.event] : [])),
    unreadable: readings.flatMap((reading, index) =>
      reading.kind === 'dead' ? [{ index, reason: reading.reason, explanation: reading.explanation }] : [],
    ),
    unwanted: readings.filter((reading) => reading.kind === 'unwanted').length,
  };
}

function readPart(source: Source, delivery: Delivery, part: Part, steps: Steps): PartReading {
  const { document } = part;
  if (document.kind === 'bytes' && namesPaths(source))
    return dead(
      'unreadable',
      'its source names paths of JSON and of forms, and by its content type it is neither',
    );
  const secrets = [...tokenPaths(source.provider.scheme), ...(steps.scheme?.secretPaths ?? [])];
  const content = lastingContent(document, [...secrets, ...(source.provider.volatile ?? [])]);
  const read = holeReader({ ...delivery, document: () => document, digest: () => sha256(content) });
  const identification = identityOf(source.provider, read, steps);
  if (identification.kind === 'unidentified') return dead('unidentified', identification.explanation);
  const { identity } = identification;
  if (!isAttribute(identity.type))
    return dead('unidentified', 'its type is too long or holds control characters');
  const contradicted = contradiction(source.provider, document, read);
  if (contradicted !== undefined) return dead('contradicted-type', contradicted);
  if (!acceptsType(source, identity.type)) return { kind: 'unwanted' };
  const mark = contentMark(source.provider, part, { ...identity, content, read });
  const event: Event = {
    source: source.name,
    ...named({ id: part.ownId, ...identity }),
    ...reconciled(source, identity),
    payload: payloadOf(document, [...secrets, ...source.redact]),
    fingerprint: digestOf([identity.type, identity.subject, identity.time?.toString(), content]),
    ...(mark === undefined ? {} : { content: mark }),
    delivery: delivery.id,
    origin: delivery.origin,
    receivedAt: delivery.receivedAt,
  };
  return { kind: 'event', event };
}

/** A content type is not signed: without care, a captured batch would be an event of its own as bytes, and no rule of a type would hold for it. */
function namesPaths({ redact, provider: { split, volatile, typeRequires } }: Source): boolean {
  return redact.length > 0 || [split, volatile, typeRequires].some((paths) => paths !== undefined);
}

function named({
  id,
  type,
  subject,
  version,
  time,
}: Identity & { readonly id: string }): Pick<Event, 'key' | 'id' | 'type' | 'subject' | 'version' | 'time'> {
  return {
    key: eventKey(id),
    id: asAttribute(id),
    type,
    ...(subject === undefined ? {} : { subject: asAttribute(subject) as Subject }),
    ...(version === undefined ? {} : { version }),
    ...(time === undefined ? {} : { time }),
  };
}

/** An event whose payload holds no state is about a resource only where it can be fetched. */
function reconciled(source: Source, { resource }: Identity): Pick<Event, 'subject' | 'resource'> {
  if (source.reconcile === undefined || resource === undefined) return {};
  const { subject, address } = resource;
  return {
    ...(subject === undefined ? {} : { subject: asAttribute(subject) as Subject }),
    resource: address,
  };
}

/** What a replay keeps when it comes under another id; undefined where the id is signed, or what is the same may rightly come twice. */
function contentMark(
  provider: Provider,
  { signed }: Part,
  { id, type, content, read }: Identity & { readonly content: string | Buffer; readonly read: ReadHole },
): Digest | undefined {
  const { idCoverage, repeatableTypes = [], signatureMark } = provider;
  if (idCoverage === 'signed' || id === undefined) return undefined;
  if (repeatableTypes.some((pattern) => matchesType(pattern, type))) return undefined;
  // The items of a batch share its signature, but not their content.
  const marks = signed !== undefined || signatureMark?.includes('{digest}') === true;
  const mark = marks && signatureMark ? fill(signatureMark, read) : undefined;
  return digestOf(mark === undefined ? [type, signed ?? content] : ['signature', mark]);
}

/** What two copies of one event have in common. */
function lastingContent(document: Document, volatile: readonly string[]): string | Buffer {
  if (document.kind === 'bytes') return document.bytes;
  return volatile.length === 0 ? document.text : removeAt(document.text, volatile.map(parsePath));
}

function payloadOf(document: Document, redact: readonly string[]): Payload {
  if (document.kind === 'bytes') return document;
  const text =
    redact.length === 0 ? document.text : replaceAt(document.text, redact.map(parsePath), '"[redacted]"');
  return { kind: 'json', text };
}

function dead(reason: DeadReason, explanation: string): PartReading {
  return { kind: 'dead', reason, explanation };
}
