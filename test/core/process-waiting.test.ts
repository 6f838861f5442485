import { describe, expect, test } from 'vitest';
import type { DeliveryMessage } from '../../lib/core/delivery.ts';
import type { QueuedMessage } from '../../lib/core/invocation.ts';
import { postponement } from '../../lib/core/postponement.ts';
import type { SourceName } from '../../lib/core/source.ts';
import type { Fate, PortCall } from './model/memory-ports.ts';
import { changes, outcomesOf, processWorld, START, type World } from './process-world.ts';

const HOUR = 3_600_000;

/** A delivery whose body lies in the object store. */
function acceptLarge(world: World): DeliveryMessage {
  world.accept(changes({ id: 'a', text: 'x'.repeat(1_100_000) }));
  return world.queue[0]?.message ?? expect.fail('nothing was queued');
}

/** Does this to one port until a time. */
function until(time: number, port: PortCall['name'], fate: Fate, world: World): (call: PortCall) => Fate {
  return ({ name }) => (name === port && world.now() < time ? fate : 'done');
}

describe('a delivery whose body cannot be read', () => {
  test('becomes a dead letter with a reason after a day, however often the queue has forgotten its receives', async () => {
    const world = processWorld();
    const accepted = acceptLarge(world);
    world.cloud.objects.clear();
    await world.drain();
    expect(world.cloud.deadLetters).toEqual([{ message: accepted, reason: 'attempts-exhausted' }]);
    expect(world.now() - START).toBeGreaterThanOrEqual(24 * HOUR);
    expect(world.now() - START).toBeLessThan(25 * HOUR);
    expect(world.reports.at(-1)).toMatchObject({
      kind: 'delivery',
      outcome: 'dead',
      explanation: expect.stringContaining('no such object'),
    });
  });

  test('waits again for as long after a redrive', async () => {
    const world = processWorld();
    acceptLarge(world);
    const [[key, body] = expect.fail('no body was stored')] = [...world.cloud.objects];
    world.cloud.objects.clear();
    await world.drain();
    const [letter] = world.cloud.deadLetters;
    world.enqueue(letter?.message ?? expect.fail('no dead letter'));
    await world.invoke();
    expect(world.queue).toHaveLength(1);
    world.cloud.objects.set(key, body);
    await world.drain();
    expect(world.cloud.deadLetters).toHaveLength(1);
    expect(outcomesOf(world)).toEqual(['a published']);
  });
});

describe('an outage of twelve hours, of six where attempts are counted', () => {
  test.each<[PortCall['name'], Fate]>([
    ['objects.get', 'is refused'],
    ['ledger.write', 'fails'],
    ['ledger.write', 'is refused'],
    ['topic.publish', 'is throttled'],
  ])('loses nothing and makes no dead letter: %s %s', async (port, fate) => {
    const world = processWorld();
    if (port === 'objects.get') acceptLarge(world);
    else world.accept(changes({ id: 'a' }));
    await world.drain({ fate: until(START + (port === 'topic.publish' ? 6 : 12) * HOUR, port, fate, world) });
    expect(world.cloud.deadLetters).toEqual([]);
    expect(world.published()).toHaveLength(1);
  });

  test('costs few receives, since the waits grow to a quarter of an hour', async () => {
    const world = processWorld();
    acceptLarge(world);
    await world.drain({ fate: until(START + 12 * HOUR, 'objects.get', 'fails', world) });
    const reads = world.cloud.calls.filter(({ name }) => name === 'objects.get');
    expect(reads.length).toBeLessThan(100);
  });
});

test('an event whose ledger stays shut is a dead letter after a day', async () => {
  const world = processWorld();
  world.accept(changes({ id: 'a' }));
  await world.drain({ fate: ({ name }) => (name === 'ledger.write' ? 'is refused' : 'done') });
  expect(world.cloud.deadLetters.map(({ reason }) => reason)).toEqual(['attempts-exhausted']);
  expect(outcomesOf(world).at(-1)).toBe('a dead');
});

test('a message that not even the dead letters take is left to the queue, whose receives end', async () => {
  const world = processWorld();
  world.accept(changes({ id: 'a' }));
  const broken = ({ name }: PortCall): Fate =>
    name === 'ledger.write' || name === 'deadLetters.send' ? 'is refused' : 'done';
  while ((world.queue[0]?.receiveCount ?? 0) < 100) {
    world.pass(900_000);
    await world.invoke({ fate: broken });
    expect(world.queue).toHaveLength(1);
    // By then SQS would have dropped nothing yet, and moved the message at its hundredth receive.
    expect(world.now() - START).toBeLessThan(4 * 24 * HOUR);
  }
});

describe('how a message comes back', () => {
  const message: DeliveryMessage = { body: '{}', metadata: '{}', group: 'shop' as SourceName };
  const queued = (receiveCount: number, waitingSince?: number): QueuedMessage => ({
    id: 'm',
    message: waitingSince === undefined ? message : { ...message, waitingSince },
    receiveCount,
  });
  const wait = (seconds: number) => ({ kind: 'wait', id: 'm', seconds }) as const;

  test.each([
    ['a short wait hides it', wait(60), queued(1), { kind: 'hide', seconds: 60 }],
    ['a long one copies it', wait(61), queued(1), { kind: 'copy', seconds: 61 }],
    ['no copy waits for longer than SQS delays it', wait(4_000), queued(1), { kind: 'copy', seconds: 900 }],
    ['many receives copy it', wait(1), queued(20), { kind: 'copy', seconds: 1 }],
  ])('%s', (_what, outcome, of, expected) => {
    expect(postponement(outcome, of, START)).toMatchObject(expected);
  });

  test('a copy says since when it has been waiting, and so does the copy of a copy', () => {
    expect(postponement(wait(100), queued(1), START)).toMatchObject({
      message: { ...message, waitingSince: START },
    });
    expect(postponement(wait(100), queued(1, START - HOUR), START)).toMatchObject({
      message: { ...message, waitingSince: START - HOUR },
    });
  });

  test('after a day there are no more copies', () => {
    expect(postponement(wait(100), queued(1, START - 24 * HOUR), START)).toEqual({
      kind: 'hide',
      seconds: 100,
    });
  });
});
