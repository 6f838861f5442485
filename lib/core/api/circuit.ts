import type { EpochMs } from '../request.ts';
import type { ApiState } from './api-state.ts';

/** So many failures in a row open the circuit. */
const TRIPS_AT = 5;

/** How long the circuit is open, in ms: doubled with every probe that fails. */
const FIRST_OPEN_MS = 30_000;
export const LONGEST_OPEN_MS = 300_000;

/** Open, or half open once `openUntil` is over. */
export function isTripped({ failures }: Pick<ApiState, 'failures'>): boolean {
  return failures >= TRIPS_AT;
}

type Circuit = Pick<ApiState, 'failures' | 'openUntil'>;

/** @example afterFailure({ failures: 4, openUntil: 0 }, now) // { failures: 5, openUntil: now + 30_000 } */
export function afterFailure({ failures }: Circuit, now: EpochMs): Circuit {
  const more = failures + 1;
  if (more < TRIPS_AT) return { failures: more, openUntil: 0 };
  const openMs = Math.min(LONGEST_OPEN_MS, FIRST_OPEN_MS * 2 ** Math.min(more - TRIPS_AT, 10));
  return { failures: more, openUntil: now + openMs };
}

export const CLOSED: Circuit = { failures: 0, openUntil: 0 };
