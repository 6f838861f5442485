import type { Reconcile } from '../../../lib/core/source.ts';
import type { Cloud } from './cloud.ts';
import type { Providers } from './providers.ts';
import type { Stage } from './stage.ts';
import type { Thing } from './things.ts';

type Auditor = Cloud['auditor'];

/** What must be true when everything has come to rest. */
export function auditEnd(stage: Stage, { auditor }: Cloud, providers: Providers, reconcile: Reconcile): void {
  auditor.atEnd();
  for (const thing of providers.things) {
    const words = subscriberIsBehind(auditor, thing) ?? whatIsMissing(auditor, thing, reconcile);
    if (words !== undefined) stage.broken({ promise: 'end', words, about: [thing.id] });
  }
  for (const { kind, id } of providers.events) {
    const key = `${kind.name} ${id}`;
    if (!auditor.accounts.isPublished(key) || auditor.subscribers.deedsOf(key) > 0) continue;
    const words = `${id} is published, and a subscriber that uses once has done nothing about it`;
    stage.broken({ promise: 'end', words, about: [id] });
  }
}

/** A subscriber that uses `latest` has what was published with the highest sequence. */
function subscriberIsBehind({ order, subscribers }: Auditor, thing: Thing): string | undefined {
  const top = order.statesOf(thing).at(-1);
  const kept = subscribers.stateOf(thing.subject);
  if (top === undefined || kept?.sequence === top.sequence) return undefined;
  const last = `the last state of ${thing.subject} that is out is that of ${top.event.id}`;
  return `${last}; a subscriber that uses latest has ${kept?.id ?? 'none'}`;
}

function whatIsMissing(auditor: Auditor, thing: Thing, reconcile: Reconcile): string | undefined {
  const keys = thing.states.map(({ n }) => `${thing.kind.name} ${thing.id}.${n}`);
  // What the topic refuses, or came with two meanings, is for people to decide about.
  if (keys.some(auditor.accounts.isDead)) return undefined;
  return reconcile === 'off' ? newestIsMissing(auditor, thing, keys) : truthIsMissing(auditor, thing, keys);
}

/** Where versions differ, the newest of the events that are out is out with a sequence. */
function newestIsMissing(
  { accounts, order }: Auditor,
  thing: Thing,
  keys: readonly string[],
): string | undefined {
  if (thing.kind.versions !== 'count') return undefined;
  const newest = keys.findLast(accounts.isPublished);
  const isOut = order.statesOf(thing).some(({ event }) => event.key === newest);
  return newest === undefined || isOut
    ? undefined
    : `${newest} is the newest of ${thing.subject}, and has no sequence`;
}

/** Where the provider is asked, its own state is the last that is out, if it ever told of it. */
function truthIsMissing(
  { accounts, order, patience }: Auditor,
  thing: Thing,
  keys: readonly string[],
): string | undefined {
  const [truth, key] = [thing.states.at(-1), keys.at(-1)];
  if (truth === undefined || key === undefined || !accounts.wasAcknowledged(key)) return undefined;
  if (patience.isOver(thing)) return undefined;
  const top = order.statesOf(thing).at(-1);
  const isTruth =
    truth.change === 'deleted' ? top?.event.verdict === 'gone' || top?.n === truth.n : top?.n === truth.n;
  if (isTruth) return undefined;
  return `${thing.subject} is in state ${truth.n} (${truth.change}), and what is out is ${top === undefined ? 'nothing' : `${top.event.id} (${top.n ?? 'gone'})`}`;
}
