import type { Condition, ConditionalWrite, RowKey, WriteAnswer } from '../conditional-write.ts';
import type { EpochMs } from '../request.ts';
import type { SubscriberStore } from './store.ts';

/** One worker's hold on a row, until its lease ends. */
export interface Hold {
  readonly key: RowKey;
  readonly token: string;
  readonly now: EpochMs;
  readonly until: EpochMs;
}

export interface HoldOptions {
  /**
   * When this worker is surely at an end, in ms since the epoch: in Lambda `Date.now() + context.getRemainingTimeInMillis()`.
   * Should it die, a copy that comes later takes over from then on.
   * @default - 15 minutes from now, the longest that a Lambda can run
   */
  readonly deadline?: EpochMs;
}

const LONGEST_LAMBDA_MS = 15 * 60_000;

/** Clocks of two workers differ a little. */
const MARGIN_MS = 5_000;

export function holdOn(key: RowKey, store: SubscriberStore, options: HoldOptions): Hold {
  const now = store.now();
  return { key, token: store.token(), now, until: (options.deadline ?? now + LONGEST_LAMBDA_MS) + MARGIN_MS };
}

/** Begun by somebody who is no longer at it: it failed, or its lease ran out. */
export function abandoned(now: EpochMs): Condition {
  return {
    kind: 'all',
    of: [
      { kind: 'equal', name: 'state', value: 'begun' },
      { kind: 'below', name: 'lease', value: now },
    ],
  };
}

/** Is the row ours? A refusal by our own token means that the write was done and its answer got lost. */
export function isOurs(answer: WriteAnswer, hold: Hold): boolean {
  return answer.kind === 'written' || answer.row?.token === hold.token;
}

export function begin(hold: Hold): ConditionalWrite['set'] {
  return { state: 'begun', token: hold.token, lease: hold.until };
}

/**
 * Does the work and notes that it is done.
 *
 * - It throws: the row is given back, so that the next try need not wait for the lease to end.
 * - `overran`: the lease ended first, and another worker has taken over.
 */
export async function work<T>(
  store: SubscriberStore,
  hold: Hold,
  done: string,
  task: () => T | Promise<T>,
): Promise<{ readonly kind: 'done' | 'overran'; readonly result: T }> {
  let result: T;
  try {
    result = await task();
  } catch (error) {
    // Not given back, it is free when the lease ends; what the caller must hear of is the task's own failure.
    await store.write(held(hold, { lease: 0 })).catch(() => undefined);
    throw error;
  }
  const answer = await store.write(held(hold, { state: done }));
  return { kind: answer.kind === 'written' ? 'done' : 'overran', result };
}

function held(hold: Hold, set: ConditionalWrite['set']): ConditionalWrite {
  return { key: hold.key, set, condition: { kind: 'equal', name: 'token', value: hold.token } };
}
