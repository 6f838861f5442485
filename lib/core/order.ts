import type { Condition, ConditionalWrite, Row, WriteAnswer } from './conditional-write.ts';
import type { Event, Sequence, Standing, Subject } from './event.ts';
import type { EpochMs } from './request.ts';
import { subjectRow } from './row-key.ts';

/** An event that is about a resource. */
export type SubjectEvent = Event & { readonly subject: Subject };

/** Either the next conditional update to try, or how the event stands. */
export type OrderStep =
  | { readonly kind: 'commit'; readonly write: ConditionalWrite; readonly sequence: Sequence }
  | { readonly kind: 'settled'; readonly standing: Standing };

export interface OrderClock {
  readonly now: EpochMs;
  /** At least the microseconds of `now`; grows with every call within one worker, so that its own events never tie. */
  readonly micros: number;
  /** How old an event may be and still take a missing row for proof that its subject has no state yet. */
  readonly retentionSeconds: number;
}

/** A subject's row outlives the events that take its absence for proof: their times are the provider's clock, not ours. */
export const CLOCK_MARGIN_SECONDS = 3_600;

/**
 * Order without locks: the first update to try for an event whose payload is its state.
 * It passes when there is no row, or a row of a lower version and a lower sequence; a refusal returns the row, and `nextOrder` decides by it.
 */
export function firstOrder(event: SubjectEvent, clock: OrderClock): OrderStep {
  if (outlivesRows(event, clock) && event.version === undefined) return settled({ verdict: 'unconfirmed' });
  return commit(event, clock, toSequence(clock.micros));
}

/**
 * What the ledger's answer means:
 *
 * | the row | then |
 * |---|---|
 * | was ours | committed: `fresh` with this sequence |
 * | is by us, from our payload | a retry: `fresh` with the row's sequence |
 * | is only ahead by the clock | the same update with the row's sequence + 1 |
 * | has a higher version | `superseded`: a newer state is out or certain to come |
 * | is by us, from a fetch | `unconfirmed`: what we carry is another state |
 * | has an equal version or none, or we have none, or is kept by fetching only | `unconfirmed` |
 * | is not there, and the event is older than rows live | `unconfirmed` |
 */
export function nextOrder(
  event: SubjectEvent,
  clock: OrderClock,
  tried: Sequence,
  answer: WriteAnswer,
): OrderStep {
  if (answer.kind === 'written') return settled({ verdict: verdictOf(event), sequence: tried });
  const row = answer.row;
  if (row === undefined) return settled({ verdict: 'unconfirmed' });
  const stored = sequenceOf(row);
  if (row.by === event.key && row.from === 'payload')
    return settled({ verdict: verdictOf(event), sequence: stored });
  // Ours was fetched: what we carry is another, perhaps older state.
  if (row.by === event.key) return settled({ verdict: 'unconfirmed' });
  const version = row.version;
  if (row.fetchOnly !== undefined || event.version === undefined || typeof version !== 'string') {
    return settled({ verdict: 'unconfirmed' });
  }
  if (version > event.version) return settled({ verdict: 'superseded' });
  if (version === event.version) return settled({ verdict: 'unconfirmed' });
  return commit(event, clock, toSequence(Number(stored) + 1));
}

function commit(event: SubjectEvent, clock: OrderClock, sequence: Sequence): OrderStep {
  const older: readonly Condition[] =
    event.version === undefined
      ? []
      : [
          {
            kind: 'all',
            of: [
              { kind: 'below', name: 'version', value: event.version },
              { kind: 'below', name: 'sequence', value: sequence },
            ],
          },
        ];
  const first: readonly Condition[] = outlivesRows(event, clock) ? [] : [{ kind: 'no-row' }];
  return {
    kind: 'commit',
    sequence,
    write: {
      key: subjectRow(event.source, event.subject),
      set: {
        sequence,
        by: event.key,
        from: 'payload',
        expires: Math.floor(clock.now / 1000) + clock.retentionSeconds + CLOCK_MARGIN_SECONDS,
        ...(event.version === undefined ? {} : { version: event.version }),
        ...(verdictOf(event) === 'gone' ? { gone: 1 } : {}),
      },
      // The tag is another state's.
      remove: ['etag', ...(verdictOf(event) === 'gone' ? [] : ['gone'])],
      condition: { kind: 'any', of: [...first, ...older] },
    },
  };
}

/** Its subject's row may have expired since: that there is none proves nothing. */
function outlivesRows(event: Event, clock: OrderClock): boolean {
  return event.time !== undefined && event.time < clock.now - clock.retentionSeconds * 1000;
}

/** The payload of a deletion is a state too: that the resource is no more. */
function verdictOf(event: SubjectEvent): 'fresh' | 'gone' {
  return event.resource?.says === 'deleted' ? 'gone' : 'fresh';
}

function settled(standing: Standing): OrderStep {
  return { kind: 'settled', standing };
}

/** 16 digits hold microseconds until the year 2286. */
export function toSequence(micros: number): Sequence {
  return String(micros).padStart(16, '0') as Sequence;
}

export function sequenceOf(row: Row): Sequence {
  return toSequence(Number(row.sequence));
}
