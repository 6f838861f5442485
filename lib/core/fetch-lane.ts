import type { ReleaseReason } from './claim.ts';
import type { Row } from './conditional-write.ts';
import { isCovered } from './confirmed-state.ts';
import { type FetchedEvent, giveBack, type Held, type Ordered, type Step } from './held.ts';
import { deferral, type Invocation } from './invocation.ts';
import { parsePath, replaceAt } from './json-span.ts';
import { sequenceOf } from './order.ts';
import { parallel } from './parallel.ts';
import { answered, type Doubt, question, SECOND_LOOK_MS, winnerOf } from './reconcile.ts';
import type { EpochMs } from './request.ts';
import { kindRead } from './resource-address.ts';
import { eventRow, subjectRow } from './row-key.ts';
import type { Source } from './source.ts';
import { isCommitted } from './state-commit.ts';
import { hasTimeFor } from './time-limits.ts';

/** A step, with the events that are `superseded` as soon as what it goes on with is out. */
export type Placed = Step<Ordered> & { readonly covers?: readonly Held[] };

/** Held events of one subject. */
type Lane = readonly Held<FetchedEvent>[];

interface Round {
  readonly placed: readonly Placed[];
  /** Another worker has committed meanwhile. */
  readonly again: Lane;
}

/**
 * Asks the provider how the resource of some events stands, and commits what it says:
 *
 *     read the row ─ fetch ─ commit, if the row is as it was read ─ publish ─ record
 *          └──────── else ────────┘
 *
 * A fetch begins only after its row was read, so fetches that win cannot overlap, and the order of their sequences is theirs.
 */
export async function fetchLane(lane: Lane, invocation: Invocation): Promise<readonly Placed[]> {
  const isOut = ({ event }: Held<FetchedEvent>): boolean =>
    isCovered(event, invocation.confirmed.get(subjectRow(event.source, event.subject)));
  const placed: Placed[] = lane.filter(isOut).map(superseded);
  let open: Lane = lane.filter((one) => !isOut(one));
  while (open.length > 0) {
    const round = hasTimeFor('fetch', invocation)
      ? await tryLook(open, invocation)
      : await late(open, invocation);
    placed.push(...round.placed);
    open = round.again;
  }
  return placed;
}

async function tryLook(open: Lane, invocation: Invocation): Promise<Round> {
  try {
    return await look(open, invocation);
  } catch (error) {
    const outcome = deferral(error);
    return {
      placed: await parallel(open, open.length, async (held) => ({
        kind: 'end',
        event: held.event,
        outcome: await giveBack(held, outcome, invocation),
      })),
      again: [],
    };
  }
}

async function look(lane: Lane, invocation: Invocation): Promise<Round> {
  const { ledger, now, micros, retentionSeconds } = invocation;
  const { source, key } = subjectOf(lane, invocation);
  const row = (await ledger.read([key])).get(key);
  const known = { row, published: await isPublished(row, lane, invocation) };
  const { superseded: covered, open, etag } = question(lane, known);
  const placed: Placed[] = covered.map(superseded);
  const newest = open.at(-1)?.event;
  if (newest === undefined) return { placed, again: [] };
  const began = now();
  const { path, shape } = newest.resource;
  const answer = await invocation.resources.read(source, {
    path,
    shape,
    kind: kindRead(newest),
    ...(etag === undefined ? {} : { etag }),
  });
  const {
    commit,
    superseded: same,
    waiting,
  } = answered(open, known, answer, {
    now: now(),
    micros: micros(),
    retentionSeconds,
  });
  placed.push(...same.map(superseded));
  placed.push(
    ...(await parallel(waiting, waiting.length, ({ candidate, doubt }) =>
      wait(candidate, doubt, source, invocation),
    )),
  );
  if (commit === undefined) return { placed, again: [] };
  const { by, covers, standing, version, resource } = commit;
  if (!isCommitted(await ledger.write(commit.write), commit)) return { placed, again: [...covers, by] };
  const fetched = {
    began,
    ...(version && { version }),
    ...(resource !== undefined && { resource: redacted(resource, source) }),
  };
  placed.push({ kind: 'go', with: { ...by, standing, fetched }, covers });
  return { placed, again: [] };
}

/** Only now: its version has been read. */
function redacted(resource: string, { reconcile }: Source): string {
  const paths = reconcile?.redact ?? [];
  return paths.length === 0 ? resource : replaceAt(resource, paths.map(parsePath), '"[redacted]"');
}

function subjectOf(
  [first]: Lane,
  { sources }: Invocation,
): { readonly source: Source; readonly key: ReturnType<typeof subjectRow> } {
  const source = first && sources.get(first.event.source)?.source;
  if (first === undefined || source === undefined)
    throw new TypeError('a lane has events, and each was read by its source');
  return { source, key: subjectRow(first.event.source, first.event.subject) };
}

/**
 * Whether the state that the row speaks of is out; read only where it matters. That its event is out is not enough: it may have come
 * without a state, once the provider had not answered for too long.
 */
async function isPublished(row: Row | undefined, lane: Lane, { ledger }: Invocation): Promise<boolean> {
  const winner = winnerOf(
    row,
    lane.map(({ event }) => event),
  );
  const [first] = lane;
  if (row === undefined || winner === undefined || first === undefined) return false;
  const key = eventRow(first.event.source, winner);
  const published = (await ledger.read([key])).get(key);
  return published?.state === 'published' && published.sequence === sequenceOf(row);
}

/** Patience is counted from the first time that the API could not say. A second look is always waited for: it is near. */
async function wait(
  held: Held<FetchedEvent>,
  doubt: Doubt,
  { reconcile }: Source,
  invocation: Invocation,
): Promise<Placed> {
  const { event, claim, doubtfulSince = invocation.now() } = held;
  const isSecondLook = doubt.kind === 'contradicted';
  const waited = invocation.now() - doubtfulSince;
  if (reconcile !== undefined && !isSecondLook && waited >= reconcile.patience.seconds * 1000) {
    if (reconcile.patience.afterwards === 'publish')
      return { kind: 'go', with: { ...held, standing: { verdict: 'unconfirmed' } } };
    const explanation = `it could not be reconciled within ${reconcile.patience.seconds} s; last: ${doubt.cause}`;
    return { kind: 'end', event, outcome: { kind: 'dead', reason: 'unreconciled', explanation, claim } };
  }
  const outcome = {
    kind: 'deferred',
    on: 'provider',
    cause: doubt.cause,
    ...afterOf(doubt, invocation),
  } as const;
  return {
    kind: 'end',
    event,
    outcome: await giveBack(held, outcome, invocation, memoryOf(doubt, doubtfulSince)),
  };
}

/** A replica that has shown the resource, however old, does not agree with one that had none. */
function memoryOf(doubt: Doubt, doubtfulSince: EpochMs): ReleaseReason {
  switch (doubt.kind) {
    case 'contradicted':
      return { contradictedSince: doubt.since };
    case 'stale':
      return { doubtfulSince, contradictedSince: 0 };
    case 'unknown':
      return { doubtfulSince };
  }
}

function afterOf(doubt: Doubt, { now }: Invocation): { readonly afterSeconds?: number } {
  if (doubt.kind === 'contradicted')
    return { afterSeconds: Math.ceil((doubt.since + SECOND_LOOK_MS - now()) / 1000) };
  return doubt.kind === 'unknown' && doubt.afterSeconds !== undefined
    ? { afterSeconds: doubt.afterSeconds }
    : {};
}

/** They come back at once, and find their claims free. */
async function late(open: Lane, invocation: Invocation): Promise<Round> {
  const placed = await parallel(open, open.length, async (held): Promise<Placed> => {
    if (hasTimeFor('tidy', invocation))
      await giveBack(
        held,
        { kind: 'deferred', on: 'provider', cause: 'no time is left to fetch' },
        invocation,
      );
    return { kind: 'late' };
  });
  return { placed, again: [] };
}

function superseded(held: Held): Placed {
  return { kind: 'go', with: { ...held, standing: { verdict: 'superseded' } } };
}
