import type { Claim } from '../../../lib/core/claim.ts';
import type { ConditionalWrite, Row, RowKey } from '../../../lib/core/conditional-write.ts';
import type { Standing } from '../../../lib/core/event.ts';
import type { OrderClock, OrderStep } from '../../../lib/core/order.ts';

/** What a worker does next: each is one call to AWS. */
export type Stage =
  | 'read'
  | 'claim'
  | 'content'
  | 'order'
  | 'publish'
  | 'record'
  | 'record again'
  | 'release'
  | 'dead-letter'
  | 'bury';

/** A worker with the one copy that it works on. */
export interface Task {
  readonly stage: Stage;
  readonly claim: Claim;
  readonly repeatOf?: string;
  readonly clock?: OrderClock;
  /** The commit that is to be tried. */
  readonly commit?: OrderStep & { readonly kind: 'commit' };
  readonly standing?: Standing;
  /** Why the claim is given back. */
  readonly cause?: 'publication-failed' | 'none';
  /** A collision is dead without a claim. */
  readonly holds: boolean;
}

/** One delivery of an event, on its way through the queue. */
export interface Copy {
  readonly event: number;
  readonly arrives: number;
  /** It was handed out before, so its row is read first. */
  readonly again: boolean;
  readonly place: 'queue' | 'worker' | 'done' | 'dead letters';
  readonly task?: Task;
}

export interface Publication {
  readonly event: number;
  readonly standing: Standing;
  readonly repeatOf?: string;
  /** Which life of the event's row it belongs to: after expiry an event is a new one. */
  readonly epoch: number;
}

/** What the checker knows of an event beside what is stored. */
export interface Account {
  readonly epoch: number;
  /** Copies that promise P3 allows so far: each follows from a crash or an unknown result. */
  readonly allowed: number;
  /** Until when its record says that it is published, in s; undefined when there is none. */
  readonly recordedUntil: number | undefined;
}

export interface Orphan {
  readonly write: ConditionalWrite;
  readonly copy: number;
  readonly stage: Stage;
}

export interface State {
  /** ms since the start. */
  readonly now: number;
  readonly rows: Readonly<Record<RowKey, Row>>;
  readonly copies: readonly Copy[];
  readonly published: readonly Publication[];
  readonly accounts: readonly Account[];
  readonly left: {
    readonly crashes: number;
    readonly faults: number;
    readonly refusals: number;
    readonly redrives: number;
  };
  /** A dead worker's last write, still on its way. */
  readonly orphan?: Orphan;
  /** The promise that is broken. */
  readonly violation?: string;
}

/** Names for who holds a claim, in place of random tokens: a copy's worker, a dead one, a dead one whose write is on its way. */
export const tokenOf = (copy: number): string => `worker of ${copy}`;
export const GONE = 'gone';
export const ORPHAN = 'orphan';
