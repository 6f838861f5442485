/** Numbers in [0, 1) that a seed decides. */
export type Random = () => number;

/** Mulberry32: small, and even enough to shuffle with. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}

/** @throws {RangeError} when there is nothing to pick from. */
export function pick<T>(from: readonly T[], random: Random): T {
  const one = from[below(from.length, random)];
  if (one === undefined) throw new RangeError('nothing to pick from');
  return one;
}

/** Fisher and Yates. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = below(last + 1, random);
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
}
