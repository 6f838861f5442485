import type { ConditionalWrite, Row } from '../conditional-write.ts';
import type { EpochMs } from '../request.ts';
import type { SourceName } from '../source.ts';
import type { Signs } from './api-answer.ts';
import { type ApiState, changeApiState, readApiState } from './api-state.ts';
import { afterFailure, CLOSED, isTripped } from './circuit.ts';
import type { Permit } from './draw-permits.ts';
import { type KindRead, kindCells } from './kind-read.ts';

/** What is known after a question was asked. */
export interface Noted extends Signs {
  readonly permit: Permit;
  /** The kind of a resource that was read. */
  readonly read?: KindRead;
}

/**
 * The write that tells all workers what an answer says of the provider; undefined when it says nothing new, as most do.
 *
 * | the circuit | success | failure |
 * |---|---|---|
 * | closed | no failures in a row any more | one more in a row; the fifth opens it |
 * | open, or a probe is under way | — | — : asked before it opened, or not in time |
 * | the probe itself | closes it | opens it again, for twice as long |
 */
export function noteSigns(
  source: SourceName,
  row: Row | undefined,
  noted: Noted,
  now: EpochMs,
): ConditionalWrite | undefined {
  // Whoever draws next makes it anew.
  if (row === undefined) return undefined;
  const state = readApiState(row);
  const { waitSeconds = 0, read } = noted;
  const next = {
    ...circuitAfter(state, noted, now),
    pausedUntil: Math.max(state.pausedUntil, waitSeconds === 0 ? 0 : now + waitSeconds * 1000),
  };
  const changed = STATE_CELLS.filter((name) => next[name] !== state[name]);
  const kinds = read === undefined ? {} : kindCells(row, read);
  if (changed.length === 0 && Object.keys(kinds).length === 0) return undefined;
  return changeApiState(source, row, {
    set: { ...kinds, ...(changed.length === 0 ? {} : next) },
    derivedFrom: changed.length === 0 ? [] : STATE_CELLS,
  });
}

/** Draws of others are no reason to note anything else. */
const STATE_CELLS = ['pausedUntil', 'failures', 'openUntil'] as const;

function circuitAfter(
  state: ApiState,
  { permit, health }: Noted,
  now: EpochMs,
): Pick<ApiState, 'failures' | 'openUntil'> {
  const isProbe = permit.probeUntil !== undefined && permit.probeUntil === state.openUntil;
  const { failures, openUntil } = state;
  if (health === 'untold' || (isTripped(state) && !isProbe)) return { failures, openUntil };
  return health === 'up' ? CLOSED : afterFailure(state, now);
}
