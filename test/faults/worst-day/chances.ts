import type { Dice } from './dice.ts';

/** What of all that may happen does happen, each by a name in plain words: by these a failing run is made small. */
export interface Chances {
  happens(name: string, probability: number): boolean;
  /** At most one of several things, by their probabilities; its name is `name: thing`. */
  oneOf<T extends string>(name: string, things: Odds<T>): T | undefined;
  /** From now on nothing of it happens. */
  end(): void;
}

export type Odds<T extends string> = readonly (readonly [thing: T, probability: number])[];

/** The names of what has happened, and of what alone may happen when a run is made small. */
export interface Occurrences {
  readonly happened: string[];
  readonly only?: ReadonlySet<string>;
}

export function chances(dice: Dice, { happened, only }: Occurrences): Chances {
  let ended = false;
  const note = (name: string): boolean => {
    if (only !== undefined && !only.has(name)) return false;
    happened.push(name);
    return true;
  };
  return {
    happens: (name, probability) => !ended && dice.roll(name) < probability && note(name),
    oneOf(name, things) {
      if (ended) return undefined;
      let left = dice.roll(name);
      for (const [thing, probability] of things) {
        if (left < probability) return note(`${name}: ${thing}`) ? thing : undefined;
        left -= probability;
      }
      return undefined;
    },
    end() {
      ended = true;
    },
  };
}
