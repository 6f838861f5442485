import type { Condition, Row } from '../conditional-write.ts';
import type { EpochMs } from '../request.ts';
import { type EventAttributes, isState, type StateAttributes } from './headgate-event.ts';
import { abandoned, begin, type Hold, type HoldOptions, holdOn, isOurs, work } from './hold.ts';
import { SEQUENCE } from './read-event.ts';
import { type SubscriberStore, subscriberRow } from './store.ts';

/** What became of one call of `latest`. */
export type Latest<T> =
  | { readonly kind: 'applied'; readonly result: T }
  /** A higher sequence has been applied, or begun and is certain to come: nothing ran. */
  | { readonly kind: 'superseded' }
  /** This very state has been applied: nothing ran. */
  | { readonly kind: 'duplicate' }
  /** A state of the subject is being applied: nothing ran. Give the message back to the queue. */
  | { readonly kind: 'busy'; readonly until: EpochMs }
  /** The event has no sequence: it tells of something that happened, and not how the resource stands now. */
  | { readonly kind: 'not-a-state' }
  /** It was applied past the deadline, and another state has been begun meanwhile: see what is promised. */
  | { readonly kind: 'overran'; readonly result: T };

/**
 * Applies a resource's state only when its sequence is higher than the last one's, by subject.
 *
 *     begun (sequence, lease) ── applied ── only a higher sequence may begin
 *           └ failed, or its lease ended: the same sequence or a higher one may begin, never a lower one
 *
 * What is promised: of a subject one state is applied at a time, and the sequences with which `apply` begins never fall,
 * wherever a process dies. The same state may be applied again: `apply` sets what is, it does not count or append. It must not
 * run past its deadline; where it might (a stopped container, an own server), it compares `state.sequence` with the one it
 * stored, in the same write, and then not even that takes the resource back in time.
 *
 * A state that was begun is waited for: a lower one is `superseded` even if `apply` failed. So a message whose `apply` threw has
 * to go back to its queue, and from the dead letters be redriven.
 *
 * @returns a closed outcome; what `apply` throws is thrown.
 * @throws {InfrastructureError} when the store did not confirm: give the message back to the queue.
 * @example
 * const outcome = await latest(store, event, async (state) =>
 *   state.verdict === 'gone'
 *     ? issues.delete(state.subject)
 *     : issues.put(state.subject, state.data.resource ?? state.data.payload),
 * );
 */
export async function latest<E extends EventAttributes, T>(
  store: SubscriberStore,
  event: E,
  apply: (state: E & StateAttributes) => T | Promise<T>,
  options: HoldOptions = {},
): Promise<Latest<T>> {
  if (!isState(event)) return { kind: 'not-a-state' };
  if (!SEQUENCE.test(event.sequence))
    throw new TypeError(`a sequence has 16 digits, not "${event.sequence}"`);
  const hold = holdOn(subscriberRow('latest', store, event.source, event.subject), store, options);
  // No `expires`: without its row, an old state that comes late would be taken for a new one.
  const answer = await store.write({
    key: hold.key,
    set: { ...begin(hold), sequence: event.sequence },
    condition: {
      kind: 'any',
      of: [{ kind: 'no-row' }, higher(event.sequence, hold), again(event.sequence, hold)],
    },
  });
  if (!isOurs(answer, hold)) return refusal(event.sequence, answer.row ?? {}, hold);
  const { kind, result } = await work(store, hold, 'applied', () => apply(event));
  return { kind: kind === 'done' ? 'applied' : 'overran', result };
}

/** An older state that is not being applied any more gives way. */
function higher(sequence: string, { now }: Hold): Condition {
  const idle: Condition = {
    kind: 'any',
    of: [{ kind: 'equal', name: 'state', value: 'applied' }, abandoned(now)],
  };
  return { kind: 'all', of: [{ kind: 'below', name: 'sequence', value: sequence }, idle] };
}

/** The same state, begun and not brought to its end. */
function again(sequence: string, { now }: Hold): Condition {
  return { kind: 'all', of: [{ kind: 'equal', name: 'sequence', value: sequence }, abandoned(now)] };
}

function refusal(sequence: string, row: Row, hold: Hold): Latest<never> {
  const stored = String(row.sequence ?? '');
  if (stored > sequence) return { kind: 'superseded' };
  if (stored === sequence && row.state === 'applied') return { kind: 'duplicate' };
  return { kind: 'busy', until: Number(row.lease ?? hold.until) };
}
