import { fetchLane, type Placed } from './fetch-lane.ts';
import { type FetchedEvent, giveBack, type Held, type Ordered, type Step } from './held.ts';
import { deferral, type Invocation } from './invocation.ts';
import { firstOrder, nextOrder, type SubjectEvent } from './order.ts';
import { parallel } from './parallel.ts';
import { hasTimeFor } from './time-limits.ts';

/** Subjects that are worked on at once. */
const WIDTH = 50;

/**
 * Gives held events their places. Events of one subject commit one after the other, oldest first, so that each of them is fresh; then
 * what has to be fetched is fetched once for all of them. Subjects go side by side.
 */
export async function orderEvents(held: readonly Held[], invocation: Invocation): Promise<readonly Placed[]> {
  const subjects = new Map<string, Held[]>();
  for (const one of held) {
    const name = one.event.subject === undefined ? `event ${one.event.key}` : `subject ${one.event.subject}`;
    const group = `${one.event.source} ${name}`;
    subjects.set(group, [...(subjects.get(group) ?? []), one]);
  }
  const lanes = await parallel([...subjects.values()], WIDTH, (lane) =>
    orderLane(lane.toSorted(byVersion), invocation),
  );
  return lanes.flat();
}

async function orderLane(lane: readonly Held[], invocation: Invocation): Promise<readonly Placed[]> {
  const placed: Placed[] = [];
  const unsure: Held<FetchedEvent>[] = [];
  for (const one of lane) {
    if (isFetched(one) && needsFetch(one, invocation)) {
      unsure.push(one);
      continue;
    }
    const step = await commitPayload(one, invocation);
    const isUnsure = step.kind === 'go' && step.with.standing.verdict === 'unconfirmed';
    if (isUnsure && isFetched(one)) unsure.push(one);
    else placed.push({ ...step, covers: [] });
  }
  return unsure.length === 0 ? placed : [...placed, ...(await fetchLane(unsure, invocation))];
}

function byVersion(a: Held, b: Held): number {
  const [left, right] = [a.event.version ?? '', b.event.version ?? ''];
  return left < right ? -1 : Number(left > right);
}

function isFetched(held: Held): held is Held<FetchedEvent> {
  return held.event.subject !== undefined && held.event.resource !== undefined;
}

/** Also where the order would be sure: a payload without a state has none to commit. */
function needsFetch({ event }: Held<FetchedEvent>, { sources }: Invocation): boolean {
  return (
    event.resource.payload === 'nothing' || sources.get(event.source)?.source.reconcile?.when === 'always'
  );
}

/** The place of an event whose payload is its state. */
async function commitPayload(held: Held, invocation: Invocation): Promise<Step<Ordered>> {
  const { event } = held;
  if (!hasSubject(event)) return { kind: 'go', with: { ...held, standing: { verdict: 'fresh' } } };
  try {
    const clock = {
      now: invocation.now(),
      micros: invocation.micros(),
      retentionSeconds: invocation.retentionSeconds,
    };
    let step = firstOrder(event, clock);
    while (step.kind === 'commit') {
      if (!hasTimeFor('order', invocation)) return { kind: 'late' };
      step = nextOrder(event, clock, step.sequence, await invocation.ledger.write(step.write));
    }
    return { kind: 'go', with: { ...held, standing: step.standing } };
  } catch (error) {
    return { kind: 'end', event, outcome: await giveBack(held, deferral(error), invocation) };
  }
}

function hasSubject(event: Held['event']): event is SubjectEvent {
  return event.subject !== undefined;
}
