import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ApiBudget, apiBudget } from '../../../lib/core/api/api-budget.ts';
import type { ReconciledSource } from '../../../lib/core/api/api-request.ts';
import type { Permit } from '../../../lib/core/api/draw-permits.ts';
import { type KindRead, markOf } from '../../../lib/core/api/kind-read.ts';
import type { Ledger } from '../../../lib/core/ports.ts';
import type { Rate } from '../../../lib/core/provider-api.ts';
import { apiRow } from '../../../lib/core/row-key.ts';
import { parseSources } from '../../../lib/core/source.ts';
import { memoryCloud, memoryWorker, type WorkerOptions } from '../model/memory-ports.ts';
import { shop } from '../process-world.ts';

const START = 1_795_000_000_000;

function sourceOf(rate: Rate): ReconciledSource {
  const [source] = parseSources({
    shop: {
      provider: {
        ...shop,
        api: { baseUrls: { live: 'https://api.shop.example' }, auth: [{ kind: 'basic' }], rate },
      },
      reconcile: 'always',
    },
  });
  return source as ReconciledSource;
}

/** Sandboxes on one ledger. */
function sandboxes(rate: Rate) {
  const cloud = memoryCloud();
  const clock = { now: START };
  const source = sourceOf(rate);
  return {
    cloud,
    clock,
    source,
    open: (options: WorkerOptions = {}, random = 0): ApiBudget => {
      const { ledger } = memoryWorker(cloud, options).ports;
      return apiBudget(source, { ledger, now: () => clock.now, random: () => random });
    },
    calls: (): readonly string[] => cloud.calls.splice(0).map(({ name }) => name),
  };
}

const isPermit = (given: Awaited<ReturnType<ApiBudget['permit']>>): given is Permit => !('kind' in given);
const permits = (budget: ApiBudget, count: number) =>
  Promise.all(Array.from({ length: count }, () => budget.permit()));

describe('permits', () => {
  test('for a batch cost one read and one write', async () => {
    const { open, calls, clock } = sandboxes({ perSecond: 100, burst: 100 });
    const budget = open();
    expect((await permits(budget, 40)).every(isPermit)).toBe(true);
    expect(calls()).toEqual(['ledger.read', 'ledger.write']);
    clock.now += 1_000;
    await permits(budget, 3);
    expect(calls()).toEqual(['ledger.read', 'ledger.write']);
  });

  test('that are not there are waited for one after the other, and not by all sandboxes for as long', async () => {
    const { open } = sandboxes({ perSecond: 0.5, burst: 2 });
    const given = await permits(open(), 6);
    expect(given.map((one) => (isPermit(one) ? 'permit' : one.afterSeconds))).toEqual([
      'permit',
      'permit',
      2,
      4,
      6,
      8,
    ]);
    const other = await permits(open({}, 0.99), 2);
    expect(other).toMatchObject([
      { kind: 'unknown', reason: 'no-permit', afterSeconds: 3 },
      { kind: 'unknown', reason: 'no-permit', afterSeconds: 5 },
    ]);
  });

  test('are neither lost nor given twice when a sandbox knows an old row', async () => {
    const { open } = sandboxes({ perSecond: 1, burst: 4 });
    const [one, other] = [open(), open()];
    const given = [...(await permits(one, 1)), ...(await permits(other, 1)), ...(await permits(one, 9))];
    // Four at once, and one a second ahead.
    expect(given.filter(isPermit)).toHaveLength(5);
  });

  test('are drawn by both of two sandboxes that read at the same time', async () => {
    const { open } = sandboxes({ perSecond: 1, burst: 4 });
    const given = await Promise.all([permits(open(), 2), permits(open(), 2)]);
    expect(given.flat().filter(isPermit)).toHaveLength(4);
  });

  test('are not given when the ledger fails, which is no bug, and are when it works again', async () => {
    const { open } = sandboxes({ perSecond: 1, burst: 4 });
    let fails = true;
    const budget = open({ fate: () => (fails ? 'is done, but its answer is lost' : 'done') });
    expect(await permits(budget, 2)).toMatchObject([
      { reason: 'infrastructure' },
      { reason: 'infrastructure' },
    ]);
    fails = false;
    expect(isPermit(await budget.permit())).toBe(true);
  });

  test('are never promised by a bug', async () => {
    const { source } = sandboxes({ perSecond: 1, burst: 4 });
    const ledger: Ledger = {
      read: async () => {
        throw new TypeError('x is undefined');
      },
      write: () => expect.fail(),
    };
    const budget = apiBudget(source, { ledger, now: () => START, random: () => 0 });
    await expect(budget.permit()).rejects.toThrow(TypeError);
    await expect(budget.permit()).rejects.toThrow(TypeError);
  });

  test('are within the rate, and everybody gets an answer, however the calls of sandboxes interleave and fail', async () => {
    const fates = fc.infiniteStream(
      fc.constantFrom('done', 'done', 'done', 'fails', 'is done, but its answer is lost', 'is throttled'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fates,
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 4 }),
        async (scheduler, fate, wanted) => {
          const { open } = sandboxes({ perSecond: 2, burst: 5 });
          const options = (): WorkerOptions => ({
            turn: () => scheduler.schedule(Promise.resolve()),
            fate: () => fate.next().value ?? 'done',
          });
          const asked = wanted.map((count) => permits(open(options()), count));
          const given = (await scheduler.waitFor(Promise.all(asked))).flat();
          expect(given).toHaveLength(wanted.reduce((sum, count) => sum + count, 0));
          // The burst, and two of the second ahead.
          expect(given.filter(isPermit).length).toBeLessThanOrEqual(7);
        },
      ),
    );
  });
});

describe('what is noted', () => {
  const permit = { at: START };

  test('is nothing, when all is well', async () => {
    const { open, calls } = sandboxes({ perSecond: 1, burst: 4 });
    const budget = open();
    await budget.permit();
    calls();
    await budget.note({ permit, health: 'up' });
    expect(calls()).toEqual([]);
  });

  test('of a batch that fails is five failures, however many there are', async () => {
    const { open, calls, cloud, source } = sandboxes({ perSecond: 50, burst: 50 });
    const budget = open();
    await permits(budget, 30);
    calls();
    await Promise.all(Array.from({ length: 30 }, () => budget.note({ permit, health: 'down' })));
    expect(calls()).toEqual(Array.from({ length: 5 }, () => 'ledger.write'));
    expect(cloud.rows.get(apiRow(source.name))).toMatchObject({ failures: 5, openUntil: START + 30_000 });
  });

  test('counts on from what other sandboxes have noted', async () => {
    const { open, cloud, source } = sandboxes({ perSecond: 50, burst: 50 });
    const [one, other] = [open(), open()];
    await Promise.all([one.permit(), other.permit()]);
    for (const budget of [one, other, one, other]) await budget.note({ permit, health: 'down' });
    expect(cloud.rows.get(apiRow(source.name))).toMatchObject({ failures: 4 });
  });

  test('and gets lost is no failure of the question', async () => {
    const { open } = sandboxes({ perSecond: 50, burst: 50 });
    let fails = false;
    const budget = open({ fate: () => (fails ? 'fails' : 'done') });
    await budget.permit();
    fails = true;
    await budget.note({ permit, health: 'down' });
    fails = false;
    await budget.note({ permit, health: 'down' });
  });
});

describe('a kind that was read', () => {
  const permit = { at: START };
  const charge = (api: string): KindRead => ({
    kind: 'charge',
    key: markOf('shop' as ReconciledSource['name'], api),
  });

  test('is known for ever to all sandboxes, by the key that has read it', async () => {
    const { open, clock } = sandboxes({ perSecond: 50, burst: 50 });
    const budget = open();
    await budget.permit();
    expect(budget.hasRead(charge('key'))).toBe(false);
    await budget.note({ permit, health: 'up', read: charge('key') });
    expect(budget.hasRead(charge('key'))).toBe(true);
    clock.now += 365 * 86_400_000;
    const other = open();
    await other.permit();
    expect(other.hasRead(charge('key'))).toBe(true);
    expect(other.hasRead(charge('another key'))).toBe(false);
    expect(other.hasRead({ ...charge('key'), kind: 'refund' })).toBe(false);
  });

  test('is written once', async () => {
    const { open, calls } = sandboxes({ perSecond: 50, burst: 50 });
    const budget = open();
    await budget.permit();
    calls();
    await Promise.all(
      Array.from({ length: 5 }, () => budget.note({ permit, health: 'up', read: charge('key') })),
    );
    expect(calls()).toEqual(['ledger.write']);
  });

  test('is a word, of which there are few: a subject can begin with anything', async () => {
    const { open, cloud, source } = sandboxes({ perSecond: 50, burst: 50 });
    const budget = open();
    await budget.permit();
    const { key } = charge('key');
    for (const kind of [
      '',
      'a b',
      'x'.repeat(129),
      '../x',
      ...Array.from({ length: 300 }, (_, index) => `k${index}`),
    ])
      await budget.note({ permit, health: 'up', read: { kind, key } });
    const kinds = Object.keys(cloud.rows.get(apiRow(source.name)) ?? {}).filter((name) =>
      name.startsWith('read-'),
    );
    expect(kinds).toHaveLength(200);
    expect(kinds.every((name) => /^read-k\d+$/.test(name))).toBe(true);
    const other = { kind: 'k7', key: charge('another key').key };
    await budget.note({ permit, health: 'up', read: other });
    expect(budget.hasRead(other)).toBe(true);
  });

  test('says next to nothing of its key', () => {
    expect(charge('key').key).toMatch(/^[0-9a-f]{4}$/);
  });
});
