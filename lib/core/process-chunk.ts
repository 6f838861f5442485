import {
  type AttemptCause,
  type Claim,
  type ContentDecision,
  claimWrite,
  contentWrite,
  decideClaim,
  decideContent,
  LEASE_MARGIN_MS,
  recordWrite,
  releaseWrite,
} from './claim.ts';
import type { ConditionalWrite } from './conditional-write.ts';
import { InfrastructureError } from './errors.ts';
import type { Event, Standing } from './event.ts';
import { deferral, type Invocation, type Outcome } from './invocation.ts';
import { firstOrder, nextOrder, type SubjectEvent } from './order.ts';
import { parallel } from './parallel.ts';
import type { PublishAnswer } from './ports.ts';
import { publishAll } from './publish-all.ts';
import { reportEvent } from './report-event.ts';
import { eventRow } from './row-key.ts';
import type { Source } from './source.ts';
import { hasTimeFor } from './time-limits.ts';

/** Ledger calls under way at once. */
const WIDTH = 50;

/** After so many failed publications (some eight hours of growing waits) an event is dead. */
const PUBLISH_ATTEMPTS = 50;

/** An event that is ours until its lease ends. */
interface Held {
  readonly event: Event;
  readonly claim: Claim;
  readonly attempts: Readonly<Record<AttemptCause, number>>;
  readonly repeatOf?: string;
}

/** A held event with its place in the order. */
export interface Ordered extends Held {
  readonly standing: Standing;
}

type Step<T> =
  | { readonly kind: 'go'; readonly with: T }
  | { readonly kind: 'end'; readonly event: Event; readonly outcome: Outcome }
  /** No time is left for the step. A claim that was taken ends with its lease. */
  | { readonly kind: 'late' };

/** Claim → content → order → publish → record for some events; each ends with its own outcome, or without one when time runs out. */
export async function processChunk(
  events: readonly Event[],
  invocation: Invocation,
): Promise<ReadonlyMap<Event, Outcome>> {
  const { leaders, followers } = copiesApart(events);
  const outcomes = new Map<Event, Outcome>();
  const held = keep(await parallel(leaders, WIDTH, (event) => hold(event, invocation)), outcomes);
  const ordered = keep(await order(held, invocation), outcomes);
  await publishAll(ordered, invocation, async (one, answer) => {
    outcomes.set(one.event, await settle(one, answer, invocation));
  });
  for (const [copy, leader] of followers) {
    const outcome = copyOutcome(copy, leader, outcomes.get(leader));
    if (outcome !== undefined) outcomes.set(copy, outcome);
  }
  return outcomes;
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

function keep<T>(steps: readonly Step<T>[], outcomes: Map<Event, Outcome>): readonly T[] {
  return steps.flatMap((step) => {
    if (step.kind === 'go') return [step.with];
    if (step.kind === 'end') outcomes.set(step.event, step.outcome);
    return [];
  });
}

async function hold(event: Event, invocation: Invocation): Promise<Step<Held>> {
  if (!hasTimeFor('claim', invocation)) return { kind: 'late' };
  const claim: Claim = {
    token: invocation.token(),
    leaseUntil: invocation.deadline + LEASE_MARGIN_MS,
    now: invocation.now(),
    retentionSeconds: invocation.retentionSeconds,
  };
  try {
    const decision = decideClaim(event, claim, await invocation.ledger.write(claimWrite(event, claim)));
    switch (decision.kind) {
      case 'recorded':
      case 'duplicate':
      case 'busy':
        return { kind: 'end', event, outcome: decision };
      case 'collision':
        return { kind: 'end', event, outcome: collision() };
      case 'claimed':
        return await bindContent({ event, claim, attempts: decision.attempts }, invocation);
    }
  } catch (error) {
    return { kind: 'end', event, outcome: deferral(error) };
  }
}

async function bindContent(held: Held, invocation: Invocation): Promise<Step<Held>> {
  const { event, claim } = held;
  const write = contentWrite(event, claim);
  if (write === undefined) return { kind: 'go', with: held };
  try {
    const content = decideContent(event, await invocation.ledger.write(write));
    if (content.kind === 'first') return { kind: 'go', with: held };
    const refusal = refuseContent(content, invocation.sources.get(event.source)?.source);
    if (refusal === undefined) return { kind: 'go', with: { ...held, repeatOf: content.of } };
    return {
      kind: 'end',
      event,
      outcome: { kind: 'dead', reason: 'repeated-content', explanation: refusal, claim },
    };
  } catch (error) {
    return { kind: 'end', event, outcome: await giveBack(held, error, invocation) };
  }
}

function refuseContent(
  { kind, of }: Exclude<ContentDecision, { kind: 'first' }>,
  source: Source | undefined,
): string | undefined {
  if (kind === 'forged')
    return `forged: its signature, or its signed bytes, came before as another event, under the id ${of}`;
  return source?.repeatedContent === 'refuse'
    ? `the same signed bytes came before under the id ${of}, and the source refuses repeated content`
    : undefined;
}

/** Events of one subject commit one after the other, oldest first, so that each of them is fresh; subjects side by side. */
async function order(held: readonly Held[], invocation: Invocation): Promise<readonly Step<Ordered>[]> {
  const subjects = new Map<string, Held[]>();
  for (const one of held) {
    const name = one.event.subject === undefined ? `event ${one.event.key}` : `subject ${one.event.subject}`;
    const group = `${one.event.source} ${name}`;
    subjects.set(group, [...(subjects.get(group) ?? []), one]);
  }
  const lanes = await parallel([...subjects.values()], WIDTH, async (lane) => {
    const steps: Step<Ordered>[] = [];
    for (const one of lane.toSorted(byVersion)) steps.push(await place(one, invocation));
    return steps;
  });
  return lanes.flat();
}

function byVersion(a: Held, b: Held): number {
  const [left, right] = [a.event.version ?? '', b.event.version ?? ''];
  return left < right ? -1 : Number(left > right);
}

async function place(held: Held, invocation: Invocation): Promise<Step<Ordered>> {
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
    return { kind: 'end', event, outcome: await giveBack(held, error, invocation) };
  }
}

function hasSubject(event: Event): event is SubjectEvent {
  return event.subject !== undefined;
}

/** What the topic's answer makes of an event. */
async function settle(ordered: Ordered, answer: PublishAnswer, invocation: Invocation): Promise<Outcome> {
  const { event, claim, standing, repeatOf } = ordered;
  switch (answer.kind) {
    case 'published':
      try {
        await writeTwice(recordWrite(event, claim, standing), invocation);
        const outcome = {
          kind: 'published',
          standing,
          ...(repeatOf === undefined ? {} : { repeatOf }),
        } as const;
        reportEvent(event, outcome, invocation);
        return outcome;
      } catch (error) {
        return deferral(error);
      }
    case 'unknown':
      return await retryLater(ordered, answer.cause, invocation);
    case 'refused':
      return { kind: 'dead', reason: 'publish-refused', explanation: answer.cause, claim };
  }
}

/** An event that is out but not recorded costs a copy of it, so its record gets a second chance. */
async function writeTwice(write: ConditionalWrite, { ledger }: Invocation): Promise<void> {
  try {
    await ledger.write(write);
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    await ledger.write(write);
  }
}

async function retryLater(ordered: Ordered, cause: string, invocation: Invocation): Promise<Outcome> {
  const { event, claim } = ordered;
  const failed = ordered.attempts.publish + 1;
  if (failed >= PUBLISH_ATTEMPTS) {
    return {
      kind: 'dead',
      reason: 'attempts-exhausted',
      explanation: `publishing failed ${failed} times; last: ${cause}`,
      claim,
    };
  }
  try {
    await invocation.ledger.write(releaseWrite(event, claim, 'publish'));
  } catch (error) {
    return { ...deferral(error), failed };
  }
  return { kind: 'deferred', cause, failed };
}

/** After a failure in the middle: the claim is given back if the ledger will take it; else its lease ends by itself. */
async function giveBack(held: Held, error: unknown, invocation: Invocation): Promise<Outcome> {
  const outcome = deferral(error);
  try {
    await invocation.ledger.write(releaseWrite(held.event, held.claim, 'none'));
  } catch (second) {
    return deferral(second);
  }
  return outcome;
}

function collision(): Outcome {
  return {
    kind: 'dead',
    reason: 'collision',
    explanation: 'an event with the same key but another type, subject, time or content is already known',
  };
}
