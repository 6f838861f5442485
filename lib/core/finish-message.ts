import { backoffSeconds } from './backoff.ts';
import { deadWrite, releaseWrite } from './claim.ts';
import type { ConditionalWrite } from './conditional-write.ts';
import type { Event } from './event.ts';
import { deferral, type Invocation, type Outcome } from './invocation.ts';
import { parallel } from './parallel.ts';
import type { ReadMessage } from './read-messages.ts';
import type { EventFate } from './report.ts';

/** `done`: it may be deleted from the queue. `wait`: it has to come back after so many seconds. */
export type MessageOutcome =
  | { readonly kind: 'done'; readonly id: string }
  | { readonly kind: 'wait'; readonly id: string; readonly seconds: number };

type Dead = readonly [Event, Outcome & { readonly kind: 'dead' }];

/**
 * Closes a message: while any of its events waits, it comes back, and only then are its dead ones sent away, once and together.
 */
export async function finishMessage(
  message: ReadMessage,
  outcomes: ReadonlyMap<Event, Outcome>,
  invocation: Invocation,
): Promise<MessageOutcome> {
  const results = message.events.map((event) => [event, outcomes.get(event)] as const);
  const waits = [
    ...(message.wait === undefined ? [] : wait(message, message.wait, invocation)),
    ...results.flatMap(([, outcome]) => wait(message, outcome, invocation)),
  ];
  const dead = results.filter((result): result is Dead => result[1]?.kind === 'dead');
  for (const [event, outcome] of results) {
    if (outcome !== undefined && outcome.kind !== 'dead') reportEvent(event, outcome, invocation);
  }
  if (message.wait !== undefined)
    reportMessage(message, 'deferred', 'infrastructure', message.wait.cause, invocation);
  if (waits.length > 0) return await comeBack(message, dead, Math.min(...waits), invocation);
  if (dead.length > 0 || message.dead.length > 0) return await sendAway(message, dead, invocation);
  return { kind: 'done', id: message.queued.id };
}

/** An event without outcome was not reached before the deadline: at once again. */
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
      return [backoffSeconds(outcome.failed ?? queued.receiveCount, random)];
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
  const reasons = new Set([
    ...message.dead.map((one) => one.reason),
    ...dead.map(([, outcome]) => outcome.reason),
  ]);
  try {
    await invocation.deadLetters.send(message.queued.message, [...reasons].join(','));
  } catch (error) {
    reportMessage(message, 'deferred', 'infrastructure', deferral(error).cause, invocation);
    const seconds = backoffSeconds(message.queued.receiveCount, invocation.random);
    return await comeBack(message, dead, seconds, invocation);
  }
  for (const one of message.dead) reportMessage(message, 'dead', one.reason, one.explanation, invocation);
  await parallel(dead, 10, async ([event, outcome]) => {
    reportEvent(event, outcome, invocation);
    if (outcome.claim === undefined) return;
    await tidy(message, deadWrite(event, outcome.claim, outcome.reason), invocation);
  });
  return { kind: 'done', id: message.queued.id };
}

/** What fails here is tidied by the end of the lease too; it is reported, and nothing waits for it. */
async function tidy(message: ReadMessage, write: ConditionalWrite, invocation: Invocation): Promise<void> {
  try {
    await invocation.ledger.write(write);
  } catch (error) {
    reportMessage(message, 'deferred', 'infrastructure', deferral(error).cause, invocation);
  }
}

function reportEvent(event: Event, outcome: Outcome, invocation: Invocation): void {
  const fate = fateOf(outcome);
  if (fate === undefined) return;
  invocation.report({
    kind: 'event',
    source: event.source,
    delivery: event.delivery,
    origin: event.origin,
    key: event.key,
    id: event.id,
    type: event.type,
    ...(event.subject === undefined ? {} : { subject: event.subject }),
    latencyMs: invocation.now() - event.receivedAt,
    ...fate,
  });
}

/** What a report tells of an outcome: no claim, no time to come, and nothing twice. */
function fateOf(outcome: Outcome): EventFate | undefined {
  switch (outcome.kind) {
    case 'published': {
      const { standing, repeatOf } = outcome;
      return { outcome: 'published', standing, ...(repeatOf === undefined ? {} : { repeatOf }) };
    }
    case 'recorded':
      return undefined;
    case 'duplicate':
    case 'busy':
      return { outcome: outcome.kind };
    case 'deferred':
      return { outcome: 'deferred', cause: outcome.cause };
    case 'dead':
      return { outcome: 'dead', reason: outcome.reason, explanation: outcome.explanation };
  }
}

function reportMessage(
  message: ReadMessage,
  outcome: 'dead' | 'deferred',
  reason: ReadMessage['dead'][number]['reason'] | 'infrastructure',
  explanation: string,
  invocation: Invocation,
): void {
  invocation.report({
    kind: 'delivery',
    outcome,
    source: message.delivery?.source ?? 'unknown',
    delivery: message.delivery?.id ?? 'unknown',
    reason,
    explanation,
  });
}
