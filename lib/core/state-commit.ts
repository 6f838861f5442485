import type { Condition, ConditionalWrite, Row, WriteAnswer } from './conditional-write.ts';
import type { Sequence, Standing, Version } from './event.ts';
import type { FetchedEvent, Held } from './held.ts';
import { CLOCK_MARGIN_SECONDS, type OrderClock, sequenceOf, toSequence } from './order.ts';
import { subjectRow } from './row-key.ts';

/** A resource as the provider's API gave it. */
export interface FetchedDocument {
  /** JSON as the provider wrote it. */
  readonly resource: string;
  readonly version?: Version;
  readonly etag?: string;
}

/** A state to be committed on condition that the subject's row is as it was read; then `by` is published with it. */
export interface StateCommit {
  readonly write: ConditionalWrite;
  readonly by: Held<FetchedEvent>;
  /** What else the state answers for: `superseded` as soon as it is out. */
  readonly covers: readonly Held<FetchedEvent>[];
  readonly standing: Extract<Standing, { readonly verdict: 'fresh' | 'gone' }> & {
    readonly sequence: Sequence;
  };
  /** Of the state, where it has one that events' versions are compared with. */
  readonly version?: Version;
  /** JSON as the provider wrote it; a resource that is not there has none. */
  readonly resource?: string;
}

/**
 * The commit of a fetched state for the events that it answers for; none without events. It passes only if the row is as it was read.
 */
export function commitOf(
  settled: readonly Held<FetchedEvent>[],
  row: Row | undefined,
  clock: OrderClock,
  state: { readonly verdict: 'fresh' | 'gone' } & Partial<FetchedDocument>,
): { readonly commit?: StateCommit } {
  const { verdict, version, resource, etag } = state;
  const by = chosen(settled, verdict);
  if (by === undefined) return {};
  const stored = row === undefined ? 0 : Number(sequenceOf(row)) + 1;
  const sequence = toSequence(Math.max(stored, clock.micros));
  const asRead: Condition =
    row === undefined ? { kind: 'no-row' } : { kind: 'equal', name: 'sequence', value: sequenceOf(row) };
  const cells = {
    version,
    etag: verdict === 'gone' ? undefined : etag,
    gone: verdict === 'gone' ? 1 : undefined,
    // Its events' versions cannot be compared with this state: from now on each of them has to be fetched.
    fetchOnly: version === undefined ? 1 : undefined,
  };
  const given = Object.entries(cells).filter(([, value]) => value !== undefined) as [
    string,
    string | number,
  ][];
  return {
    commit: {
      write: {
        key: subjectRow(by.event.source, by.event.subject),
        set: {
          sequence,
          by: by.event.key,
          from: 'fetch',
          expires: Math.floor(clock.now / 1000) + clock.retentionSeconds + CLOCK_MARGIN_SECONDS,
          ...Object.fromEntries(given),
        },
        remove: Object.entries(cells).flatMap(([name, value]) => (value === undefined ? [name] : [])),
        condition: asRead,
      },
      by,
      covers: settled.filter((candidate) => candidate !== by),
      standing: { verdict, sequence },
      ...(version === undefined ? {} : { version }),
      ...(resource === undefined ? {} : { resource }),
    },
  };
}

/** The newest that says the same as the state, else the newest. */
function chosen(
  settled: readonly Held<FetchedEvent>[],
  verdict: 'fresh' | 'gone',
): Held<FetchedEvent> | undefined {
  const says = verdict === 'gone' ? 'deleted' : 'stands';
  return settled.findLast(({ event }) => event.resource.says === says) ?? settled.at(-1);
}

/** Of a refused commit: an answer that got lost on its way, after the work was done. No other worker holds this claim. */
export function isCommitted({ kind, row }: WriteAnswer, { by, standing }: StateCommit): boolean {
  return kind === 'written' || (row?.by === by.event.key && row.sequence === standing.sequence);
}
