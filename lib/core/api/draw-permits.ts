import type { ConditionalWrite, Row } from '../conditional-write.ts';
import type { Rate } from '../provider-api.ts';
import type { EpochMs } from '../request.ts';
import type { SourceName } from '../source.ts';
import { type ApiState, changeApiState, isToCome, readApiState, SKEW_MS } from './api-state.ts';
import { isTripped, LONGEST_OPEN_MS } from './circuit.ts';
import { LONGEST_WAIT_SECONDS } from './wait-asked-for.ts';

/** Leave to ask the provider once. */
export interface Permit {
  /** Not before. At most `AHEAD_MS` from when it was drawn. */
  readonly at: EpochMs;
  /** The one question that shows whether the provider works again; until then it is the only one. */
  readonly probeUntil?: EpochMs;
}

/** Nobody may ask before `until`, and then one every `eachMs`. */
export interface NoPermit {
  readonly kind: 'wait';
  readonly until: EpochMs;
  readonly eachMs: number;
  readonly cause: string;
}

/** Either the write that gives the permits to whoever makes it, or why there are none. */
export type Draw =
  | { readonly kind: 'draw'; readonly write: ConditionalWrite; readonly permits: readonly Permit[] }
  | NoPermit;

/** How long a worker may be made to wait for a permit that it has, in ms. */
const AHEAD_MS = 1_000;

/**
 * A probe that nobody hears of for so long has failed: its worker is dead. Longer than any worker's question takes, so that there is
 * never a second one beside it.
 */
const PROBE_MS = 30_000;

/**
 * Permits for up to so many questions, by what the row said when it was read; at least one, or a reason to wait.
 *
 * Whatever workers do, and however their calls interleave, no more than `burst + perSecond · t` permits fall into any `t` seconds: each
 * draw moves `drawn` by the time that its permits take, and is made only if nobody else has moved it. Permits of a draw whose answer
 * was lost are lost too.
 */
export function drawPermits(
  source: SourceName,
  row: Row | undefined,
  { wanted, rate, now }: { readonly wanted: number; readonly rate: Rate; readonly now: EpochMs },
): Draw {
  const state = readApiState(row);
  const closed = whyClosed(state, now);
  if (closed !== undefined) return closed;
  const tripped = isTripped(state);
  const { intervalMicros, capacityMicros } = microsOf(rate);
  const used = usedUp(state, capacityMicros, intervalMicros, now);
  const free = Math.floor((now * 1000 + AHEAD_MS * 1000 + capacityMicros - used) / intervalMicros);
  const count = Math.min(free, tripped ? 1 : wanted);
  const timeOf = (index: number): EpochMs =>
    Math.max(now, (used + (index + 1) * intervalMicros - capacityMicros) / 1000);
  if (count < 1)
    return {
      kind: 'wait',
      until: timeOf(0),
      eachMs: intervalMicros / 1000,
      cause: 'the rate of the source is used up',
    };
  const probe = tripped ? { probeUntil: now + PROBE_MS } : {};
  return {
    kind: 'draw',
    write: changeApiState(source, row, {
      set: { drawn: used + count * intervalMicros, openUntil: probe.probeUntil ?? state.openUntil },
      derivedFrom: ['drawn', 'pausedUntil', 'failures', 'openUntil'],
    }),
    permits: Array.from({ length: count }, (_, index) => ({ at: timeOf(index), ...probe })),
  };
}

/** Why nobody may ask, whatever the rate allows. */
function whyClosed({ pausedUntil, openUntil, failures }: ApiState, now: EpochMs): NoPermit | undefined {
  const wait = { kind: 'wait', eachMs: 0 } as const;
  if (isToCome(pausedUntil, now, LONGEST_WAIT_SECONDS * 1000))
    return { ...wait, until: pausedUntil, cause: 'the provider has asked for a pause' };
  if (isTripped({ failures }) && isToCome(openUntil, now, LONGEST_OPEN_MS))
    return {
      ...wait,
      until: openUntil,
      cause: `the provider failed ${failures} times in a row, so it is left alone for a while`,
    };
  return undefined;
}

/** Whole microseconds: the ledger compares numbers exactly. */
function microsOf({ perSecond, burst }: Rate): {
  readonly intervalMicros: number;
  readonly capacityMicros: number;
} {
  const intervalMicros = Math.ceil(1_000_000 / perSecond);
  return { intervalMicros, capacityMicros: Math.max(1, Math.floor(burst)) * intervalMicros };
}

/** Of a mark that no right clock can have set, one permit is left to set it right. */
function usedUp({ drawn }: ApiState, capacity: number, interval: number, now: EpochMs): number {
  const micros = now * 1000;
  const furthest = micros + capacity + (AHEAD_MS + SKEW_MS) * 1000;
  return drawn > furthest ? micros + capacity - interval : Math.max(drawn, micros);
}
