import { type Claim, type ReleaseReason, releaseWrite } from './claim.ts';
import type { Event, ResourceAddress, Standing, Subject, Version } from './event.ts';
import { type Deferred, deferral, type Invocation, type Outcome } from './invocation.ts';
import type { EpochMs } from './request.ts';

/** An event that is ours until its lease ends. */
export interface Held<E extends Event = Event> {
  readonly event: E;
  readonly claim: Claim;
  /** How often its publication has failed. */
  readonly failedPublications: number;
  /** Since when the provider's API has said something else than the event. */
  readonly contradictedSince?: EpochMs;
  /** Since when it has not been able to say how the resource stands. */
  readonly doubtfulSince?: EpochMs;
  readonly repeatOf?: string;
}

/** An event whose resource can be read from the provider's API. */
export type FetchedEvent = Event & { readonly subject: Subject; readonly resource: ResourceAddress };

/** A held event with its place in the order. */
export interface Ordered extends Held {
  readonly standing: Standing;
  /** Its state was fetched, and is not what it carries. */
  readonly fetched?: FetchedState;
}

interface FetchedState {
  /** When its fetch began: it answers for what happened before. */
  readonly began: EpochMs;
  readonly version?: Version;
  /** JSON as the provider wrote it; what is gone may have none. */
  readonly resource?: string;
}

/** What a step makes of an event. */
export type Step<T> =
  | { readonly kind: 'go'; readonly with: T }
  | { readonly kind: 'end'; readonly event: Event; readonly outcome: Outcome }
  /** No time is left for the step. A claim that was taken ends with its lease. */
  | { readonly kind: 'late' };

/** Notes how events have ended, and gives those that go on. */
export function keep<T>(steps: readonly Step<T>[], outcomes: Map<Event, Outcome>): readonly T[] {
  return steps.flatMap((step) => {
    if (step.kind === 'go') return [step.with];
    if (step.kind === 'end') outcomes.set(step.event, step.outcome);
    return [];
  });
}

/** Ends an event that has to wait: the claim is given back if the ledger will take it; else its lease ends by itself. */
export async function giveBack(
  { event, claim }: Held,
  outcome: Deferred,
  { ledger }: Invocation,
  why: ReleaseReason = 'none',
): Promise<Deferred> {
  try {
    await ledger.write(releaseWrite(event, claim, why));
  } catch (error) {
    return { ...outcome, ...deferral(error) };
  }
  return outcome;
}
