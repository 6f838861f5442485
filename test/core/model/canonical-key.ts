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
  return (state) => {
    const open = new Set(state.copies.filter((copy) => isOpen(state, copy)).map((copy) => copy.event));
    const rank = sequenceRanks(model, state, open);
    const holders = new Set(Object.values(state.rows).map((row) => row.token));
    const rows = readRows(model, state, open).map((key) => {
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

function readRows(model: Model, state: State, open: ReadonlySet<number>): readonly RowKey[] {
  const read = new Set<RowKey>(state.orphan === undefined ? [] : [state.orphan.write.key]);
  for (const index of open) {
    const { source, key, subject, content } = (model.scenario.events[index] as ModelEvent).event;
    read.add(eventRow(source, key));
    if (subject !== undefined) read.add(subjectRow(source, subject));
    if (content !== undefined) read.add(contentRow(source, content));
  }
  return [...read].sort();
}

/** Longer than any chain of events that each count one up from the last. */
const FAR = 16;

function sequenceRanks(
  model: Model,
  state: State,
  open: ReadonlySet<number>,
): (sequence: string | number | undefined) => string {
  const values = new Set<number>();
  const add = (sequence: string | number | undefined): void => {
    if (sequence !== undefined) values.add(Number(sequence));
  };
  for (const row of Object.values(state.rows)) add(row.sequence);
  for (const { standing } of state.published) add(sequenceOf(standing));
  for (const { task } of state.copies) {
    add(task?.commit?.sequence);
    add(task?.standing && sequenceOf(task.standing));
  }
  add(state.orphan?.write.set.sequence);
  // What a worker's clock may still give.
  for (const time of [state.now, ...model.scenario.times.filter((one) => one > state.now)])
    for (const event of open)
      values.add((START + time) * 1000 + (model.scenario.events[event] as ModelEvent).skew);
  const ranks = new Map<number, string>();
  let [last, rank] = [0, 0];
  for (const value of [...values].sort((a, b) => a - b)) {
    rank += Math.min(FAR, value - last);
    last = value;
    ranks.set(value, String(rank));
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
