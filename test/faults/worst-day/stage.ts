import type { EpochMs } from '../../../lib/core/request.ts';
import { type Chances, chances } from './chances.ts';
import { type Dice, dice } from './dice.ts';
import { type Story, story } from './story.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

/** When every day begins. */
export const DAWN: EpochMs = Date.UTC(2026, 10, 24);

/** What everybody in a simulated day has in common. */
export interface Stage {
  readonly time: VirtualTime;
  readonly dice: Dice;
  /** What a day brings: changes, repeats, requests of strangers. */
  readonly course: Chances;
  /** What goes wrong; the day's end is without. */
  readonly faults: Chances;
  /** Names of all that has happened by chance, in order. */
  readonly happened: readonly string[];
  readonly story: Story;
  readonly temper: Temper;
  /** Tells calls of the same name apart: `GetObject x`, `GetObject x (2)`. */
  nth(name: string): string;
  /** A promise was broken. The first one ends the day. */
  broken(violation: Violation): void;
  readonly violation: Violation | undefined;
}

/** Which promise, in which way; the names are those of resources and events, by which the story is searched. */
export interface Violation {
  readonly promise: 'P1' | 'P2' | 'P3' | 'P4' | 'end' | 'bug';
  readonly words: string;
  readonly about: readonly string[];
}

/** How bad the day is: the probability that something goes wrong with one call, with one process at one call, and so on. */
interface Temper {
  readonly calls: number;
  readonly deaths: number;
  /** Of outages, each some minutes long, of each service. */
  readonly outages: number;
  /** That a message, a request or a record comes twice. */
  readonly doubles: number;
}

export interface StageOptions {
  readonly seed: number;
  /** Of what may happen, only this does. */
  readonly only?: ReadonlySet<string>;
  readonly told?: 'told' | 'untold';
}

export function openStage({ seed, only, told = 'untold' }: StageOptions): Stage {
  const time = virtualTime(DAWN);
  const all = dice(seed);
  const occurrences = { happened: [], ...(only && { only }) };
  const counts = new Map<string, number>();
  let violation: Violation | undefined;
  return {
    time,
    dice: all,
    course: chances(all, occurrences),
    faults: chances(all, occurrences),
    happened: occurrences.happened,
    story: story(time.now, told),
    temper: {
      calls: all.pick([0, 0.003, 0.015, 0.06], 'temper of calls'),
      deaths: all.pick([0, 0.001, 0.005, 0.02], 'temper of processes'),
      outages: all.pick([0, 1, 2], 'temper of services'),
      doubles: all.pick([0, 0.02, 0.1], 'temper of networks'),
    },
    nth(name) {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return count === 1 ? name : `${name} (${count})`;
    },
    broken(found) {
      violation ??= found;
    },
    get violation() {
      return violation;
    },
  };
}
