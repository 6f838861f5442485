import type { Claim, ClaimToken } from './claim.ts';
import type { RowKey } from './conditional-write.ts';
import type { ConfirmedState } from './confirmed-state.ts';
import type { DeliveryMessage } from './delivery.ts';
import { InfrastructureError } from './errors.ts';
import type { Standing } from './event.ts';
import type { DeadLetters, EventTopic, Ledger, ObjectStore, ResourceReader } from './ports.ts';
import type { DeadReason, Reporter } from './report.ts';
import type { EpochMs } from './request.ts';
import type { Source, SourceName } from './source.ts';
import type { Steps } from './steps/load-steps.ts';

/** A delivery as received from the queue. */
export interface QueuedMessage {
  readonly id: string;
  readonly message: DeliveryMessage;
  /** How often the queue has handed it out, this time included. */
  readonly receiveCount: number;
}

/**
 * Comes back after a wait that grows with the attempts that `failed`; where they are not counted, with the message's receives. Not
 * before `afterSeconds`, where a time was named.
 */
export interface Deferred {
  readonly kind: 'deferred';
  /** Whom it waits for: AWS, which failed, or the provider, whose API is asked again. */
  readonly on: 'aws' | 'provider';
  readonly cause: string;
  readonly failed?: number;
  readonly afterSeconds?: number;
}

/** What became of one event in this invocation. */
export type Outcome =
  | { readonly kind: 'published'; readonly standing: Standing; readonly repeatOf?: string }
  | { readonly kind: 'recorded' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'busy'; readonly until: EpochMs }
  | Deferred
  | {
      readonly kind: 'dead';
      readonly reason: DeadReason;
      readonly explanation: string;
      readonly claim?: Claim;
    };

export interface ProcessPorts {
  readonly ledger: Ledger;
  readonly topic: EventTopic;
  readonly deadLetters: DeadLetters;
  readonly objects: ObjectStore;
  /** The providers' APIs. */
  readonly resources: ResourceReader;
}

export interface ProcessSettings {
  readonly sources: ReadonlyMap<SourceName, { readonly source: Source; readonly steps: Steps }>;
  /** What the source URI of an event begins with. */
  readonly uri: string;
  /** The bucket's name, for `dataref`. */
  readonly bucket: string;
  /** `fifo`: one batch after the other, so that a group's order stays. */
  readonly topicKind: 'standard' | 'fifo';
  /** How long the ledger's rows live, in seconds. */
  readonly retentionSeconds: number;
}

/** Time and chance come in, so that every race can be played. */
export interface ProcessWorld {
  readonly now: () => EpochMs;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly token: () => ClaimToken;
}

/** All that one invocation works with. */
export interface Invocation extends ProcessPorts, ProcessSettings, ProcessWorld {
  /** When the invocation is ended from outside. */
  readonly deadline: EpochMs;
  readonly report: Reporter;
  /** Microseconds, greater at every call. */
  readonly micros: () => number;
  /** Subjects whose state was fetched in this invocation and is out. */
  readonly confirmed: Map<RowKey, ConfirmedState>;
}

/** An event that AWS did not let us finish; it comes back after a while. */
export function deferral(error: unknown): Deferred {
  if (!(error instanceof InfrastructureError)) throw error;
  return { kind: 'deferred', on: 'aws', cause: error.message };
}
