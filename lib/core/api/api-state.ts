import type { Condition, ConditionalWrite, Row } from '../conditional-write.ts';
import type { EpochMs } from '../request.ts';
import { apiRow } from '../row-key.ts';
import type { SourceName } from '../source.ts';

/** What all workers together know of a source's API: one row of the ledger. */
export interface ApiState {
  /** Up to when the rate is used up, in µs: the theoretical arrival time of the generic cell rate algorithm (GCRA, ITU-T I.371). */
  readonly drawn: number;
  /** Nobody asks before: the provider has asked for a pause. 0: it has not. */
  readonly pausedUntil: EpochMs;
  /** With no success in between. */
  readonly failures: number;
  /** After many failures: nobody asks before, and then only one. 0: everybody may. */
  readonly openUntil: EpochMs;
}

const CELLS = ['drawn', 'pausedUntil', 'failures', 'openUntil'] as const satisfies (keyof ApiState)[];

export function readApiState(row: Row | undefined): ApiState {
  const [drawn, pausedUntil, failures, openUntil] = CELLS.map((name) => {
    const cell = row?.[name];
    return typeof cell === 'number' ? cell : 0;
  }) as [number, number, number, number];
  return { drawn, pausedUntil, failures, openUntil };
}

/**
 * Changes some of it, on condition that what it was derived from still is as it was read.
 * @param derivedFrom the cells that decided; a row that was made by an older version may lack some.
 */
export function changeApiState(
  source: SourceName,
  row: Row | undefined,
  { set, derivedFrom }: { readonly set: Row; readonly derivedFrom: readonly (keyof ApiState)[] },
): ConditionalWrite {
  const key = apiRow(source);
  if (row === undefined) return { key, set: { ...readApiState(row), ...set }, condition: { kind: 'no-row' } };
  const asRead = derivedFrom.flatMap((name): readonly Condition[] => {
    const value = row[name];
    return value === undefined ? [] : [{ kind: 'equal', name, value }];
  });
  return { key, set, condition: { kind: 'all', of: [{ kind: 'row' }, ...asRead] } };
}

/** Clocks of workers differ by less. */
export const SKEW_MS = 60_000;

/**
 * Whether a time is still to come. One that is further away than anybody can have meant was written by a clock that is wrong, and must
 * not stop everybody for as long as that is ahead.
 */
export function isToCome(until: EpochMs, now: EpochMs, longestMs: number): boolean {
  return until > now && until <= now + longestMs + SKEW_MS;
}
