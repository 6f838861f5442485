import type { Delivery } from './delivery.ts';
import { type Document, eventDocuments, readDocument } from './document.ts';
import type { Event, Payload, Subject } from './event.ts';
import { acceptsType, matchesType } from './event-filter.ts';
import { identityOf } from './event-identity.ts';
import { asAttribute, digestOf, eventKey, isAttribute } from './fingerprint.ts';
import { holeReader } from './hole-reader.ts';
import { parsePath, replaceAt } from './json-span.ts';
import type { DeadReason } from './report.ts';
import { sha256 } from './scheme.ts';
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

type ItemReading =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'unwanted' }
  | ({ readonly kind: 'dead' } & Dead);

/** One event's part of a delivery. `signed` are the bytes that a signature would cover. */
interface Item {
  readonly document: Document;
  readonly signed: Buffer;
}

/**
 * The events of a delivery, each with its key, type, subject, version and fingerprint. Never throws because of what was sent.
 * @example readEvents(source, delivery, {}) // { kind: 'events', events: [{ key: '72d3162e-…', type: 'issues.opened', … }], unreadable: [], unwanted: 0 }
 */
export function readEvents(source: Source, delivery: Delivery, steps: Steps): EventReading {
  const { formDocument, split } = source.provider;
  const document = readDocument(delivery, { formDocument });
  if (document.kind === 'unreadable') return { ...document, reason: 'unreadable' };
  const readings = eventDocuments(document, split).map((each): ItemReading => {
    const signed = each.kind === 'json' && each !== document ? Buffer.from(each.text) : delivery.body;
    return readItem(source, delivery, { document: each, signed }, steps);
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

function readItem(source: Source, delivery: Delivery, item: Item, steps: Steps): ItemReading {
  const { document } = item;
  const content = lastingContent(document, source.provider.volatile ?? []);
  const read = holeReader({ ...delivery, document: () => document, digest: () => sha256(content) });
  const identification = identityOf(source.provider, read, steps);
  if (identification.kind === 'unidentified') return dead('unidentified', identification.explanation);
  const { identity } = identification;
  if (!isAttribute(identity.type))
    return dead('unidentified', 'its type is too long or holds control characters');
  const contradicted = contradiction(source.provider, document, read);
  if (contradicted !== undefined) return dead('contradicted-type', contradicted);
  if (!acceptsType(source, identity.type)) return { kind: 'unwanted' };
  return { kind: 'event', event: toEvent(source, delivery, item, identity, content, read) };
}

function toEvent(
  source: Source,
  delivery: Delivery,
  item: Item,
  identity: Identity,
  content: string | Buffer,
  read: ReadHole,
): Event {
  const { type, time, version } = identity;
  const subject = identity.subject === undefined ? undefined : (asAttribute(identity.subject) as Subject);
  const repeat = source.provider.idCoverage === 'unsigned' && !isRepeatable(source, type);
  const webhookId = source.provider.webhookId && fill(source.provider.webhookId, read);
  return {
    source: source.name,
    key: eventKey(identity.id),
    id: asAttribute(identity.id),
    type,
    ...(subject === undefined ? {} : { subject }),
    ...(version === undefined ? {} : { version }),
    ...(time === undefined ? {} : { time }),
    payload: payloadOf(item.document, source.redact),
    fingerprint: digestOf([type, subject, time?.toString(), content]),
    ...(repeat ? { content: digestOf([type, webhookId, item.signed]) } : {}),
    delivery: delivery.id,
    origin: delivery.origin,
    receivedAt: delivery.receivedAt,
  };
}

/** What two copies of one event have in common. */
function lastingContent(document: Document, volatile: readonly string[]): string | Buffer {
  if (document.kind === 'bytes') return document.bytes;
  return volatile.length === 0 ? document.text : replaceAt(document.text, volatile.map(parsePath), 'null');
}

function payloadOf(document: Document, redact: readonly string[]): Payload {
  if (document.kind === 'bytes') return document;
  const text =
    redact.length === 0 ? document.text : replaceAt(document.text, redact.map(parsePath), '"[redacted]"');
  return { kind: 'json', text };
}

function isRepeatable(source: Source, type: string): boolean {
  return source.provider.repeatableTypes?.some((pattern) => matchesType(pattern, type)) ?? false;
}

function dead(reason: DeadReason, explanation: string): ItemReading {
  return { kind: 'dead', reason, explanation };
}
