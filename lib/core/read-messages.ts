import { decideKnown } from './claim.ts';
import type { Row, RowKey } from './conditional-write.ts';
import { type Delivery, type DeliveryId, decodeDelivery, withStoredBody } from './delivery.ts';
import type { Event } from './event.ts';
import { readEvents } from './identify.ts';
import { deferral, type Invocation, type Outcome, type QueuedMessage } from './invocation.ts';
import { parallel } from './parallel.ts';
import type { DeadReason } from './report.ts';
import { eventRow } from './row-key.ts';
import type { SourceName } from './source.ts';

/** A message with what could be read of it. */
export interface ReadMessage {
  readonly queued: QueuedMessage;
  readonly delivery?: { readonly id: DeliveryId; readonly source: SourceName };
  readonly events: readonly Event[];
  /** Events whose outcome is known before any is claimed: an earlier invocation has recorded them. */
  readonly known: ReadonlyMap<Event, Outcome>;
  /** The message, or items of it, that will never be readable. */
  readonly dead: readonly { readonly reason: DeadReason; readonly explanation: string }[];
  /** How many of its events the source does not want. */
  readonly unwanted: number;
  /** Set when its body or its rows could not be read now. */
  readonly wait?: Outcome & { readonly kind: 'deferred' };
}

/** From this many events on, a delivery may have been split over invocations, and its rows are read first. */
const LARGE = 100;

/** Decodes and identifies each message; whatever is wrong with one touches no other. */
export function readMessages(
  batch: readonly QueuedMessage[],
  invocation: Invocation,
): Promise<readonly ReadMessage[]> {
  return parallel(batch, batch.length, async (queued) => {
    try {
      return await readMessage(queued, invocation);
    } catch (error) {
      return { ...unread(queued), wait: deferral(error) };
    }
  });
}

async function readMessage(queued: QueuedMessage, invocation: Invocation): Promise<ReadMessage> {
  const decoded = decodeDelivery(queued.message);
  switch (decoded.kind) {
    case 'malformed':
      return { ...unread(queued), dead: [{ reason: 'unreadable', explanation: decoded.explanation }] };
    case 'stored': {
      const whole = withStoredBody(decoded, await invocation.objects.get(decoded.key));
      return whole.kind === 'malformed'
        ? { ...unread(queued), dead: [{ reason: 'unreadable', explanation: whole.explanation }] }
        : await identify(queued, whole.delivery, invocation);
    }
    case 'delivery':
      return await identify(queued, decoded.delivery, invocation);
  }
}

async function identify(
  queued: QueuedMessage,
  delivery: Delivery,
  invocation: Invocation,
): Promise<ReadMessage> {
  const known = { ...unread(queued), delivery: { id: delivery.id, source: delivery.source } };
  const entry = invocation.sources.get(delivery.source);
  if (entry === undefined) {
    const explanation = `no source ${delivery.source} is configured any more: deploy it again, then redrive`;
    return { ...known, dead: [{ reason: 'unknown-source', explanation }] };
  }
  const reading = readEvents(entry.source, delivery, entry.steps);
  if (reading.kind === 'unreadable') return { ...known, dead: [reading] };
  return {
    ...known,
    events: reading.events,
    known: await recorded(queued, reading.events, invocation),
    dead: reading.unreadable,
    unwanted: reading.unwanted,
  };
}

/** A delivery that comes back, or a large one, reads its rows once, to skip what is recorded; any other claims first and reads never. */
async function recorded(
  queued: QueuedMessage,
  events: readonly Event[],
  invocation: Invocation,
): Promise<ReadonlyMap<Event, Outcome>> {
  if (events.length === 0 || (queued.receiveCount === 1 && events.length < LARGE)) return new Map();
  const keys = new Set(events.map((event) => eventRow(event.source, event.key)));
  const rows: ReadonlyMap<RowKey, Row> = await invocation.ledger.read([...keys]);
  return new Map(
    events.flatMap((event): readonly (readonly [Event, Outcome])[] => {
      const known = decideKnown(event, rows.get(eventRow(event.source, event.key)), invocation.now());
      return known === undefined ? [] : [[event, known]];
    }),
  );
}

function unread(queued: QueuedMessage): ReadMessage {
  return { queued, events: [], known: new Map(), dead: [], unwanted: 0 };
}
