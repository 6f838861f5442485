import type { EpochMs } from '../../../lib/core/request.ts';

/** A clock that nothing but the simulation moves. */
export interface VirtualTime {
  /** Whole ms. */
  now(): EpochMs;
  /** @returns takes it back. */
  at(moment: EpochMs, event: () => void): () => void;
  after(ms: number, event: () => void): () => void;
  /**
   * Lets everything happen in its order, and lets all code that waits for it go on, until nothing is left, time is over, or it is
   * stopped.
   * @returns whether nothing was left.
   */
  play(until: EpochMs, isStopped: () => boolean): Promise<boolean>;
  /** Nothing is to happen until then. */
  jump(moment: EpochMs): void;
}

interface Happening {
  readonly moment: EpochMs;
  readonly order: number;
  event: (() => void) | undefined;
}

/** Real code waits for promises only, never for timers: when no callback is left, it waits for the simulation. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** @param start when it begins. */
export function virtualTime(start: EpochMs): VirtualTime {
  const heap = happenings();
  let time = start;
  let order = 0;
  const at = (moment: EpochMs, event: () => void): (() => void) => {
    const happening: Happening = { moment: Math.max(moment, time), order, event };
    order += 1;
    heap.push(happening);
    return () => {
      happening.event = undefined;
    };
  };
  return {
    now: () => Math.floor(time),
    at,
    after: (ms, event) => at(time + ms, event),
    async play(until, isStopped) {
      for (let next = heap.first(); next !== undefined; next = heap.first()) {
        if (next.moment > until || isStopped()) return false;
        heap.shift();
        if (next.event === undefined) continue;
        time = next.moment;
        next.event();
        await turn();
      }
      return true;
    },
    jump(moment) {
      time = Math.max(time, moment);
    },
  };
}

interface Happenings {
  push(one: Happening): void;
  first(): Happening | undefined;
  shift(): void;
}

/** A binary heap: the earliest first, of those at one moment the one that was put in first. */
function happenings(): Happenings {
  const all: Happening[] = [];
  const isBefore = (left: number, right: number): boolean => {
    const [a, b] = [all[left], all[right]];
    if (a === undefined || b === undefined) return a !== undefined;
    return a.moment === b.moment ? a.order < b.order : a.moment < b.moment;
  };
  const swap = (left: number, right: number): void => {
    [all[left], all[right]] = [all[right] as Happening, all[left] as Happening];
  };
  return {
    push(one) {
      all.push(one);
      for (let at = all.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },
    first: () => all[0],
    shift() {
      const last = all.pop();
      if (last === undefined || all.length === 0) return;
      all[0] = last;
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const child = isBefore(right, left) ? right : left;
        if (child >= all.length || !isBefore(child, at)) return;
        swap(at, child);
        at = child;
      }
    },
  };
}
