/**
 * Chance that a seed decides by names: a name always falls the same way, whatever else happens. So when something is left out of a
 * run, all that it did not touch stays as it was, and what breaks can be made small.
 */
export interface Dice {
  /** In [0, 1). */
  roll(name: string): number;
  between(low: number, high: number, name: string): number;
  /** @throws {RangeError} when there is nothing to pick from. */
  pick<T>(from: readonly T[], name: string): T;
}

/** @example dice(7).roll('outage of sqs') // the same number every time */
export function dice(seed: number): Dice {
  const salt = mixed(Math.imul(seed, 0x9e3779b1) + 0x7f4a7c15);
  const roll = (name: string): number => hash(salt, name) / 2 ** 32;
  return {
    roll,
    between: (low, high, name) => low + (high - low) * roll(name),
    pick(from, name) {
      const one = from[Math.floor(roll(name) * from.length)];
      if (one === undefined) throw new RangeError(`nothing to pick from: ${name}`);
      return one;
    },
  };
}

/** FNV-1a, then the last step of MurmurHash3, since names often differ in their last character only. */
function hash(salt: number, name: string): number {
  let state = salt ^ 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1)
    state = Math.imul(state ^ name.charCodeAt(index), 0x01000193);
  return mixed(state);
}

function mixed(number: number): number {
  let state = number ^ (number >>> 16);
  state = Math.imul(state, 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
