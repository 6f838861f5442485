import { describe, expect, test } from 'vitest';
import type { Row } from '../../lib/core/conditional-write.ts';
import { type Delivery, encodeDelivery } from '../../lib/core/delivery.ts';
import type { Event, EventKey } from '../../lib/core/event.ts';
import { OBJECT_PREFIX } from '../../lib/core/resources.ts';
import { eventRow } from '../../lib/core/row-key.ts';
import { sha256 } from '../../lib/core/scheme.ts';
import type { SourceName } from '../../lib/core/source.ts';
import type { Fate, PortCall } from './model/memory-ports.ts';
import { changes, delivery, type Published, processWorld, type World } from './process-world.ts';

const FATES: readonly Fate[] = [
  'fails',
  'is throttled',
  'is refused',
  'is done, but its answer is lost',
  'is never made, since its worker dies',
  'is done, and its worker dies',
];

const isDeath = (fate: Fate): boolean =>
  fate === 'is never made, since its worker dies' || fate === 'is done, and its worker dies';

/** What has to come out, whatever happens. */
const EVENTS = [
  'a',
  'b',
  'c',
  'tie',
  'plain',
  'other',
  'again',
  'large',
  'stored',
  'beside',
  ...'0123456789',
];
const DEAD = ['unidentified', 'collision', 'unreadable'];

/** Every kind of message that there is; `shop` events unless named. */
function eventful(): World {
  const world = processWorld();
  world.cloud.rows.set(eventRow('shop' as SourceName, 'taken' as EventKey), takenRow);
  world.accept(changes({ id: 'b', subject: 's', version: 2 }, { id: 'a', subject: 's', version: 1 }));
  world.accept(
    changes({ id: 'c', subject: 's', version: 3 }, { id: 'tie', subject: 's', version: 3 }, { id: 'plain' }),
  );
  world.accept(changes({ id: 'b', subject: 's', version: 2 }));
  for (const id of ['other', 'again'])
    world.accept(delivery('{"type":"push"}', { source: 'forge', headers: { 'x-id': id } }));
  world.accept(changes({ id: 'large', text: 'x'.repeat(300_000) }));
  acceptStored(world, delivery('[{"id":"stored","type":"x"}]'));
  world.accept(delivery('[{"id":"beside","type":"x"},{"type":"x"}]'));
  world.accept(changes({ id: 'taken' }));
  world.accept(delivery('{'));
  // Beyond the first ten messages: a second batch.
  world.accept(changes(...[...'0123456789'].map((id) => ({ id, subject: id, version: 1 }))));
  return world;
}

/** As a delivery whose body was too large for its message, only smaller, since hundreds of these are read. */
function acceptStored(world: World, one: Delivery): void {
  const { message } = encodeDelivery(one);
  const digest = sha256(one.body);
  const key = `${OBJECT_PREFIX.bodies}${one.source}/${digest}`;
  world.cloud.objects.set(key, one.body);
  const metadata = { ...JSON.parse(message.metadata), body: { kind: 'stored', key, sha256: digest } };
  world.enqueue({ ...message, body: '-', metadata: JSON.stringify(metadata) });
}

const takenRow: Row = {
  state: 'published',
  token: 'somebody',
  fingerprint: 'of other content' satisfies string as Event['fingerprint'],
  delivery: 'of somebody',
  expires: 9_999_999_999,
};

/** Ids that are out, though no record says so. */
function unrecorded(world: World): readonly string[] {
  const out = new Set(world.published().map(({ id }) => id));
  return [...out].filter((id) => {
    const source = id === 'other' || id === 'again' ? 'forge' : 'shop';
    return world.cloud.rows.get(eventRow(source as SourceName, id as EventKey))?.state !== 'published';
  });
}

/** Runs everything with one call ending as `fate` says, and gives what may be out twice because of it. */
async function runWith(
  fates: ReadonlyMap<number, Fate>,
): Promise<{ readonly world: World; readonly mayRepeat: readonly string[] }> {
  const world = eventful();
  const mayRepeat: string[] = [];
  const fate = (_call: PortCall, index: number): Fate => fates.get(index) ?? 'done';
  for (let rounds = 0; world.queue.length > 0; rounds += 1) {
    if (rounds > 100) throw new Error('the queue is never empty');
    world.pass(Math.max(0, Math.min(...world.queue.map(({ visibleAt }) => visibleAt)) - world.now()));
    const before = world.cloud.calls.length;
    const outcome = await world.invoke({ fate });
    const faults = [...fates].filter(([index]) => index >= before && index < world.cloud.calls.length);
    for (const [index, what] of faults) {
      const unknownResult =
        what === 'is done, but its answer is lost' && world.cloud.calls[index]?.name === 'topic.publish';
      if (outcome === 'dead' || unknownResult) mayRepeat.push(...unrecorded(world));
    }
  }
  return { world, mayRepeat };
}

function expectKept(world: World, mayRepeat: readonly string[]): void {
  const out = world.published();
  const ids = out.map(({ id }) => id);
  expect([...new Set(ids)].sort()).toEqual([...EVENTS].sort());
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  expect(repeated.filter((id) => !mayRepeat.includes(id))).toEqual([]);
  for (const id of new Set(repeated)) expectSameSequence(out.filter((one) => one.id === id));
  expectOrder(out);
  expect([...new Set(world.cloud.deadLetters.map(({ reason }) => reason))].sort()).toEqual([...DEAD].sort());
}

function expectSameSequence(copies: readonly Published[]): void {
  const sequences = new Set(copies.flatMap(({ sequence }) => sequence ?? []));
  expect(sequences.size).toBeLessThanOrEqual(1);
}

const VERSIONS: Readonly<Record<string, number>> = { a: 1, b: 2, c: 3, tie: 3 };

function expectOrder(out: readonly Published[]): void {
  const states = out.filter(({ subject, sequence }) => subject === 's' && sequence !== undefined);
  const inOrder = states.toSorted((one, other) => (String(one.sequence) < String(other.sequence) ? -1 : 1));
  const versions = inOrder.map(({ id }) => VERSIONS[id] ?? 0);
  expect(versions).toEqual(versions.toSorted((one, other) => one - other));
  expect(versions.at(-1)).toBe(3);
}

async function numberOfCalls(): Promise<number> {
  const { world } = await runWith(new Map());
  return world.cloud.calls.length;
}

describe('a fault at any one call loses nothing, and repeats only what a crash or an unknown result left open', () => {
  test('without a fault everything is out once', async () => {
    const { world } = await runWith(new Map());
    expectKept(world, []);
    expect(world.cloud.deadLetters).toHaveLength(3);
    expect(new Set(world.cloud.calls.map(({ name }) => name))).toEqual(
      new Set(['ledger.write', 'topic.publish', 'deadLetters.send', 'objects.put', 'objects.get']),
    );
  });

  test.each(FATES)('a call that %s', async (what) => {
    const count = await numberOfCalls();
    expect(count).toBeGreaterThan(60);
    let repeats = 0;
    for (let index = 0; index < count; index += 1) {
      const { world, mayRepeat } = await runWith(new Map([[index, what]]));
      try {
        expectKept(world, mayRepeat);
      } catch (error) {
        const call = world.cloud.calls[index];
        throw new Error(`call ${index}, ${call?.name} ${JSON.stringify(call?.write?.set)}`, { cause: error });
      }
      repeats += world.published().length - EVENTS.length;
    }
    // Copies do come where they may, so the test would see them where they may not.
    if (isDeath(what) || what === 'is done, but its answer is lost') expect(repeats).toBeGreaterThan(0);
    else expect(repeats).toBe(0);
  });
});

describe('two faults in a row', () => {
  test.each(FATES.filter((fate) => !isDeath(fate)))('a call that %s, and the next one too', async (what) => {
    const count = await numberOfCalls();
    for (let index = 0; index < count; index += 1) {
      const { world } = await runWith(
        new Map([
          [index, what],
          [index + 1, what],
        ]),
      );
      const out = new Set(world.published().map(({ id }) => id));
      expect([...out].sort(), `calls ${index} and ${index + 1}`).toEqual([...EVENTS].sort());
      expectOrder(world.published());
    }
  });
});
