import { describe, expect, test } from 'vitest';
import type { ConditionalWrite } from '../../lib/core/conditional-write.ts';
import type { FetchAnswer } from '../../lib/core/ports.ts';
import { everyInterleaving, type Option, type Run } from './every-interleaving.ts';
import type { Fate, PortCall } from './model/memory-ports.ts';
import { changesOf, processWorld, type World } from './process-world.ts';

/** A resource that was changed so often; each change has an event, whose payload holds the state that it left behind. */
interface Play {
  readonly source: 'depot' | 'unsure';
  /** The version of a state in its event, and in the API: undefined where it has none. */
  readonly versionOf: (state: number) => number | undefined;
  readonly fetchedVersionOf?: (state: number) => number | undefined;
  readonly workers: number;
  /** Changes while the workers are at work; their events come last. */
  readonly changes: number;
  readonly crashes: number;
  readonly mistake?: (write: ConditionalWrite) => ConditionalWrite;
}

const COUNTED = (state: number): number => state;
/** As with a clock that counts in whole seconds: two states of each. */
const TIED = (state: number): number => Math.floor((state - 1) / 2);
const NONE = (): undefined => undefined;

/** Only these can be seen by another worker: all other calls of a worker happen with the one before. */
function isShared({ name, write }: PortCall): boolean {
  return (
    name === 'topic.publish' ||
    name === 'resources.read' ||
    name === 'ledger.read' ||
    write?.key.startsWith('subject#') === true
  );
}

function play({
  source,
  versionOf,
  fetchedVersionOf = versionOf,
  workers,
  changes: more,
  crashes,
  mistake,
}: Play): Run {
  const world = processWorld();
  let [state, moves, deaths] = [workers, more, crashes];
  const send = (of: number): void => {
    const version = versionOf(of);
    world.accept(
      changesOf(source, {
        id: `e${of}`,
        subject: 's',
        text: String(of),
        ...(version === undefined ? {} : { version }),
      }),
    );
  };
  const provider = async (): Promise<FetchAnswer> => {
    const version = fetchedVersionOf(state);
    return { kind: 'found', text: JSON.stringify({ state, ...(version === undefined ? {} : { version }) }) };
  };
  const waiting = new Map<number, { readonly call: PortCall; readonly go: (fate: Fate) => void }>();
  const over: Promise<unknown>[] = [];
  for (let worker = 1; worker <= workers; worker += 1) {
    send(worker);
    let fate: Fate = 'done';
    over.push(
      world.invoke({
        provider,
        batchSize: 1,
        // No two clocks are alike.
        skewMs: 1_000 * (workers - worker),
        ...(mistake && { mistake }),
        fate: () => {
          const mine = fate;
          fate = 'done';
          return mine;
        },
        turn: (call) =>
          isShared(call)
            ? new Promise((resolve) => {
                waiting.set(worker, {
                  call,
                  go: (decided) => {
                    fate = decided;
                    waiting.delete(worker);
                    resolve();
                  },
                });
              })
            : Promise.resolve(),
      }),
    );
  }
  const crash = (label: string, go: (fate: Fate) => void, fate: Fate): Option => ({
    label: `${label}: ${fate}`,
    take: () => {
      deaths -= 1;
      go(fate);
    },
  });
  return {
    options: () => {
      const options: Option[] = [...waiting].flatMap(([worker, { call, go }]) => {
        const { name } = call;
        const label = `worker ${worker}: ${name}${call.write === undefined ? '' : ' of the subject'}`;
        const deadly: readonly Fate[] =
          deaths === 0
            ? []
            : name === 'topic.publish' || call.write !== undefined
              ? ['is never made, since its worker dies', 'is done, and its worker dies']
              : ['is never made, since its worker dies'];
        return [{ label, take: () => go('done') }, ...deadly.map((fate) => crash(label, go, fate))];
      });
      if (moves > 0 && waiting.size > 0)
        options.push({
          label: 'the resource changes',
          take: () => {
            moves -= 1;
            state += 1;
          },
        });
      return options;
    },
    end: async () => {
      await Promise.all(over);
      for (let later = workers + 1; later <= state; later += 1) send(later);
      await world.drain({ provider, ...(mistake && { mistake }) });
      expectKept(world, state);
    },
  };
}

/** P4, and that the newest state is out: the provider's own. */
function expectKept(world: World, state: number): void {
  const states = world.published().flatMap(({ sequence, data }) => {
    if (sequence === undefined) return [];
    const resource = data?.resource as { readonly state: number } | undefined;
    const payload = data?.payload as { readonly text: string };
    return [{ sequence, state: resource?.state ?? Number(payload.text) }];
  });
  const inOrder = states.toSorted((a, b) => (a.sequence < b.sequence ? -1 : 1)).map((one) => one.state);
  expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
  expect(inOrder.at(-1)).toBe(state);
  for (const { verdict, sequence } of world.published())
    if (verdict === 'superseded' || verdict === 'unconfirmed') expect(sequence).toBeUndefined();
}

const KINDS = {
  'a version each': { versionOf: COUNTED },
  'two of each version': { versionOf: TIED },
  'no version': { versionOf: NONE },
  'versions that the API does not know': { versionOf: COUNTED, fetchedVersionOf: NONE },
} as const;

const SIZES = [
  { title: 'two workers, a change meanwhile', workers: 2, changes: 1, crashes: 0 },
  { title: 'two workers, a crash', workers: 2, changes: 0, crashes: 1 },
] as const;

const plays = (['depot', 'unsure'] as const).flatMap((source) =>
  Object.entries(KINDS).flatMap(([kind, versions]) =>
    SIZES.map(({ title, ...size }) => ({
      ...versions,
      ...size,
      source,
      title: `${source === 'depot' ? 'always reconciled' : 'reconciled when unsure'}, ${kind}: ${title}`,
    })),
  ),
);

describe('in every order of the calls a higher sequence is no older state, and the last one is the provider’s', {
  timeout: 120_000,
}, () => {
  test.each(plays)('$title', async (one) => {
    expect(await everyInterleaving(() => play(one))).toBeGreaterThan(30);
  });

  test('reconciled when unsure, two of each version: three workers', async () => {
    const three = { source: 'unsure', versionOf: TIED, workers: 3, changes: 0, crashes: 0 } as const;
    expect(await everyInterleaving(() => play(three))).toBeGreaterThan(500);
  });
});

const isFetched = ({ set }: ConditionalWrite): boolean => set.from === 'fetch';

describe('a planted mistake is found', { timeout: 120_000 }, () => {
  const search = (one: Play): Promise<number> => everyInterleaving(() => play(one));

  test('a state that is committed whatever was committed meanwhile', async () => {
    const mistake = ({ condition: _, ...write }: ConditionalWrite): ConditionalWrite => write;
    await expect(
      search({
        source: 'depot',
        versionOf: NONE,
        workers: 2,
        changes: 1,
        crashes: 0,
        mistake: (write) => (isFetched(write) ? mistake(write) : write),
      }),
    ).rejects.toThrow();
  });

  test('a state without a version that leaves the order to the versions before it', async () => {
    const mistake = (write: ConditionalWrite): ConditionalWrite => {
      const { fetchOnly: _, ...set } = write.set;
      return isFetched(write)
        ? { ...write, set, remove: (write.remove ?? []).filter((name) => name !== 'version') }
        : write;
    };
    const unsure = { source: 'unsure', versionOf: TIED, fetchedVersionOf: NONE, workers: 2 } as const;
    await expect(search({ ...unsure, changes: 2, crashes: 0, mistake })).rejects.toThrow();
    await expect(search({ ...unsure, changes: 2, crashes: 0 })).resolves.toBeGreaterThan(100);
  });

  test('a retry that takes what was fetched for what it carries', async () => {
    const mistake = (write: ConditionalWrite): ConditionalWrite =>
      isFetched(write) ? { ...write, set: { ...write.set, from: 'payload' } } : write;
    await expect(
      search({ source: 'unsure', versionOf: NONE, workers: 2, changes: 1, crashes: 1, mistake }),
    ).rejects.toThrow();
  });
});
