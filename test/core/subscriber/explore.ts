/** Picks one of `count` possibilities, 0 to `count` - 1. */
export type Choose = (count: number) => number;

/**
 * Runs a scenario once for each sequence of choices that it can make, depth first, and returns how many there were.
 * The scenario must make its choices alone by `choose`, so that it can be run again up to any of them.
 */
export async function explore(scenario: (choose: Choose) => Promise<void>): Promise<number> {
  let path: { readonly taken: number; readonly of: number }[] = [];
  let runs = 0;
  do {
    let depth = 0;
    const walked = path;
    await scenario((count) => {
      walked[depth] ??= { taken: 0, of: count };
      const { taken } = walked[depth++] as { taken: number };
      return taken;
    });
    runs += 1;
    path = next(walked);
  } while (path.length > 0);
  return runs;
}

function next(path: readonly { readonly taken: number; readonly of: number }[]) {
  const last = path.findLastIndex(({ taken, of }) => taken < of - 1);
  return path.slice(0, last + 1).map((step, at) => (at === last ? { ...step, taken: step.taken + 1 } : step));
}

/** Workers that stop at gates, so that somebody else decides who goes on. */
export interface Gates {
  /** Resolves when the worker may go on; never, when it has crashed. */
  pass(worker: number): Promise<void>;
  /** The workers that wait at a gate, once all that can run has run. */
  waiting(): Promise<readonly number[]>;
  open(worker: number): void;
  crash(worker: number): void;
}

export function gates(): Gates {
  const closed = new Map<number, () => void>();
  return {
    pass: (worker) => new Promise((resolve) => closed.set(worker, resolve)),
    async waiting() {
      // All promises that can settle have settled when the event loop comes round.
      await new Promise((resolve) => setImmediate(resolve));
      return [...closed.keys()].sort((a, b) => a - b);
    },
    open(worker) {
      const resolve = closed.get(worker);
      closed.delete(worker);
      resolve?.();
    },
    crash: (worker) => closed.delete(worker),
  };
}
