import type { HeadgateEvent } from '../../../lib/events.ts';
import type { Stage } from './stage.ts';
import type { OwnStore } from './subscriber.ts';

/** What subscribers keep of their own, watched: of a subject nothing older is ever begun after something newer. */
export interface SubscribersAudit {
  /** Where a subscriber that uses `latest` puts states. */
  readonly states: OwnStore;
  /** Where a subscriber that uses `once` notes what it has done. */
  readonly deeds: OwnStore;
  /** The state that was put last, by subject. */
  stateOf(subject: string): KeptState | undefined;
  /** How often something was done about an event, by its key. */
  deedsOf(key: string): number;
}

interface KeptState {
  readonly id: string;
  readonly sequence: string;
  readonly verdict: string;
  /** Undefined: it is gone. */
  readonly n: number | undefined;
}

export function auditSubscribers(stage: Stage): SubscribersAudit {
  const begun = new Map<string, KeptState>();
  const kept = new Map<string, KeptState>();
  const deeds = new Map<string, number>();
  const about = (_operation: string, input: unknown): string => (input as HeadgateEvent).id;
  return {
    states: {
      name: 'board',
      about,
      begin(event) {
        const { subject = '' } = event;
        const [before, next] = [begun.get(subject), toState(event)];
        begun.set(subject, next);
        stage.story.tell(() => `  the board begins ${subject}: ${next.verdict} ${next.n ?? ''} (${next.id})`);
        if (before === undefined || (next.sequence >= before.sequence && !isBack(before.n, next.n))) return;
        const words = `a subscriber that uses latest puts ${next.id} (state ${next.n}) after ${before.id} (state ${before.n})`;
        stage.broken({ promise: 'P4', words, about: [next.id, subject.replace('thing/', '')] });
      },
      answer(_operation, input) {
        const event = input as HeadgateEvent;
        const { subject = '' } = event;
        // A call that nobody waits for any more may arrive after the next: then the board's own condition refuses it.
        const next = toState(event);
        if ((kept.get(subject)?.sequence ?? '') <= next.sequence) kept.set(subject, next);
        return {};
      },
    },
    deeds: {
      name: 'mail',
      about,
      begin: () => {},
      answer(_operation, input) {
        const { id, source, repeatof } = input as HeadgateEvent;
        const key = `${source.slice(source.lastIndexOf(':') + 1)} ${repeatof ?? id}`;
        deeds.set(key, (deeds.get(key) ?? 0) + 1);
        return {};
      },
    },
    stateOf: (subject) => kept.get(subject),
    deedsOf: (key) => deeds.get(key) ?? 0,
  };
}

function toState({ id, sequence = '', verdict, data }: HeadgateEvent): KeptState {
  const thing = data.resource ?? (data.payload as { readonly thing?: unknown }).thing;
  const n = verdict === 'gone' ? undefined : (thing as { readonly n?: number } | undefined)?.n;
  return { id, sequence, verdict, n };
}

function isBack(before: number | undefined, next: number | undefined): boolean {
  return before !== undefined && next !== undefined && next < before;
}
