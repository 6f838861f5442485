import { backoffSeconds } from './backoff.ts';
import { deadWrite, releaseWrite } from './claim.ts';
import type { ConditionalWrite } from './conditional-write.ts';
import type { Event } from './event.ts';
import { deferral, type Invocation, type Outcome } from './invocation.ts';
import { parallel } from './parallel.ts';
import { failedAttempts, hasWaitedTooLong } from './postponement.ts';
import type { ReadMessage } from './read-messages.ts';
import type { DeadReason, DeliveryReport } from './report.ts';
import { reportEvent } from './report-event.ts';
import { hasTimeFor } from './time-limits.ts';

/** `done`: it may be deleted from the queue. `wait`: it has to come back after so many seconds. */
export type MessageOutcome =
  | { readonly kind: 'done'; readonly id: string }
  | { readonly kind: 'wait'; readonly id: string; readonly seconds: number };

/** No outcome: the event was not reached before the deadline. */
type Result = readonly [Event, Outcome | undefined];
type Dead = readonly [Event, Outcome & { readonly kind: 'dead' }];

/**
 * Closes a message: while any of its events waits, it comes back, and only then are its dead ones sent away, once and together.
 * One that has waited for too long waits no more: what of it still would is dead.
 */
export async function finishMessage(
  read: ReadMessage,
  outcomes: ReadonlyMap<Event, Outcome>,
  invocation: Invocation,
): Promise<MessageOutcome> {
  const reached = read.events.map((event): Result => [event, outcomes.get(event)]);
  const [message, results] = hasWaitedTooLong(read.queued, invocation.now())
    ? [withoutWait(read), reached.map(endWaiting)]
    : [read, reached];
  const waits = [
    ...(message.wait === undefined ? [] : wait(message, message.wait, invocation)),
    ...results.flatMap(([, outcome]) => wait(message, outcome, invocation)),
  ];
  const dead = results.filter((result): result is Dead => result[1]?.kind === 'dead');
  for (const [event, outcome] of results) {
    if (outcome !== undefined && isTold(outcome)) reportEvent(event, outcome, invocation);
  }
  if (message.wait !== undefined) reportDeferred(message, message.wait.cause, invocation);
  if (waits.length > 0) return await comeBack(message, dead, Math.min(...waits), invocation);
  if (dead.length > 0 || message.dead.length > 0) return await sendAway(message, dead, invocation);
  reportUnwanted(message, invocation);
  return { kind: 'done', id: message.queued.id };
}

/** A publication is told when the topic has confirmed it, a dead letter when its queue has. */
function isTold({ kind }: Outcome): boolean {
  return kind !== 'published' && kind !== 'dead';
}

const TOO_LONG = 'it has waited for a day, so it waits no more';

function withoutWait({ wait: waiting, ...message }: ReadMessage): ReadMessage {
  if (waiting === undefined) return message;
  const explanation = `${TOO_LONG}; last: ${waiting.cause}`;
  return { ...message, dead: [...message.dead, { reason: 'attempts-exhausted', explanation }] };
}

function endWaiting([event, outcome]: Result): Result {
  const ended = (last: string): Result => [
    event,
    { kind: 'dead', reason: 'attempts-exhausted', explanation: `${TOO_LONG}; last: ${last}` },
  ];
  switch (outcome?.kind) {
    case undefined:
      return ended('there was no time left for it');
    case 'busy':
      return ended('another worker held it');
    case 'deferred':
      return ended(outcome.cause);
    case 'published':
    case 'recorded':
    case 'duplicate':
    case 'dead':
      return [event, outcome];
  }
}

/** An event without outcome: at once again. */
function wait(
  { queued }: ReadMessage,
  outcome: Outcome | undefined,
  { now, random }: Invocation,
): readonly number[] {
  switch (outcome?.kind) {
    case undefined:
      return [0];
    case 'busy':
      return [Math.max(1, Math.ceil((outcome.until - now()) / 1000))];
    case 'deferred':
      return [
        Math.max(
          outcome.afterSeconds ?? 0,
          backoffSeconds(outcome.failed ?? failedAttempts(queued, now()), random),
        ),
      ];
    case 'published':
    case 'recorded':
    case 'duplicate':
    case 'dead':
      return [];
  }
}

async function comeBack(
  message: ReadMessage,
  dead: readonly Dead[],
  seconds: number,
  invocation: Invocation,
): Promise<MessageOutcome> {
  await parallel(dead, 10, async ([event, { claim }]) => {
    if (claim === undefined) return;
    await tidy(message, releaseWrite(event, claim, 'none'), invocation);
  });
  return { kind: 'wait', id: message.queued.id, seconds };
}

async function sendAway(
  message: ReadMessage,
  dead: readonly Dead[],
  invocation: Invocation,
): Promise<MessageOutcome> {
  const { queued } = message;
  const { waitingSince: _, ...letter } = queued.message;
  const reasons = new Set<DeadReason>([
    ...message.dead.map((one) => one.reason),
    ...dead.map(([, outcome]) => outcome.reason),
  ]);
  try {
    await invocation.deadLetters.send(letter, [...reasons].join(','));
  } catch (error) {
    reportDeferred(message, deferral(error).cause, invocation);
    const seconds = backoffSeconds(failedAttempts(queued, invocation.now()), invocation.random);
    return await comeBack(message, dead, seconds, invocation);
  }
  for (const { reason, explanation } of message.dead) {
    invocation.report({ ...lineOf(message), outcome: 'dead', reason, explanation });
  }
  for (const [event, outcome] of dead) reportEvent(event, outcome, invocation);
  await parallel(dead, 10, async ([event, { claim, reason }]) => {
    if (claim !== undefined) await tidy(message, deadWrite(event, claim, reason), invocation);
  });
  reportUnwanted(message, invocation);
  return { kind: 'done', id: queued.id };
}

/** What fails here is tidied by the end of the lease too, as is what there is no time for; nothing waits for it. */
async function tidy(message: ReadMessage, write: ConditionalWrite, invocation: Invocation): Promise<void> {
  if (!hasTimeFor('tidy', invocation)) return;
  try {
    await invocation.ledger.write(write);
  } catch (error) {
    reportDeferred(message, deferral(error).cause, invocation);
  }
}

function reportDeferred(message: ReadMessage, explanation: string, invocation: Invocation): void {
  invocation.report({ ...lineOf(message), outcome: 'deferred', reason: 'infrastructure', explanation });
}

/** Once, when the message is done. */
function reportUnwanted(message: ReadMessage, invocation: Invocation): void {
  if (message.unwanted === 0) return;
  invocation.report({ ...lineOf(message), outcome: 'filtered', count: message.unwanted });
}

function lineOf({ delivery }: ReadMessage): Pick<DeliveryReport, 'kind' | 'source' | 'delivery'> {
  return { kind: 'delivery', source: delivery?.source ?? 'unknown', delivery: delivery?.id ?? 'unknown' };
}
