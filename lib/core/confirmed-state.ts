import type { Version } from './event.ts';
import type { FetchedEvent } from './held.ts';
import type { EpochMs } from './request.ts';

/** A state of a subject that was fetched and is out. */
export interface ConfirmedState {
  /** When its fetch began. */
  readonly began: EpochMs;
  readonly verdict: 'fresh' | 'gone';
  readonly version?: Version;
}

/** Whether an event that was received before the fetch needs none of its own. */
export function isCovered(event: FetchedEvent, state: ConfirmedState | undefined): boolean {
  if (state === undefined || event.receivedAt > state.began) return false;
  if (event.version !== undefined && state.version !== undefined && event.version > state.version)
    return false;
  return event.resource.says === (state.verdict === 'gone' ? 'deleted' : 'stands');
}
