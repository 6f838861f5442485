/** One of the ways in which what is under way can go on. */
export interface Option {
  readonly label: string;
  readonly take: () => void;
}

/** One run: what can happen next, until nothing can. */
export interface Run {
  /** The options when everything has come to rest; none when the run is over. */
  options(): readonly Option[];
  /** Called when nothing can happen any more. What it throws fails the search, with the way that led there. */
  end(): Promise<void>;
}

/** Lets everything that needs no decision happen: what is awaited resolves within microtasks. */
const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Runs real code once for every order of its decisions, depth first; each run begins anew and repeats the decisions before it.
 * @returns how many runs there were.
 * @throws {Error} of the first run that fails, with its decisions.
 */
export async function everyInterleaving(begin: () => Run): Promise<number> {
  let [runs, path]: [number, readonly number[]] = [0, []];
  for (;;) {
    runs += 1;
    const { taken, open } = await follow(begin(), path);
    const last = open.findLastIndex((count, index) => (taken[index] ?? 0) + 1 < count);
    if (last === -1) return runs;
    path = [...taken.slice(0, last), (taken[last] ?? 0) + 1];
  }
}

async function follow(
  run: Run,
  path: readonly number[],
): Promise<{ readonly taken: readonly number[]; readonly open: readonly number[] }> {
  const [taken, open, labels]: [number[], number[], string[]] = [[], [], []];
  try {
    for (;;) {
      await rest();
      const options = run.options();
      if (options.length === 0) break;
      const choice = path[taken.length] ?? 0;
      taken.push(choice);
      open.push(options.length);
      const option = options[choice];
      if (option === undefined) throw new TypeError('the run does not repeat itself');
      labels.push(option.label);
      option.take();
    }
    await run.end();
  } catch (error) {
    throw new Error(`${(error as Error).message}\n  ${labels.join('\n  ')}`, { cause: error });
  }
  return { taken, open };
}
