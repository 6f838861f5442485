import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fate } from './model/memory-ports.ts';
import { type Change, changes, type Published, processWorld, type World } from './process-world.ts';

/** Some events of two resources; versions can tie or be missing. */
const events: fc.Arbitrary<readonly Change[]> = fc
  .array(
    fc.record(
      { subject: fc.constantFrom('s', 't'), version: fc.integer({ min: 1, max: 3 }) },
      { requiredKeys: [] },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((all) => all.map((traits, index) => ({ id: `e${index}`, ...traits })));

/** Which events each delivery brings, so that one event comes by several. */
const deliveries = fc.array(fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 }), {
  minLength: 2,
  maxLength: 6,
});

const CRASHES: readonly Fate[] = ['is never made, since its worker dies', 'is done, and its worker dies'];
const FAULTS: readonly Fate[] = ['fails', 'is done, but its answer is lost'];

interface Races {
  readonly world: World;
  readonly all: readonly Change[];
}

/** Four workers take the deliveries one by one at the same time, in any order of their calls; then what is left is worked off. */
async function race(
  scheduler: fc.Scheduler,
  all: readonly Change[],
  brought: readonly (readonly number[])[],
  fate: (index: number) => Fate,
): Promise<Races> {
  const world = processWorld();
  const used = new Map<string, Change>();
  for (const indexes of [...brought, [0]]) {
    const some = indexes.map((index) => all[index % all.length]).filter((one) => one !== undefined);
    const distinct = [...new Set(some)];
    for (const one of distinct) used.set(one.id, one);
    world.accept(changes(...distinct));
  }
  const turn = scheduler.scheduleFunction(async () => {});
  const workers = [1, 2, 3, 4].map(() =>
    world.invoke({ turn, batchSize: 2, fate: (_call, index) => fate(index) }),
  );
  await scheduler.waitFor(Promise.all(workers));
  await world.drain();
  return { world, all: [...used.values()] };
}

function expectKept({ world, all }: Races, copiesAllowed: boolean): void {
  const out = world.published();
  expect([...new Set(out.map(({ id }) => id))].sort()).toEqual(all.map(({ id }) => id).sort());
  if (!copiesAllowed) expect(out).toHaveLength(all.length);
  const versions = new Map(all.map(({ id, version }) => [id, version]));
  for (const subject of ['s', 't'])
    expectOrder(
      out.filter((one) => one.subject === subject),
      versions,
    );
}

function expectOrder(out: readonly Published[], versions: ReadonlyMap<string, number | undefined>): void {
  const states = [
    ...new Set(out.flatMap(({ id, sequence }) => (sequence === undefined ? [] : [`${sequence} ${id}`]))),
  ];
  const [sequences, ids] = [0, 1].map((part) => new Set(states.map((state) => state.split(' ')[part])));
  // One event, one sequence; and one sequence, one event.
  expect([sequences?.size, ids?.size]).toEqual([states.length, states.length]);
  const inOrder = states.sort().map((state) => versions.get(state.slice(17)) ?? Number.NaN);
  for (const [place, version] of inOrder.entries()) {
    if (place > 0) expect(version).toBeGreaterThan(inOrder[place - 1] ?? Number.NaN);
  }
}

test('workers that race for the same events publish each once, and keep the order of states', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), events, deliveries, async (scheduler, all, brought) => {
      expectKept(await race(scheduler, all, brought, () => 'done'), false);
    }),
    { numRuns: 300 },
  );
});

test('a call that fails or whose answer is lost in the middle of a race loses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      events,
      deliveries,
      fc.nat(40),
      fc.constantFrom(...FAULTS),
      async (scheduler, all, brought, at, what) => {
        const races = await race(scheduler, all, brought, (index) => (index === at ? what : 'done'));
        const unknown = what !== 'fails' && races.world.cloud.calls[at]?.name === 'topic.publish';
        expectKept(races, unknown);
      },
    ),
    { numRuns: 300 },
  );
});

test('a worker that dies in the middle of a race loses nothing, and the copies have the same sequence', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      events,
      deliveries,
      fc.nat(40),
      fc.constantFrom(...CRASHES),
      async (scheduler, all, brought, at, what) => {
        expectKept(await race(scheduler, all, brought, (index) => (index === at ? what : 'done')), true);
      },
    ),
    { numRuns: 300 },
  );
});
