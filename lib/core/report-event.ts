import type { Event } from './event.ts';
import type { Invocation, Outcome } from './invocation.ts';
import type { EventFate } from './report.ts';

/** Tells what became of an event. What an earlier invocation has recorded was told by that one. */
export function reportEvent(event: Event, outcome: Outcome, invocation: Invocation): void {
  const fate = fateOf(outcome);
  if (fate === undefined) return;
  invocation.report({
    kind: 'event',
    source: event.source,
    delivery: event.delivery,
    origin: event.origin,
    key: event.key,
    id: event.id,
    type: event.type,
    ...(event.subject === undefined ? {} : { subject: event.subject }),
    latencyMs: invocation.now() - event.receivedAt,
    ...fate,
  });
}

/** What a report tells of an outcome: no claim, no time to come, and nothing twice. */
function fateOf(outcome: Outcome): EventFate | undefined {
  switch (outcome.kind) {
    case 'published': {
      const { standing, repeatOf } = outcome;
      return { outcome: 'published', standing, ...(repeatOf === undefined ? {} : { repeatOf }) };
    }
    case 'recorded':
      return undefined;
    case 'duplicate':
    case 'busy':
      return { outcome: outcome.kind };
    case 'deferred':
      return { outcome: 'deferred', on: outcome.on, cause: outcome.cause };
    case 'dead':
      return { outcome: 'dead', reason: outcome.reason, explanation: outcome.explanation };
  }
}
