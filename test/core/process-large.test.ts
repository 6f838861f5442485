import { describe, expect, test } from 'vitest';
import { TIME_FOR } from '../../lib/core/time-limits.ts';
import { callCounts, changes, LIFE_MS, outcomesOf, processWorld, START } from './process-world.ts';

describe('a delivery with many events', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => ({
    id: `e${index}`,
    subject: `s${index % 50}`,
    version: index,
  }));

  test('stops before the deadline, and goes on later without repeating what is recorded', async () => {
    const world = processWorld();
    world.accept(changes(...many));
    const first = await world.invoke({ callMs: 30 });
    expect(first).toEqual([{ kind: 'wait', id: 'm1', seconds: 0 }]);
    expect(world.now() - START).toBeLessThan(LIFE_MS);
    const so = world.published().length;
    expect(so).toBeGreaterThanOrEqual(100);
    expect(so).toBeLessThan(1_000);
    await world.drain({ callMs: 30 });
    expect(
      world
        .published()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(many.map(({ id }) => id).sort());
    const claims = world.cloud.calls.filter(({ write }) => write?.set.state === 'claimed');
    expect(claims).toHaveLength(1_000);
    expect(outcomesOf(world)).toHaveLength(1_000);
  });

  test('gets on by some events at each receive, however late their reading ends', async () => {
    const world = processWorld();
    world.accept(changes(...many));
    const fate = ({ name }: { readonly name: string }): 'done' => {
      if (name === 'ledger.read') world.pass(LIFE_MS - TIME_FOR.publish - 4_000);
      return 'done';
    };
    expect(await world.invoke({ fate })).toMatchObject([{ kind: 'wait', seconds: 0 }]);
    expect(world.published()).toHaveLength(100);
  });

  test('costs three writes for each event, and one read and a tenth of a publication', async () => {
    const world = processWorld();
    world.accept(changes(...many));
    await world.drain();
    expect(callCounts(world)).toEqual({ 'ledger.write': 3_000, 'ledger.read': 1, 'topic.publish': 100 });
  });

  test('whose message comes again reads what is recorded, and reports nothing twice', async () => {
    const world = processWorld();
    const copy = changes(...many);
    world.accept(copy);
    await world.drain();
    const [reports, writes] = [world.eventReports().length, callCounts(world)['ledger.write']];
    world.accept(copy);
    await world.drain();
    expect(world.eventReports()).toHaveLength(reports);
    expect(callCounts(world)['ledger.write']).toBe(writes);
    expect(world.published()).toHaveLength(1_000);
  });
});
