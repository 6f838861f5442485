import type { Event } from './event.ts';
import { giveBack, type Held, keep, type Ordered } from './held.ts';
import { collision, holdEvent } from './hold-event.ts';
import type { Invocation, Outcome } from './invocation.ts';
import { orderEvents } from './order-events.ts';
import { parallel } from './parallel.ts';
import { publishAll } from './publish-all.ts';
import { eventRow, subjectRow } from './row-key.ts';
import { settle } from './settle.ts';

/** Ledger calls under way at once. */
const WIDTH = 50;

/** Claim → content → order → publish → record for some events; each ends with its own outcome, or without one when time runs out. */
export async function processChunk(
  events: readonly Event[],
  invocation: Invocation,
): Promise<ReadonlyMap<Event, Outcome>> {
  const { leaders, followers } = copiesApart(events);
  const outcomes = new Map<Event, Outcome>();
  const held = keep(await parallel(leaders, WIDTH, (event) => holdEvent(event, invocation)), outcomes);
  const placed = await orderEvents(held, invocation);
  await publish(keep(placed, outcomes), outcomes, invocation);
  // Only now is it known which states are out: nothing is covered by one that is not.
  const covered = placed.flatMap((step) =>
    step.kind === 'go' ? (step.covers ?? []).map((one) => ({ one, by: step.with })) : [],
  );
  const out = covered.filter(({ by }) => outcomes.get(by.event)?.kind === 'published');
  await publish(
    out.map(({ one }) => ({ ...one, standing: { verdict: 'superseded' } })),
    outcomes,
    invocation,
  );
  await parallel(covered, WIDTH, async ({ one, by }) => {
    const outcome = outcomes.get(by.event);
    if (outcome?.kind !== 'published') outcomes.set(one.event, await uncovered(one, outcome, invocation));
  });
  for (const [copy, leader] of followers) {
    const outcome = copyOutcome(copy, leader, outcomes.get(leader));
    if (outcome !== undefined) outcomes.set(copy, outcome);
  }
  return outcomes;
}

async function publish(
  ordered: readonly Ordered[],
  outcomes: Map<Event, Outcome>,
  invocation: Invocation,
): Promise<void> {
  await publishAll(ordered, invocation, async (one, answer) => {
    if (answer.kind === 'published') confirm(one, invocation);
    outcomes.set(one.event, await settle(one, answer, invocation));
  });
}

/** What is fetched and out answers for all that came before. */
function confirm({ event, standing, fetched }: Ordered, { confirmed }: Invocation): void {
  const { verdict } = standing;
  if (fetched === undefined || event.subject === undefined || (verdict !== 'fresh' && verdict !== 'gone'))
    return;
  confirmed.set(subjectRow(event.source, event.subject), { ...fetched, verdict });
}

/** With a state that will never be out, what it would have covered ends too: both came together, and would come back for ever. */
async function uncovered(held: Held, outcome: Outcome | undefined, invocation: Invocation): Promise<Outcome> {
  if (outcome?.kind === 'dead') return { ...outcome, claim: held.claim };
  const cause = 'the state that would have covered it was not published';
  return giveBack(held, { kind: 'deferred', on: 'aws', cause }, invocation);
}

/** Copies within one chunk share the first one's claim instead of waiting for it. */
function copiesApart(events: readonly Event[]): {
  readonly leaders: readonly Event[];
  readonly followers: ReadonlyMap<Event, Event>;
} {
  const leaders = new Map<string, Event>();
  const followers = new Map<Event, Event>();
  for (const event of events) {
    const row = eventRow(event.source, event.key);
    const leader = leaders.get(row);
    if (leader === undefined) leaders.set(row, event);
    else followers.set(event, leader);
  }
  return { leaders: [...leaders.values()], followers };
}

function copyOutcome(copy: Event, leader: Event, outcome: Outcome | undefined): Outcome | undefined {
  if (copy.origin === 'webhook' && copy.fingerprint !== leader.fingerprint) return collision();
  if (outcome === undefined || outcome.kind === 'busy' || outcome.kind === 'deferred') return outcome;
  return { kind: 'duplicate' };
}
