import type { Event } from './event.ts';
import { finishMessage, type MessageOutcome } from './finish-message.ts';
import type { Invocation, Outcome, QueuedMessage } from './invocation.ts';
import { parallel } from './parallel.ts';
import { processChunk } from './process-chunk.ts';
import { readMessages } from './read-messages.ts';
import type { Report } from './report.ts';
import { reportedResources } from './reported-resources.ts';
import type { EpochMs } from './request.ts';
import { hasTimeFor } from './time-limits.ts';

/** Events worked on at once: claims, commits and publications of one chunk run side by side. */
const CHUNK = 100;

/** What an invocation is given from outside. */
export interface BatchContext extends Omit<Invocation, 'micros' | 'report' | 'confirmed'> {
  /** Takes what is decided, chunk by chunk: were the worker to die, nothing that is out would go unreported but of its last chunk. */
  readonly report: (reports: readonly Report[]) => void;
}

/**
 * Takes a batch of deliveries through claim → order → publish → record, event by event.
 * @returns one outcome a message: `done` messages may be deleted, the others come back after their wait.
 * @throws only on a bug; what AWS fails to do ends as a wait.
 */
export async function processBatch(
  batch: readonly QueuedMessage[],
  context: BatchContext,
): Promise<readonly MessageOutcome[]> {
  let reports: Report[] = [];
  const tell = (): void => {
    if (reports.length > 0) context.report(reports);
    reports = [];
  };
  const report = (one: Report): void => void reports.push(one);
  try {
    const { now } = context;
    const resources = reportedResources(context.resources, { now, report });
    const own = { micros: growingMicros(now), report, resources, confirmed: new Map() };
    return await takeThrough(batch, { ...context, ...own }, tell);
  } finally {
    tell();
  }
}

async function takeThrough(
  batch: readonly QueuedMessage[],
  invocation: Invocation,
  afterChunk: () => void,
): Promise<readonly MessageOutcome[]> {
  const messages = await readMessages(batch, invocation);
  const outcomes = new Map<Event, Outcome>(messages.flatMap((message) => [...message.known]));
  const open = messages.flatMap((message) => message.events.filter((event) => !outcomes.has(event)));
  for (let start = 0; start < open.length; start += CHUNK) {
    // However late the reading ended, something is done at each receive.
    if (start > 0 && !hasTimeFor('chunk', invocation)) break;
    for (const [event, outcome] of await processChunk(open.slice(start, start + CHUNK), invocation)) {
      outcomes.set(event, outcome);
    }
    afterChunk();
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
