import { isPublished } from './claim.ts';
import { decodeDelivery } from './delivery.ts';
import type { Event } from './event.ts';
import { readEvents } from './identify.ts';
import { parallel } from './parallel.ts';
import { deferral, type Invocation, type Outcome, type QueuedMessage } from './process.ts';
import type { DeadReason } from './report.ts';
import { eventRow } from './row-key.ts';

/** A message with what could be read of it. */
export interface ReadMessage {
  readonly queued: QueuedMessage;
  readonly events: readonly Event[];
  /** Events whose outcome is known before any is claimed: an earlier invocation has recorded them. */
  readonly known: ReadonlyMap<Event, Outcome>;
  /** The message, or items of it, that will never be readable. */
  readonly dead: readonly { readonly reason: DeadReason; readonly explanation: string }[];
  /** Set when its body could not be fetched now. */
  readonly wait?: Outcome & { readonly kind: 'deferred' };
}

/** From this many events on, a delivery is taken to be split over invocations, and its rows are read first. */
const LARGE = 100;

/** Decodes and identifies each message; whatever is wrong with one touches no other. */
export function readMessages(
  batch: readonly QueuedMessage[],
  invocation: Invocation,
): Promise<readonly ReadMessage[]> {
  return parallel(batch, 10, async (queued) => {
    try {
      return await readMessage(queued, invocation);
    } catch (error) {
      return { ...unread(queued), wait: deferral(error, queued.receiveCount, invocation) };
    }
  });
}

function unread(queued: QueuedMessage): ReadMessage {
  return { queued, events: [], known: new Map(), dead: [] };
}
