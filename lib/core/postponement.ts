import { LONGEST_DELAY_SECONDS } from './backoff.ts';
import type { DeliveryMessage } from './delivery.ts';
import type { MessageOutcome } from './finish-message.ts';
import type { QueuedMessage } from './invocation.ts';
import type { EpochMs } from './request.ts';

/**
 * How a message that has to wait comes back. `hide`: the queue hands the same one out again, which uses up one of its receives.
 * `copy`: this one is sent with a delay and the original is done, which uses up none.
 */
export type Postponement =
  | { readonly kind: 'hide'; readonly seconds: number }
  | { readonly kind: 'copy'; readonly seconds: number; readonly message: DeliveryMessage };

/** Waits up to this many seconds are short. */
const SHORT_SECONDS = 60;

/** From here on even short waits must not use up receives: the queue's own limit is a net for crashes only. */
const MANY_RECEIVES = 20;

/**
 * A copy is a new message to the queue, so neither its receives nor its retention would ever end the waiting. After a day whatever
 * still waits is a dead letter: longer than most outages, and well before anything expires.
 */
const LONGEST_WAIT_MS = 86_400_000;

/**
 * @example postponement({ kind: 'wait', id: 'm', seconds: 300 }, queued, now) // { kind: 'copy', seconds: 300, message: { …, waitingSince: now } }
 */
export function postponement(
  wait: MessageOutcome & { readonly kind: 'wait' },
  queued: QueuedMessage,
  now: EpochMs,
): Postponement {
  const seconds = Math.min(wait.seconds, LONGEST_DELAY_SECONDS);
  const long = wait.seconds > SHORT_SECONDS || queued.receiveCount >= MANY_RECEIVES;
  // One that our dead letters would not take: its receives end by and by, and then the queue itself moves it there.
  if (!long || hasWaitedTooLong(queued, now)) return { kind: 'hide', seconds };
  return { kind: 'copy', seconds, message: { ...queued.message, waitingSince: waitingSince(queued, now) } };
}

/** Whether the waiting has to end, for whatever reason it goes on. */
export function hasWaitedTooLong(queued: QueuedMessage, now: EpochMs): boolean {
  return now - waitingSince(queued, now) >= LONGEST_WAIT_MS;
}

/** How often a message has failed, by its receives; a copy's begin anew, so by the time that it has waited, which doubles as often. */
export function failedAttempts(queued: QueuedMessage, now: EpochMs): number {
  const seconds = (now - waitingSince(queued, now)) / 1000;
  return Math.max(queued.receiveCount, Math.ceil(Math.log2(Math.max(1, seconds))));
}

function waitingSince({ message }: QueuedMessage, now: EpochMs): EpochMs {
  return message.waitingSince ?? now;
}
