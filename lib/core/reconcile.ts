import type { Row } from './conditional-write.ts';
import type { Event, EventKey, Version } from './event.ts';
import type { FetchedEvent, Held } from './held.ts';
import { type OrderClock, sequenceOf } from './order.ts';
import type { FetchAnswer } from './ports.ts';
import { readResource } from './read-resource.ts';
import type { EpochMs } from './request.ts';
import { commitOf, type FetchedDocument, type StateCommit } from './state-commit.ts';

/** One of the events of a subject that one fetch answers for. */
type Candidate = Held<FetchedEvent>;

/**
 * A contradiction between an event and the API (a resource that is not there though the event tells of it, or that is there though it
 * was deleted) may be a replica that lags behind: it is believed when a second look, so many ms later, agrees.
 */
export const SECOND_LOOK_MS = 30_000;

/** What is known of a subject before the provider is asked. */
export interface Known {
  /** Its row, by a consistent read. */
  readonly row: Row | undefined;
  /** Whether the state that the row speaks of is out: it was published, and its event says so. */
  readonly published: boolean;
}

/** The key of the event whose own row says whether the subject's state is out; undefined when nobody needs to know. */
export function winnerOf(row: Row | undefined, events: readonly Event[]): EventKey | undefined {
  if (row === undefined) return undefined;
  const matters =
    row.etag !== undefined || row.gone !== undefined || events.some((event) => isOlder(event, row));
  return matters ? (String(row.by) as EventKey) : undefined;
}

export interface Question {
  /** Covered by a newer state that is out: they need no fetch. */
  readonly superseded: readonly Candidate[];
  readonly open: readonly Candidate[];
  /** Sent along, so that an unchanged resource is not sent again: only where its last state is out. */
  readonly etag?: string;
}

/** What has to be asked. A committed state that is not out covers nothing: its worker may be dead. */
export function question(candidates: readonly Candidate[], { row, published }: Known): Question {
  const covered = (candidate: Candidate): boolean =>
    row !== undefined && published && isOlder(candidate.event, row);
  return {
    superseded: candidates.filter(covered),
    open: candidates.filter((candidate) => !covered(candidate)),
    ...(published && typeof row?.etag === 'string' ? { etag: row.etag } : {}),
  };
}

/** Why an event has to wait. */
export type Doubt =
  /** The API says otherwise, for the first time or not for long enough. */
  | { readonly kind: 'contradicted'; readonly cause: string; readonly since: EpochMs }
  /** The API is behind what is known. */
  | { readonly kind: 'stale'; readonly cause: string }
  | { readonly kind: 'unknown'; readonly cause: string; readonly afterSeconds?: number };

export interface Answered {
  readonly commit?: StateCommit;
  readonly superseded: readonly Candidate[];
  readonly waiting: readonly { readonly candidate: Candidate; readonly doubt: Doubt }[];
}

/**
 * What a fetch that began after the row was read comes to:
 *
 * | the API says | then |
 * |---|---|
 * | a state, no older than the row's and the event's | committed and `fresh`; of several events one has it, the others are covered |
 * | a state that is older | a stale replica: waits |
 * | it is not there, or deleted | `gone` if the event says so too, and is not older than a row that stands |
 * | nothing has changed (304), or it is still gone and no event says that it was deleted | covered: what the row speaks of is out |
 * | what contradicts the event, or a row that says `gone` | waits for a second look; a comparable version decides at once |
 */
export function answered(
  open: readonly Candidate[],
  known: Known,
  answer: FetchAnswer,
  clock: OrderClock,
): Answered {
  switch (answer.kind) {
    case 'unknown':
      return allWait(open, answer);
    case 'unchanged': {
      const { settled, waiting } = apart(open, (candidate) =>
        contradiction(candidate, versionOf(known.row), clock),
      );
      return { superseded: settled, waiting };
    }
    case 'absent':
      return absent(open, known, clock, { ofKind: answer.ofKind });
    case 'found': {
      // It was the newest that named what was asked for.
      const asked = open.at(-1);
      if (asked === undefined) return { superseded: [], waiting: [] };
      const { text, etag } = answer;
      const state = readResource(text, asked.event.resource.shape);
      if (state.kind === 'deleted') return absent(open, known, clock, { ofKind: 'known', resource: text });
      const { version } = state;
      return found(open, known, clock, {
        resource: text,
        ...(version && { version }),
        ...(etag && { etag }),
      });
    }
  }
}

function found(
  open: readonly Candidate[],
  { row }: Known,
  clock: OrderClock,
  state: FetchedDocument,
): Answered {
  const { version } = state;
  const stored = versionOf(row);
  if (version !== undefined && stored !== undefined && version < stored)
    return allWait(open, {
      kind: 'stale',
      cause: 'the API gave an older state than is known: a replica that lags',
    });
  const isNewer = version !== undefined && stored !== undefined && version > stored;
  const { settled, waiting } = apart(open, (candidate) => {
    const doubt = contradiction(candidate, version, clock);
    if (doubt !== undefined || row?.gone === undefined || isNewer) return doubt;
    return secondLook('the API has a resource that was gone', candidate, clock, committedAt(row));
  });
  return { ...commitOf(settled, row, clock, { verdict: 'fresh', ...state }), superseded: [], waiting };
}

/** Between an event and a state of this version, which stands. */
function contradiction(
  candidate: Candidate,
  version: Version | undefined,
  clock: OrderClock,
): Doubt | undefined {
  const { event } = candidate;
  const comparable = version !== undefined && event.version !== undefined;
  if (comparable && version < event.version)
    return {
      kind: 'stale',
      cause: 'the API gave an older state than the event tells of: a replica that lags',
    };
  if (event.resource.says === 'stands' || (comparable && version > event.version)) return undefined;
  return secondLook('the API still has the resource that was deleted', candidate, clock);
}

function absent(
  open: readonly Candidate[],
  { row, published }: Known,
  clock: OrderClock,
  { ofKind, ...state }: { readonly ofKind: 'known' | 'unknown'; readonly resource?: string },
): Answered {
  const standing = row?.gone === undefined ? row : undefined;
  const isOutdated = ({ event }: Candidate): boolean => standing !== undefined && isOlder(event, standing);
  const deletion = open.findLast((one) => one.event.resource.says === 'deleted' && !isOutdated(one));
  const absence = {
    deletion: deletion?.event.version,
    isBelievable: row?.gone !== undefined || ofKind === 'known',
    notBefore: standing === undefined ? 0 : committedAt(standing),
  };
  const { settled, waiting } = apart(open, (candidate) => {
    const isSaid = candidate.event.resource.says === 'deleted';
    if (isSaid && isOutdated(candidate))
      return secondLook('a newer state is known than the deletion', candidate, clock, absence.notBefore);
    return isSaid ? undefined : absenceDoubt(candidate, absence, clock);
  });
  // A deletion is news even then: since the one before, it may have been created again, and looks at that are to count no more.
  const isNews = settled.some(({ event }) => event.resource.says === 'deleted');
  if (row?.gone !== undefined && published && !isNews) return { superseded: settled, waiting };
  return { ...commitOf(settled, row, clock, { verdict: 'gone', ...state }), superseded: [], waiting };
}

/** An event that tells of a resource which is not there: it was before the deletion, or the replica does not know it yet. */
function absenceDoubt(
  candidate: Candidate,
  absence: {
    readonly deletion: Version | undefined;
    readonly isBelievable: boolean;
    readonly notBefore: EpochMs;
  },
  clock: OrderClock,
): Doubt | undefined {
  const { version } = candidate.event;
  const { deletion } = absence;
  if (deletion !== undefined && version !== undefined && version < deletion) return undefined;
  const cause = 'the API knows no such resource, and the event tells of one';
  const doubt = secondLook(cause, candidate, clock, absence.notBefore);
  if (doubt !== undefined || absence.isBelievable) return doubt;
  return {
    kind: 'unknown',
    cause: `${cause}; the key has never read one of this kind, so it may not be allowed to`,
  };
}

/**
 * Undefined when this is the second look.
 * @param notBefore a look before that was at something else.
 */
function secondLook(
  cause: string,
  { contradictedSince }: Candidate,
  { now }: OrderClock,
  notBefore: EpochMs = 0,
): Doubt | undefined {
  const since = contradictedSince === undefined || contradictedSince < notBefore ? now : contradictedSince;
  return now - since >= SECOND_LOOK_MS ? undefined : { kind: 'contradicted', cause, since };
}

/** By the clock of the worker that did. */
function committedAt(row: Row): EpochMs {
  return Number(sequenceOf(row)) / 1000;
}

function apart(
  open: readonly Candidate[],
  doubtOf: (candidate: Candidate) => Doubt | undefined,
): { readonly settled: readonly Candidate[]; readonly waiting: Answered['waiting'] } {
  const doubts = open.map((candidate) => ({ candidate, doubt: doubtOf(candidate) }));
  return {
    settled: doubts.flatMap(({ candidate, doubt }) => (doubt === undefined ? [candidate] : [])),
    waiting: doubts.flatMap(({ candidate, doubt }) => (doubt === undefined ? [] : [{ candidate, doubt }])),
  };
}

function allWait(open: readonly Candidate[], doubt: Doubt): Answered {
  return { superseded: [], waiting: open.map((candidate) => ({ candidate, doubt })) };
}

function isOlder({ version }: Event, row: Row): boolean {
  const stored = versionOf(row);
  return version !== undefined && stored !== undefined && version < stored;
}

function versionOf(row: Row | undefined): Version | undefined {
  return typeof row?.version === 'string' ? (row.version as Version) : undefined;
}
