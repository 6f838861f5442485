import type { Event } from './event.ts';
import { finishMessage, type MessageOutcome } from './finish-message.ts';
import type { Invocation, Outcome, QueuedMessage } from './invocation.ts';
import { parallel } from './parallel.ts';
import { processChunk } from './process-chunk.ts';
import { readMessages } from './read-messages.ts';
import type { EpochMs } from './request.ts';

/** Events worked on at once: claims, commits and publications of one chunk run side by side. */
const CHUNK = 100;

/** No new chunk is begun when less than this is left, in ms. */
const LAST_CHUNK_MS = 10_000;

/**
 * Takes a batch of deliveries through claim → order → publish → record, event by event.
 * @returns one outcome a message: `done` messages may be deleted, the others come back after their wait.
 * @throws only on a bug; what AWS fails to do ends as a wait.
 */
export async function processBatch(
  batch: readonly QueuedMessage[],
  context: Omit<Invocation, 'micros'>,
): Promise<readonly MessageOutcome[]> {
  const invocation: Invocation = { ...context, micros: growingMicros(context.now) };
  const messages = await readMessages(batch, invocation);
  const outcomes = new Map<Event, Outcome>(messages.flatMap((message) => [...message.known]));
  const open = messages.flatMap((message) => message.events.filter((event) => !outcomes.has(event)));
  for (let start = 0; start < open.length; start += CHUNK) {
    if (start > 0 && invocation.now() > invocation.deadline - LAST_CHUNK_MS) break;
    for (const [event, outcome] of await processChunk(open.slice(start, start + CHUNK), invocation)) {
      outcomes.set(event, outcome);
    }
  }
  return parallel(messages, messages.length, (message) => finishMessage(message, outcomes, invocation));
}

function growingMicros(now: () => EpochMs): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor(now() * 1000));
    return last;
  };
}
