import type { EpochMs } from '../../../lib/core/request.ts';
import type { PublishedEvent } from './published-event.ts';
import type { Stage } from './stage.ts';
import type { State, Thing } from './things.ts';

/** P4: a resource never goes back in time. */
export interface OrderAudit {
  know(thing: Thing): void;
  published(event: PublishedEvent): void;
  /** The states of a thing that are out with a sequence, the highest last. */
  statesOf(thing: Thing): readonly PublishedState[];
}

interface PublishedState {
  readonly event: PublishedEvent;
  readonly sequence: string;
  readonly at: EpochMs;
  /** Undefined: it is gone, since one deletion or another. */
  readonly n: number | undefined;
}

export function auditOrder(stage: Stage): OrderAudit {
  const things = new Map<string, Thing>();
  const states = new Map<string, PublishedState[]>();

  /** Puts a state among the others of its thing, and says what is wrong with their order then. */
  const place = (event: PublishedEvent): string | undefined => {
    const thing = things.get(event.subject ?? '');
    if (thing === undefined) return `${event.id} has a sequence, and is about nothing that there is`;
    const all = states.get(thing.subject) ?? [];
    states.set(thing.subject, all);
    const n = event.verdict === 'gone' ? undefined : event.state;
    all.push({ event, sequence: event.sequence ?? '', at: stage.time.now(), n });
    all.sort((a, b) => (a.sequence < b.sequence ? -1 : Number(a.sequence > b.sequence)));
    return disorder(thing, all);
  };

  return {
    know: (thing) => things.set(thing.subject, thing),
    published(event) {
      const words = unlikeItsVerdict(event) ?? (event.sequence === undefined ? undefined : place(event));
      if (words !== undefined)
        stage.broken({
          promise: 'P4',
          words,
          about: [event.id, (event.subject ?? '').replace('thing/', '')],
        });
    },
    statesOf: (thing) => states.get(thing.subject) ?? [],
  };
}

/** A state has a sequence, and nothing else has one. */
function unlikeItsVerdict({ id, verdict, sequence, subject, state }: PublishedEvent): string | undefined {
  const mayHave = verdict === 'fresh' || verdict === 'gone';
  if (sequence !== undefined && !mayHave) return `${id} is ${verdict}, and has a sequence`;
  if (sequence !== undefined && verdict === 'fresh' && state === undefined)
    return `${id} has a sequence, and carries no state`;
  const mustHave = verdict === 'gone' || (verdict === 'fresh' && subject !== undefined);
  return mustHave && sequence === undefined ? `${id} is ${verdict}, and has no sequence` : undefined;
}

/** What is wrong with states in the order of their sequences, if anything. */
function disorder(thing: Thing, all: readonly PublishedState[]): string | undefined {
  let last: { readonly n: number; readonly of: PublishedState } | undefined;
  for (const state of all) {
    const n = state.n ?? deletionAfter(thing, last?.n ?? 0, state.at)?.n;
    if (last !== undefined && state.sequence === last.of.sequence) {
      // A copy of the same event.
      if (state.event.key === last.of.event.key && state.n === last.of.n) continue;
      return `${told(last.of)} and ${told(state)} have the same sequence`;
    }
    if (n === undefined) return `${told(state)}, and it was not deleted by then`;
    if (last !== undefined && n < last.n) return `${told(state)} comes after ${told(last.of)}`;
    last = { n, of: state };
  }
  return undefined;
}

function deletionAfter({ states }: Thing, least: number, before: EpochMs): State | undefined {
  return states.find(({ n, change, at }) => change === 'deleted' && n >= least && at <= before);
}

function told({ event, n, sequence }: PublishedState): string {
  return `${event.id} (${n === undefined ? 'gone' : `state ${n}`}, sequence ${sequence})`;
}
