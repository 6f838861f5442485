import { describe, expect, test } from 'vitest';
import { TOPIC_LIMIT } from '../../lib/core/cloud-event.ts';
import { changes, outcomesOf, processWorld } from './process-world.ts';

const done = { kind: 'done' };

describe('a topic', () => {
  test('that refuses one message makes that one a dead letter, and no other', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'bad' }, { id: 'a' }));
    world.accept(changes({ id: 'b' }));
    const publishAnswer = ({ message }: { readonly message: string }) =>
      message.includes('"id":"bad"')
        ? ({ kind: 'refused', cause: 'InvalidParameter' } as const)
        : ({ kind: 'published' } as const);
    expect(await world.invoke({ publishAnswer })).toMatchObject([done, done]);
    expect(world.published().map(({ id }) => id)).toEqual(['a', 'b']);
    expect(world.cloud.deadLetters.map(({ reason }) => reason)).toEqual(['publish-refused']);
    world.accept(changes({ id: 'bad' }, { id: 'a' }));
    await world.drain();
    expect(world.published().map(({ id }) => id)).toEqual(['a', 'b', 'bad']);
  });

  test('that refuses a whole call for one message is asked for each alone', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'a' }, { id: 'b' }, { id: 'c' }));
    await world.invoke({
      fate: ({ name, size }) => (name === 'topic.publish' && size > 1 ? 'is refused' : 'done'),
    });
    expect(world.published().map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('that refuses every call, since its policy is wrong, makes no dead letters', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'a' }, { id: 'b' }));
    for (let round = 0; round < 5; round += 1) {
      world.pass(900_000);
      expect(
        await world.invoke({ fate: ({ name }) => (name === 'topic.publish' ? 'is refused' : 'done') }),
      ).toMatchObject([{ kind: 'wait' }]);
    }
    expect(world.cloud.deadLetters).toEqual([]);
    await world.drain();
    expect(world.published().map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('that fails for long makes the wait grow, and in the end one dead letter with both reasons told', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'a' }, { id: 'b' }));
    const waits: number[] = [];
    while (world.queue.length > 0) {
      world.pass(900_000);
      for (const outcome of (await world.invoke({
        fate: ({ name }) => (name === 'topic.publish' ? 'fails' : 'done'),
      })) ?? []) {
        if (typeof outcome === 'object' && outcome.kind === 'wait') waits.push(outcome.seconds);
      }
    }
    expect(waits).toHaveLength(49);
    expect(waits.slice(0, 11)).toEqual([2, 3, 6, 12, 24, 48, 96, 192, 384, 675, 675]);
    expect(world.cloud.deadLetters.map(({ reason }) => reason)).toEqual(['attempts-exhausted']);
    expect(outcomesOf(world).slice(-2)).toEqual(['a dead', 'b dead']);
    expect(world.published()).toEqual([]);
  });

  test('that gives no answer for a message is asked again', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'a' }));
    await world.invoke({ publishAnswer: () => ({ kind: 'unknown', cause: 'InternalError' }) });
    expect(world.eventReports()).toMatchObject([{ outcome: 'deferred', cause: 'InternalError' }]);
    await world.drain();
    expect(world.published().map(({ id }) => id)).toEqual(['a']);
  });

  test('gets an event above its limit by reference, with the whole event in the bucket', async () => {
    const world = processWorld();
    const text = 'x'.repeat(300_000);
    world.accept(changes({ id: 'a', text }, { id: 'b' }));
    await world.drain();
    const [large, small] = world.published();
    expect(large).not.toHaveProperty('data');
    const [key, bytes] = [...world.cloud.objects][0] ?? [];
    expect(large?.dataref).toBe(`s3://bucket/${key}`);
    expect(JSON.parse(String(bytes))).toMatchObject({ id: 'a', data: { payload: { id: 'a', text } } });
    expect(small).toMatchObject({ id: 'b', data: { payload: { id: 'b' } } });
  });

  test('gets no more than ten messages and 262,144 bytes in one call', async () => {
    const world = processWorld();
    world.accept(
      changes(...Array.from({ length: 25 }, (_, index) => ({ id: `e${index}`, text: 'x'.repeat(40_000) }))),
    );
    await world.drain();
    const batches = world.cloud.calls.filter(({ name }) => name === 'topic.publish');
    expect(batches.map(({ size }) => size)).toEqual([6, 6, 6, 6, 1]);
    expect(6 * 40_000).toBeLessThan(TOPIC_LIMIT);
    expect(7 * 40_000).toBeGreaterThan(TOPIC_LIMIT);
  });

  test('in FIFO gets one batch after the other, in order', async () => {
    const world = processWorld();
    const ids = Array.from({ length: 35 }, (_, index) => `e${String(index).padStart(2, '0')}`);
    world.accept(changes(...ids.map((id, index) => ({ id, subject: 's', version: index }))));
    let underWay = 0;
    await world.drain({
      topicKind: 'fifo',
      fate: ({ name }) => {
        underWay += name === 'topic.publish' ? 1 : 0;
        return 'done';
      },
    });
    expect(underWay).toBe(4);
    expect(world.published().map(({ id }) => id)).toEqual(ids);
    expect(new Set(world.cloud.topic.map(({ group }) => group)).size).toBe(1);
  });
});
