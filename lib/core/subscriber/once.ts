import type { EpochMs } from '../request.ts';
import type { EventAttributes } from './headgate-event.ts';
import { abandoned, begin, type HoldOptions, holdOn, isOurs, work } from './hold.ts';
import { type SubscriberStore, subscriberRow } from './store.ts';

/** What became of one call of `once`. */
export type Once<T> =
  | { readonly kind: 'handled'; readonly result: T }
  /** It was handled before: nothing ran. */
  | { readonly kind: 'duplicate' }
  /** Another copy is being handled: nothing ran. Give the message back to the queue, should that one fail. */
  | { readonly kind: 'busy'; readonly until: EpochMs }
  /** It was handled past the deadline, and another copy has been begun meanwhile: it may have been handled twice. */
  | { readonly kind: 'overran'; readonly result: T };

/**
 * Handles an event once, whatever its verdict and however many copies of it come; an event with `repeatof` is a copy of the one
 * it names.
 *
 * What is promised: of all copies, at whatever time and in whatever process they come, one is handled to its end. `handle` is
 * called a second time only if it threw, if its process died before its end was noted, or if it ran past its deadline. So what
 * it does at other systems should be repeatable, best with the event's id as their idempotency key.
 *
 * @returns a closed outcome; what `handle` throws is thrown, and the next copy is handled at once.
 * @throws {InfrastructureError} when the store did not confirm: give the message back to the queue.
 * @example
 * const outcome = await once(store, event, async ({ data }) => sendMail(data.payload));
 * if (outcome.kind === 'busy') failures.push({ itemIdentifier: record.messageId });
 */
export async function once<E extends EventAttributes, T>(
  store: SubscriberStore,
  event: E,
  handle: (event: E) => T | Promise<T>,
  options: HoldOptions = {},
): Promise<Once<T>> {
  const hold = holdOn(subscriberRow('once', store, event.source, event.repeatof ?? event.id), store, options);
  const answer = await store.write({
    key: hold.key,
    // DynamoDB's TTL counts whole seconds.
    set: { ...begin(hold), expires: Math.ceil(hold.now / 1000) + store.retentionSeconds },
    condition: { kind: 'any', of: [{ kind: 'no-row' }, abandoned(hold.now)] },
  });
  if (isOurs(answer, hold)) {
    const { kind, result } = await work(store, hold, 'handled', () => handle(event));
    return { kind: kind === 'done' ? 'handled' : 'overran', result };
  }
  if (answer.row?.state === 'handled') return { kind: 'duplicate' };
  return { kind: 'busy', until: Number(answer.row?.lease ?? hold.until) };
}
