import type { Row, RowKey } from '../../../lib/core/conditional-write.ts';
import { contentRow, eventRow, subjectRow } from '../../../lib/core/row-key.ts';
import { type ModelEvent, START } from './scenario.ts';
import { type Copy, type Orphan, type Publication, type State, tokenOf } from './state.ts';
import type { Model } from './world.ts';

/**
 * Gives the same text for states that no property can tell apart:
 * - workers have no names, and copies of one event are exchangeable;
 * - of an event whose copies are all finished only what is out counts, not how it came about;
 * - rows that nobody will look at again don't count;
 * - of sequences only the order counts, and whether they are so near that counting up from one could reach the next.
 */
export function canonicalKeys(model: Model): (state: State) => string {
  const texts = shortTexts();
  const aheadOf = looksAhead(model);
  return (state) => {
    const open = new Set<number>();
    for (const copy of state.copies) if (isOpen(state, copy)) open.add(copy.event);
    const ahead = aheadOf(state, open);
    const rank = sequenceRanks(state, ahead.clocks);
    const holders = new Set(Object.values(state.rows).map((row) => row.token));
    const rows = ahead.rows.map((key) => {
      const row = state.rows[key];
      return row === undefined ? '' : `${texts.row(row)}.${rank(row.sequence)}`;
    });
    const copies = state.copies.map((copy, index) => {
      const { commit, standing } = copy.task ?? {};
      const holds = holders.has(tokenOf(index)) ? 'h' : '';
      return `${texts.copy(copy)}.${rank(commit?.sequence)}.${rank(standing && sequenceOf(standing))}${holds}`;
    });
    const out = state.published.map(
      (one) =>
        `${texts.publication(one)}.${rank(sequenceOf(one.standing))}.${open.has(one.event) ? one.epoch : ''}`,
    );
    const published = out.filter(
      (text, index) => open.has(state.published[index]?.event ?? -1) || out.indexOf(text) === index,
    );
    const accounts = [...open].map((event) => {
      const { epoch, allowed, recordedUntil } = state.accounts[event] ?? {};
      return `${epoch}.${allowed}.${recordedUntil}`;
    });
    const { orphan, left } = state;
    const late = orphan === undefined ? '' : `${texts.orphan(orphan)}.${rank(orphan.write.set.sequence)}`;
    return [
      state.now,
      `${left.crashes}.${left.faults}.${left.refusals}.${left.redrives}`,
      rows.join(),
      copies.sort().join(),
      published.sort().join(),
      accounts.join(),
      late,
    ].join('|');
  };
}

/** Has somebody still something to do with this copy? */
export function isOpen(state: State, { place }: Copy): boolean {
  return place === 'queue' || place === 'worker' || (place === 'dead letters' && state.left.redrives > 0);
}

export function sequenceOf(standing: Publication['standing']): string | undefined {
  return 'sequence' in standing ? standing.sequence : undefined;
}

/** What the workers of open copies may still look at, and the sequences that their clocks may still give. */
interface Ahead {
  readonly rows: readonly RowKey[];
  readonly clocks: readonly number[];
}

function looksAhead(model: Model): (state: State, open: ReadonlySet<number>) => Ahead {
  const known = new Map<string, Ahead>();
  return (state, open) => {
    const name = `${state.now} ${[...open].join()} ${state.orphan?.write.key}`;
    const ahead = known.get(name) ?? lookAhead(model, state, open);
    known.set(name, ahead);
    return ahead;
  };
}

function lookAhead(model: Model, state: State, open: ReadonlySet<number>): Ahead {
  const events = [...open].map((index) => model.scenario.events[index] as ModelEvent);
  const rows = events.flatMap(({ event: { source, key, subject, content } }) => [
    eventRow(source, key),
    ...(subject === undefined ? [] : [subjectRow(source, subject)]),
    ...(content === undefined ? [] : [contentRow(source, content)]),
  ]);
  const late = state.orphan === undefined ? [] : [state.orphan.write.key];
  const times = [state.now, ...model.scenario.times.filter((one) => one > state.now)];
  return {
    rows: [...new Set([...rows, ...late])].sort(),
    clocks: times.flatMap((time) => events.map(({ skew }) => (START + time) * 1000 + skew)),
  };
}

/** Longer than any chain of events that each count one up from the last. */
const FAR = 16;

function sequenceRanks(
  state: State,
  clocks: readonly number[],
): (sequence: string | number | undefined) => number | string {
  const values = [...clocks];
  const add = (sequence: string | number | undefined): void => {
    if (sequence !== undefined) values.push(Number(sequence));
  };
  for (const row of Object.values(state.rows)) add(row.sequence);
  for (const { standing } of state.published) add(sequenceOf(standing));
  for (const { task } of state.copies) {
    add(task?.commit?.sequence);
    add(task?.standing && sequenceOf(task.standing));
  }
  add(state.orphan?.write.set.sequence);
  values.sort((a, b) => a - b);
  const ranks = new Map<number, number>();
  let [last, rank] = [0, 0];
  for (const value of values) {
    rank += Math.min(FAR, value - last);
    last = value;
    ranks.set(value, rank);
  }
  return (sequence) => (sequence === undefined ? '' : (ranks.get(Number(sequence)) ?? '?'));
}

/** Short names for the parts of states, without their sequences. */
function shortTexts(): {
  readonly row: (row: Row) => number;
  readonly copy: (copy: Copy) => number;
  readonly publication: (publication: Publication) => number;
  readonly orphan: (orphan: Orphan) => number;
} {
  const numbers = new Map<string, number>();
  const short = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  return {
    // Whose claim it is, is said with the copy.
    row: once(({ sequence: _sequence, token, ...cells }: Row) =>
      short(JSON.stringify([Object.entries(cells).sort(), String(token).startsWith('worker') || token])),
    ),
    copy: once(({ event, arrives, place, again, task }: Copy) => {
      const mine = [event, arrives, place, place === 'queue' && again];
      if (task === undefined) return short(JSON.stringify(mine));
      const { stage, claim, repeatOf, clock, standing, cause, holds } = task;
      return short(
        JSON.stringify([...mine, stage, claim.now, repeatOf, clock?.now, standing?.verdict, cause, holds]),
      );
    }),
    publication: once(({ event, standing, repeatOf }: Publication) =>
      short(JSON.stringify([event, standing.verdict, repeatOf])),
    ),
    orphan: once(({ write: { set, ...write }, stage }: Orphan) =>
      short(JSON.stringify([write.key, write.condition, { ...set, sequence: '' }, stage])),
    ),
  };
}

function once<T extends object>(make: (it: T) => number): (it: T) => number {
  const made = new WeakMap<T, number>();
  return (it) => {
    const known = made.get(it);
    if (known !== undefined) return known;
    const number = make(it);
    made.set(it, number);
    return number;
  };
}
