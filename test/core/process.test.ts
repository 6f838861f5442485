import { describe, expect, test } from 'vitest';
import type { DeliveryMessage } from '../../lib/core/delivery.ts';
import type { SourceName } from '../../lib/core/source.ts';
import { callCounts, changes, delivery, outcomesOf, processWorld } from './process-world.ts';

const done = { kind: 'done' };

describe('a batch of deliveries', () => {
  test('is published event by event, each with its id, its verdict and its place in the order', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'a', subject: 's', version: 1 }, { id: 'b', subject: 's', version: 2 }));
    world.accept(changes({ id: 'c' }));
    expect(await world.invoke()).toMatchObject([done, done]);
    expect(world.published()).toMatchObject([
      { id: 'a', verdict: 'fresh', subject: 's', type: 'shop.changed' },
      { id: 'b', verdict: 'fresh', subject: 's' },
      { id: 'c', verdict: 'fresh' },
    ]);
    const [a, b, c] = world.published();
    expect(String(b?.sequence) > String(a?.sequence)).toBe(true);
    expect(c?.sequence).toBeUndefined();
    expect(outcomesOf(world)).toEqual(['a published', 'b published', 'c published']);
  });

  test('costs a claim, a commit and a record for each event, and a publication for each ten', async () => {
    for (const [count, batches] of [
      [1, 1],
      [10, 1],
      [11, 2],
    ] as const) {
      const world = processWorld();
      world.accept(
        changes(
          ...Array.from({ length: count }, (_, index) => ({
            id: `e${index}`,
            subject: `s${index}`,
            version: 1,
          })),
        ),
      );
      await world.drain();
      expect(callCounts(world)).toEqual({ 'ledger.write': 3 * count, 'topic.publish': batches });
    }
  });

  test('costs one write less for an event about no resource, and one more where the id is unsigned', async () => {
    const [plain, unsigned] = [processWorld(), processWorld()];
    plain.accept(changes({ id: 'a' }));
    unsigned.accept(delivery('{"type":"push"}', { source: 'forge', headers: { 'x-id': 'a' } }));
    await plain.drain();
    await unsigned.drain();
    expect(callCounts(plain)).toEqual({ 'ledger.write': 2, 'topic.publish': 1 });
    expect(callCounts(unsigned)).toEqual({ 'ledger.write': 3, 'topic.publish': 1 });
  });

  test('costs one commit for each state of one resource, though all come in one moment', async () => {
    const world = processWorld();
    world.accept(changes(...[1, 2, 3, 4].map((version) => ({ id: `e${version}`, subject: 's', version }))));
    await world.drain({ callMs: 0 });
    expect(callCounts(world)).toEqual({ 'ledger.write': 12, 'topic.publish': 1 });
    expect(new Set(world.published().map(({ sequence }) => sequence)).size).toBe(4);
  });

  test('costs one call for an event that was published before', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'a' }));
    await world.drain();
    world.cloud.calls.length = 0;
    world.accept(changes({ id: 'a', attempt: 2 }));
    await world.drain();
    expect(callCounts(world)).toEqual({ 'ledger.write': 1 });
    expect(outcomesOf(world)).toEqual(['a published', 'a duplicate']);
    expect(world.published()).toHaveLength(1);
  });

  test('without ids is published once however often the queue brings it, and again when it is sent again', async () => {
    const world = processWorld();
    const sent = delivery('{"accounts":["a","b"]}', { source: 'poke' });
    world.accept(sent);
    await world.drain();
    world.accept(sent);
    await world.drain();
    const again = delivery('{"accounts":["a","b"]}', { source: 'poke' });
    world.accept(again);
    await world.drain();
    const ids = [sent, again].flatMap(({ id }) => [`${id}/0`, `${id}/1`]);
    expect(world.published().map(({ id }) => id)).toEqual(ids);
    expect(world.published().filter(({ repeatof }) => repeatof !== undefined)).toEqual([]);
  });

  test('that is empty is done', async () => {
    const world = processWorld();
    world.accept(changes());
    expect(await world.invoke()).toMatchObject([done]);
    expect(world.cloud.calls).toEqual([]);
  });

  test('publishes one of two copies in it, and counts the other as a duplicate', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'a' }));
    world.accept(changes({ id: 'a' }, { id: 'b' }));
    expect(await world.invoke()).toMatchObject([done, done]);
    expect(world.published().map(({ id }) => id)).toEqual(['a', 'b']);
    expect(outcomesOf(world)).toEqual(['a published', 'b published', 'a duplicate']);
  });

  test('lets both of two copies in it wait when the one that is worked on has to', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'a' }));
    world.accept(changes({ id: 'a' }));
    const outcomes = await world.invoke({
      fate: ({ name }) => (name === 'topic.publish' ? 'fails' : 'done'),
    });
    expect(outcomes).toMatchObject([{ kind: 'wait' }, { kind: 'wait' }]);
    expect(outcomesOf(world)).toEqual(['a deferred', 'a deferred']);
    await world.drain();
    expect(world.published()).toHaveLength(1);
  });

  test('orders the events of one resource by their versions, whichever came first', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'c', subject: 's', version: 3 }, { id: 'a', subject: 's', version: 1 }));
    world.accept(changes({ id: 'b', subject: 's', version: 2 }));
    await world.drain({ topicKind: 'fifo' });
    expect(world.published().map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'a fresh',
      'b fresh',
      'c fresh',
    ]);
    const sequences = world.published().map(({ sequence }) => sequence);
    expect([...sequences].sort()).toEqual(sequences);
  });

  test('publishes an older state that comes later as superseded, and one of the same version as unconfirmed', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'b', subject: 's', version: 2 }));
    await world.drain();
    world.accept(changes({ id: 'a', subject: 's', version: 1 }, { id: 'x', subject: 's', version: 2 }));
    await world.drain();
    expect(world.published().slice(1)).toMatchObject([
      { id: 'a', verdict: 'superseded' },
      { id: 'x', verdict: 'unconfirmed' },
    ]);
    for (const event of world.published().slice(1)) expect(event).not.toHaveProperty('sequence');
  });
});

test('events that the source does not want are counted, once, when their delivery is done', async () => {
  const world = processWorld();
  const events = [
    { id: 'a', type: 'changed' },
    { id: 'b', type: 'read' },
    { id: 'c', type: 'read' },
  ];
  world.accept(delivery(JSON.stringify(events), { source: 'picky' }));
  let failures = 3;
  const fate = ({ name }: { readonly name: string }) => {
    if (name !== 'ledger.write' || failures === 0) return 'done';
    failures -= 1;
    return 'fails';
  };
  await world.drain({ fate });
  expect(world.published().map(({ id }) => id)).toEqual(['a']);
  const filtered = world.reports.filter(({ outcome }) => outcome === 'filtered');
  expect(filtered).toMatchObject([{ kind: 'delivery', source: 'picky', count: 2 }]);
});

describe('what stands in the way of an event', () => {
  test('a collision is a dead letter, with its reason, and touches no other message', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'a', text: 'one' }));
    await world.drain();
    world.accept(changes({ id: 'a', text: 'another' }));
    world.accept(changes({ id: 'b' }));
    expect(await world.invoke()).toMatchObject([done, done]);
    expect(world.cloud.deadLetters.map(({ reason }) => reason)).toEqual(['collision']);
    expect(world.published().map(({ id }) => id)).toEqual(['a', 'b']);
    expect(world.eventReports().find(({ outcome }) => outcome === 'dead')).toMatchObject({
      id: 'a',
      reason: 'collision',
    });
  });

  test('a collision within one batch is a dead letter as well', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'a', text: 'one' }));
    world.accept(changes({ id: 'a', text: 'another' }));
    await world.drain();
    expect(world.published()).toHaveLength(1);
    expect(world.cloud.deadLetters.map(({ reason }) => reason)).toEqual(['collision']);
  });

  test('signed bytes under another id are published as a repeat of the first', async () => {
    const world = processWorld();
    for (const id of ['a', 'b'])
      world.accept(delivery('{"type":"push"}', { source: 'forge', headers: { 'x-id': id } }));
    await world.drain();
    expect(world.published().map(({ id, repeatof }) => [id, repeatof])).toEqual([
      ['a', undefined],
      ['b', 'a'],
    ]);
    expect(world.eventReports().at(1)).toMatchObject({ id: 'b', outcome: 'published', repeatOf: 'a' });
  });

  test('signed bytes under another id are a dead letter where the source refuses them', async () => {
    const world = processWorld();
    for (const id of ['a', 'b'])
      world.accept(delivery('{"type":"push"}', { source: 'strict', headers: { 'x-id': id } }));
    await world.drain();
    expect(world.published().map(({ id }) => id)).toEqual(['a']);
    expect(world.cloud.deadLetters.map(({ reason }) => reason)).toEqual(['repeated-content']);
  });

  test('a body that a signature of another one holds for is a dead letter, and published nowhere', async () => {
    const world = processWorld();
    for (const body of ['{"id":"a","type":"sent"}', '{"id":"b","type":"forged"}', '{"id":"a","type":"sent"}'])
      world.accept(delivery(body, { source: 'loose', headers: { 'x-signature': 's' } }));
    await world.drain();
    expect(world.published().map(({ id }) => id)).toEqual(['a']);
    expect(world.cloud.deadLetters.map(({ reason }) => reason)).toEqual(['repeated-content']);
    expect(world.eventReports().find(({ outcome }) => outcome === 'dead')).toMatchObject({
      id: 'b',
      explanation: expect.stringMatching(/forged.*under the id a/),
    });
  });

  test.each<readonly [string, DeliveryMessage, string]>([
    [
      'a message of somebody else',
      { body: 'hello', metadata: '', group: 'shop' as SourceName },
      'unreadable',
    ],
  ])('%s is a dead letter, and touches no other', async (_title, message, reason) => {
    const world = processWorld();
    world.enqueue(message);
    world.accept(changes({ id: 'a' }));
    expect(await world.invoke()).toMatchObject([done, done]);
    expect(world.cloud.deadLetters).toEqual([{ message, reason }]);
    expect(world.published()).toHaveLength(1);
    expect(world.reports.find(({ kind }) => kind === 'delivery')).toMatchObject({ outcome: 'dead', reason });
  });

  test.each([
    ['a body that is no JSON', delivery('{'), 'unreadable'],
    ['an event without an id', delivery('{"type":"x"}'), 'unidentified'],
    [
      'a delivery of a source that is no longer configured',
      delivery('{}', { source: 'gone' }),
      'unknown-source',
    ],
  ])('%s is a dead letter, and touches no other', async (_title, one, reason) => {
    const world = processWorld();
    world.accept(one);
    world.accept(changes({ id: 'a' }));
    expect(await world.invoke()).toMatchObject([done, done]);
    expect(world.cloud.deadLetters.map((dead) => dead.reason)).toEqual([reason]);
    expect(world.published()).toHaveLength(1);
  });

  test('the unreadable items of a delivery are one dead letter, after the readable ones are out', async () => {
    const world = processWorld();
    world.accept(delivery('[{"id":"a","type":"x"},{"type":"x"},{"id":"b","type":"x"},{}]'));
    await world.drain();
    expect(world.published().map(({ id }) => id)).toEqual(['a', 'b']);
    expect(world.cloud.deadLetters.map(({ reason }) => reason)).toEqual(['unidentified']);
    expect(world.reports.filter(({ kind }) => kind === 'delivery')).toHaveLength(2);
  });

  test('an event that another worker holds waits for the end of its lease', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'a' }));
    expect(
      await world.invoke({
        fate: ({ name }) => (name === 'topic.publish' ? 'is never made, since its worker dies' : 'done'),
      }),
    ).toBe('dead');
    world.accept(changes({ id: 'a' }));
    const [outcome] = (await world.invoke()) ?? [];
    expect(outcome).toEqual({ kind: 'wait', id: 'm2', seconds: 55 });
    expect(world.eventReports().at(-1)).toMatchObject({ outcome: 'busy' });
    await world.drain();
    expect(world.published().map(({ id }) => id)).toEqual(['a']);
  });
});

describe('a dead letter', () => {
  test('is sent once for all dead events of a message, and only when none of its events waits', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'bad' }, { id: 'a' }, { id: 'worse' }));
    const refuses = ({ message }: { readonly message: string }) =>
      /"id":"(bad|worse)"/.test(message)
        ? ({ kind: 'refused', cause: 'InvalidParameter' } as const)
        : ({ kind: 'unknown', cause: 'InternalError' } as const);
    expect(await world.invoke({ publishAnswer: refuses })).toMatchObject([{ kind: 'wait' }]);
    expect(world.cloud.deadLetters).toEqual([]);
    await world.drain({
      publishAnswer: (message) =>
        message.message.includes('"id":"a"') ? { kind: 'published' } : refuses(message),
    });
    expect(world.published().map(({ id }) => id)).toEqual(['a']);
    expect(world.cloud.deadLetters).toHaveLength(1);
    expect(outcomesOf(world).slice(-2)).toEqual(['bad dead', 'worse dead']);
  });

  test('that the queue does not take is tried again, and the event stays alive', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'bad' }));
    const options = { publishAnswer: () => ({ kind: 'refused', cause: 'InvalidParameter' }) as const };
    expect(
      await world.invoke({
        ...options,
        fate: ({ name }) => (name === 'deadLetters.send' ? 'fails' : 'done'),
      }),
    ).toMatchObject([{ kind: 'wait' }]);
    await world.drain(options);
    expect(world.cloud.deadLetters).toHaveLength(1);
    expect(outcomesOf(world)).toEqual(['bad dead']);
  });
});

describe('a ledger', () => {
  test('that is down makes messages wait longer each time, and loses nothing', async () => {
    const world = processWorld();
    world.accept(changes({ id: 'a', subject: 's', version: 1 }));
    const waits: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      world.pass(900_000);
      const [outcome] = (await world.invoke({ fate: () => 'is throttled' })) ?? [];
      if (typeof outcome === 'object' && outcome.kind === 'wait') waits.push(outcome.seconds);
    }
    expect(waits).toEqual([2, 3, 6, 12, 24, 48]);
    await world.drain();
    expect(world.published()).toHaveLength(1);
  });
});
