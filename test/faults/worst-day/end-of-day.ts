import type { Reconcile } from '../../../lib/core/source.ts';
import type { Cloud } from './cloud.ts';
import type { Providers } from './providers.ts';
import type { Stage } from './stage.ts';
import type { Thing } from './things.ts';

/** What must be true when everything has come to rest. */
export function auditEnd(
  stage: Stage,
  { auditor }: Cloud,
  providers: Providers,
  _reconcile: Reconcile,
): void {
  auditor.atEnd();
  for (const thing of providers.things) {
    const found = subscriberIsBehind(auditor, thing) ?? newestIsMissing(auditor, thing);
    if (found !== undefined) stage.broken({ promise: 'end', words: found, about: [thing.id] });
  }
  for (const { kind, id } of providers.events) {
    const key = `${kind.name} ${id}`;
    if (auditor.accounts.isPublished(key) && auditor.subscribers.deedsOf(key) === 0)
      stage.broken({
        promise: 'end',
        words: `${id} is published, and a subscriber that uses once has done nothing about it`,
        about: [id],
      });
  }
}

/** A subscriber that uses `latest` has what was published with the highest sequence. */
function subscriberIsBehind({ order, subscribers }: Cloud['auditor'], thing: Thing): string | undefined {
  const top = order.statesOf(thing).at(-1);
  const kept = subscribers.stateOf(thing.subject);
  if (top === undefined || kept?.sequence === top.sequence) return undefined;
  return `the last state of ${thing.subject} that is out is that of ${top.event.id}; a subscriber that uses latest has ${kept?.id ?? 'none'}`;
}

/** Where versions differ, the newest of the events that are out is out with a sequence. */
function newestIsMissing({ accounts, order }: Cloud['auditor'], thing: Thing): string | undefined {
  if (thing.kind.versions !== 'count') return undefined;
  const ids = thing.states.map(({ n }) => `${thing.id}.${n}`);
  const keys = ids.map((id) => `${thing.kind.name} ${id}`);
  if (keys.some(accounts.isDead)) return undefined;
  const newest = ids.findLast((_, index) => accounts.isPublished(keys[index] ?? ''));
  const isOut = order.statesOf(thing).some(({ event }) => event.id === newest);
  return newest === undefined || isOut
    ? undefined
    : `${newest} is the newest state of ${thing.subject}, and has no sequence`;
}
