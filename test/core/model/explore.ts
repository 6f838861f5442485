import { canonicalKeys, isOpen, sequenceOf } from './canonical-key.ts';
import { moves } from './moves.ts';
import { unfinished } from './properties.ts';
import { START } from './scenario.ts';
import type { State } from './state.ts';
import { receive, step } from './worker.ts';
import { initialState, type Model } from './world.ts';

export type Result =
  | {
      readonly kind: 'holds';
      readonly states: number;
      readonly transitions: number;
      /** What happened at least once, without names: `record, lost`. */
      readonly seen: ReadonlySet<string>;
      /** What can be out in the end: `a fresh 1, b superseded, c fresh 2`; the numbers are the order of the sequences. */
      readonly outcomes: ReadonlySet<string>;
    }
  | {
      readonly kind: 'violated';
      readonly promise: string;
      /** The shortest way there. */
      readonly trace: readonly string[];
    };

/** How a state was reached; the states themselves are forgotten. */
interface Way {
  readonly step: string;
  readonly from: Way | undefined;
}

interface Reached {
  readonly state: State;
  readonly way: Way | undefined;
}

/** Breadth first through every reachable state, so that the first violation found has the shortest trace. */
export function explore(model: Model): Result {
  const keyOf = canonicalKeys(model);
  const visited = new Set<string>();
  const seen = new Set<string>();
  const outcomes = new Set<string>();
  let transitions = 0;
  let frontier: readonly Reached[] = [{ state: initialState(model), way: undefined }];
  while (frontier.length > 0) {
    const next: Reached[] = [];
    for (const { state: before, way } of frontier) {
      const stuck = settle(model, before);
      if (stuck !== undefined) return violated(stuck.promise, way, stuck.trace);
      if (isFinished(before)) outcomes.add(outcome(model, before));
      for (const { who, what, state } of moves(model, before)) {
        seen.add(what);
        next.push({ state, way: { step: `${who}: ${what}`, from: way } });
      }
    }
    const broken = next.find(({ state }) => state.violation !== undefined);
    if (broken !== undefined) return violated(broken.state.violation ?? '', broken.way, []);
    transitions += next.length;
    frontier = next.filter(({ state }) => !isKnown(keyOf(state), visited));
  }
  return { kind: 'holds', states: visited.size, transitions, seen, outcomes };
}

function isKnown(key: string, visited: Set<string>): boolean {
  return visited.has(key) || visited.add(key) !== visited;
}

function isFinished(state: State): boolean {
  return !state.copies.some((copy) => isOpen(state, copy));
}

function violated(promise: string, way: Way | undefined, more: readonly string[]): Result {
  const trace: string[] = [];
  for (let at = way; at !== undefined; at = at.from) trace.unshift(at.step);
  return { kind: 'violated', promise, trace: [...trace, ...more] };
}

function outcome(model: Model, { published }: State): string {
  const sequences = published.flatMap(({ standing }) => sequenceOf(standing) ?? []);
  const order = [...new Set(sequences)].sort();
  const parts = published.map(({ event, standing, repeatOf }) => {
    const sequence = sequenceOf(standing);
    const place = sequence === undefined ? '' : ` ${order.indexOf(sequence) + 1}`;
    const repeat = repeatOf === undefined ? '' : ` (repeats ${repeatOf})`;
    return `${model.scenario.events[event]?.name} ${standing.verdict}${place}${repeat}`;
  });
  return [...new Set(parts)].sort().join(', ');
}

/** So often the remaining copies are tried, each time after all leases have ended. */
const ROUNDS = 4;

/**
 * Liveness: when nobody works, and from now on every call succeeds, is every event published or dead in the end? Rows that
 * have expired are not deleted meanwhile: nothing may wait for that.
 */
function settle(
  model: Model,
  idle: State,
): { readonly promise: string; readonly trace: readonly string[] } | undefined {
  if (idle.copies.some(({ place }) => place === 'worker')) return undefined;
  const latest = Math.max(...idle.copies.map(({ arrives }) => arrives));
  let state: State = { ...idle, now: Math.max(idle.now, latest) };
  const trace: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const index of state.copies.keys()) {
      if (state.copies[index]?.place !== 'queue') continue;
      trace.push(`copy ${index} is worked on at ${state.now / 1000} s`);
      state = work(model, state, index);
      if (state.violation !== undefined) return { promise: state.violation, trace };
    }
    const leases = Object.values(state.rows).map(({ lease }) => Number(lease ?? 0) - START);
    state = { ...state, now: Math.max(state.now, ...leases) + 1_000 };
  }
  const promise = state.copies.some(({ place }) => place === 'queue')
    ? `liveness: a copy is never finished`
    : unfinished(model, state);
  return promise === undefined ? undefined : { promise, trace };
}

function work(model: Model, from: State, index: number): State {
  let state = receive(model, from, index);
  while (state.copies[index]?.place === 'worker' && state.violation === undefined) {
    state = step(model, state, index, 'ok');
  }
  return state;
}
