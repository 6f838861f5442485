import { LONGEST_DELAY_SECONDS } from './backoff.ts';
import type { MessageOutcome } from './finish-message.ts';

/**
 * How a message that has to wait comes back. `hide`: the queue hands the same one out again, which uses up one of its receives.
 * `copy`: a delayed copy is sent and the original is done, which uses up none.
 */
export type Postponement =
  | { readonly kind: 'hide'; readonly seconds: number }
  | { readonly kind: 'copy'; readonly seconds: number };

/** Waits up to this many seconds are short. */
const SHORT_SECONDS = 60;

/** From here on even short waits must not use up receives: the queue's own limit is a net for crashes only. */
const MANY_RECEIVES = 20;

/**
 * @param receiveCount how often the queue has handed the message out.
 * @example postponement({ kind: 'wait', id: 'm', seconds: 300 }, 1) // { kind: 'copy', seconds: 300 }
 */
export function postponement(
  wait: MessageOutcome & { readonly kind: 'wait' },
  receiveCount: number,
): Postponement {
  const kind = wait.seconds > SHORT_SECONDS || receiveCount >= MANY_RECEIVES ? 'copy' : 'hide';
  return { kind, seconds: Math.min(wait.seconds, LONGEST_DELAY_SECONDS) };
}
