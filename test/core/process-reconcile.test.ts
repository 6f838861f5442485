import { describe, expect, test } from 'vitest';
import type { FetchAnswer, ResourceReader } from '../../lib/core/ports.ts';
import { callCounts, changesOf, type Published, processWorld, type World } from './process-world.ts';

/** A provider's API whose states a test sets, and what it was asked. */
function provider(): {
  answer: FetchAnswer | ((path: string) => FetchAnswer);
  readonly asked: Parameters<ResourceReader['read']>[1][];
  readonly read: ResourceReader['read'];
} {
  const api = {
    answer: { kind: 'absent', ofKind: 'known' } as FetchAnswer | ((path: string) => FetchAnswer),
    asked: [] as Parameters<ResourceReader['read']>[1][],
    read: async (_: unknown, address: Parameters<ResourceReader['read']>[1]): Promise<FetchAnswer> => {
      api.asked.push(address);
      return typeof api.answer === 'function' ? api.answer(address.path) : api.answer;
    },
  };
  return api;
}

const state = (version?: number, more: object = {}): FetchAnswer => ({
  kind: 'found',
  text: JSON.stringify({ name: 'a', ...(version === undefined ? {} : { version }), ...more }),
});

const told = (world: World): readonly string[] =>
  world.published().map(({ id, verdict, data }) => {
    const { resource } = data ?? {};
    return `${id} ${verdict}${resource === undefined ? '' : ` ${JSON.stringify(resource)}`}`;
  });

const sequences = (published: readonly Published[]): readonly string[] =>
  published.flatMap(({ sequence }) => (sequence === undefined ? [] : [sequence]));

/** The state that e1 fetched is committed, and the topic does not take it; then the provider is down until patience ends. */
async function committedButUnconfirmed(
  world: World,
  api: ReturnType<typeof provider>,
  answer: FetchAnswer,
): Promise<void> {
  api.answer = answer;
  world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
  await world.invoke({ provider: api.read, publishAnswer: () => ({ kind: 'unknown', cause: 'no answer' }) });
  api.answer = { kind: 'unknown', reason: 'unanswered', cause: 'HTTP 503' };
  await world.drain({ provider: api.read });
}

describe('an event of a source that always reconciles', () => {
  test('is published with the state that the provider gives, in its place', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(7);
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 fresh {"name":"a","version":7}']);
    expect(world.published()[0]?.sequence).toMatch(/^\d{16}$/);
    expect(api.asked).toEqual([
      {
        path: '/s',
        kind: '',
        shape: {
          version: { at: '{body:version}', unit: 'integer' },
          deleted: [{ at: '{body:deleted}', equals: 'true' }],
        },
      },
    ]);
  });

  test('is published without what its source redacts of the resource, in the order that its version gives', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(7, { owner: { email: 'a@example.com', id: 1 } });
    world.accept(changesOf('discreet', { id: 'e1', subject: 's', version: 7 }));
    await world.drain({ provider: api.read });
    expect(world.published()[0]?.data?.resource).toEqual({
      name: 'a',
      version: '[redacted]',
      owner: { email: '[redacted]', id: 1 },
    });
    world.accept(changesOf('discreet', { id: 'e2', subject: 's', version: 6 }));
    await world.drain({ provider: api.read });
    expect(told(world)[1]).toBe('e2 superseded');
  });

  test('costs three writes and one read', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(7);
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    await world.drain({ provider: api.read });
    expect(callCounts(world)).toMatchObject({ 'ledger.write': 3, 'ledger.read': 1, 'resources.read': 1 });
  });

  test('shares one fetch with a burst of a hundred on its subject: one is fresh, all others are superseded after it', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(100);
    const burst = Array.from({ length: 100 }, (_, index) => ({
      id: `e${index}`,
      subject: 's',
      version: index,
    }));
    world.accept(changesOf('depot', ...burst));
    await world.drain({ provider: api.read });
    expect(api.asked).toHaveLength(1);
    expect(told(world)[0]).toBe('e99 fresh {"name":"a","version":100}');
    expect(
      world
        .published()
        .slice(1)
        .map(({ verdict }) => verdict),
    ).toEqual(Array(99).fill('superseded'));
  });

  test('shares it also with those of the same batch that are worked on later', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(1_000);
    const burst = Array.from({ length: 250 }, (_, index) => ({
      id: `e${index}`,
      subject: 's',
      version: index,
    }));
    world.accept(changesOf('depot', ...burst));
    await world.drain({ provider: api.read });
    expect(api.asked).toHaveLength(1);
    expect(sequences(world.published())).toHaveLength(1);
  });

  test('of a burst that comes in ten batches needs one fetch a batch at most', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(1);
    for (let index = 0; index < 100; index += 1)
      world.accept(changesOf('depot', { id: `e${index}`, subject: 's', version: 1 }));
    await world.drain({ provider: api.read });
    expect(world.published()).toHaveLength(100);
    expect(api.asked.length).toBeLessThanOrEqual(10);
  });

  test('waits while the API is behind what the event tells of', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(4);
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    await world.invoke({ provider: api.read });
    expect(told(world)).toEqual([]);
    expect(world.eventReports().at(-1)).toMatchObject({
      outcome: 'deferred',
      cause: expect.stringContaining('older'),
    });
    api.answer = state(5);
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 fresh {"name":"a","version":5}']);
  });

  test('waits while the API is behind what was published, whatever the event tells of', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(9);
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    await world.drain({ provider: api.read });
    api.answer = state(8);
    world.accept(changesOf('depot', { id: 'e2', subject: 's' }));
    await world.invoke({ provider: api.read });
    expect(told(world)).toHaveLength(1);
    api.answer = state(9);
    await world.drain({ provider: api.read });
    expect(told(world)[1]).toBe('e2 fresh {"name":"a","version":9}');
    expect(sequences(world.published())).toEqual(sequences(world.published()).toSorted());
  });

  test('is covered without a fetch by a newer state that is out', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(9);
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 9 }));
    await world.drain({ provider: api.read });
    world.accept(changesOf('depot', { id: 'e2', subject: 's', version: 3 }));
    await world.drain({ provider: api.read });
    expect(api.asked).toHaveLength(1);
    expect(told(world)[1]).toBe('e2 superseded');
  });

  test('is not covered by a state that was committed by a worker which died before it was out', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(9);
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 9 }));
    const died = await world.invoke({
      provider: api.read,
      fate: ({ name }) => (name === 'topic.publish' ? 'is never made, since its worker dies' : 'done'),
    });
    expect(died).toBe('dead');
    world.accept(changesOf('depot', { id: 'e2', subject: 's', version: 3 }));
    await world.invoke({ provider: api.read });
    expect(told(world)).toEqual(['e2 fresh {"name":"a","version":9}']);
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e2 fresh {"name":"a","version":9}', 'e1 fresh {"name":"a","version":9}']);
  });

  test('fetches again on a retry, and never publishes what it had fetched before', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(5);
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    await world.invoke({
      provider: api.read,
      publishAnswer: () => ({ kind: 'unknown', cause: 'no answer' }),
    });
    api.answer = state(6);
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 fresh {"name":"a","version":6}']);
  });

  test('reads again when another worker commits while it fetches', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(changesOf('depot', { id: 'e1', subject: 's' }));
    let fetches = 0;
    api.answer = () => {
      fetches += 1;
      return state(fetches);
    };
    let raced = false;
    await world.drain({
      provider: async (source, address) => {
        const answer = await api.read(source, address);
        if (!raced) {
          raced = true;
          world.accept(changesOf('depot', { id: 'e2', subject: 's' }));
          await world.invoke({ provider: api.read });
        }
        return answer;
      },
    });
    const [first, second] = world.published();
    expect([first?.id, second?.id]).toEqual(['e2', 'e1']);
    expect(told(world)).toEqual(['e2 fresh {"name":"a","version":2}', 'e1 fresh {"name":"a","version":3}']);
    expect(sequences(world.published())).toEqual(sequences(world.published()).toSorted());
  });

  test('has another deduplication id at a FIFO topic for each state that was fetched', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(5);
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    const lost = { provider: api.read, topicKind: 'fifo' as const };
    await world.invoke({
      ...lost,
      fate: ({ name }) => (name === 'topic.publish' ? 'is done, but its answer is lost' : 'done'),
    });
    await world.drain(lost);
    const ids = world.cloud.topic.map(({ deduplicationId }) => deduplicationId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });
});

test('a state that the topic refuses for good is a dead letter, with what it would have covered', async () => {
  const [world, api] = [processWorld(), provider()];
  api.answer = state(9);
  world.accept(
    changesOf('depot', { id: 'e1', subject: 's', version: 1 }, { id: 'e2', subject: 's', version: 2 }),
  );
  await world.drain({ provider: api.read, publishAnswer: () => ({ kind: 'refused', cause: 'invalid' }) });
  expect(world.cloud.deadLetters.map(({ reason }) => reason)).toEqual(['publish-refused']);
  expect(api.asked).toHaveLength(1);
});

test('a state that was committed and never came out covers nothing, though its event is out, unconfirmed', async () => {
  const [world, api] = [processWorld(), provider()];
  await committedButUnconfirmed(world, api, state(9));
  api.answer = state(9);
  world.accept(changesOf('depot', { id: 'e2', subject: 's', version: 5 }));
  await world.drain({ provider: api.read });
  expect(told(world)).toEqual(['e1 unconfirmed', 'e2 fresh {"name":"a","version":9}']);
});

describe('a resource that is not there', () => {
  test('is gone at once when the event says that it was deleted', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(changesOf('depot', { id: 'e1', type: 'deleted', subject: 's', version: 5 }));
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 gone']);
    expect(sequences(world.published())).toHaveLength(1);
  });

  test('is gone after a second look half a minute later when the event says that it stands', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    const begun = world.now();
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 gone']);
    expect(api.asked).toHaveLength(2);
    expect(world.now() - begun).toBeGreaterThanOrEqual(30_000);
  });

  test('is not gone when the second look finds it', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    await world.invoke({ provider: api.read });
    api.answer = state(5);
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 fresh {"name":"a","version":5}']);
  });

  test('is looked at anew after a replica has shown it in between, however old', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    await world.invoke({ provider: api.read });
    api.answer = state(4);
    world.pass(31_000);
    await world.invoke({ provider: api.read });
    api.answer = { kind: 'absent', ofKind: 'known' };
    world.pass(61_000);
    await world.invoke({ provider: api.read });
    expect(told(world)).toEqual([]);
    api.answer = state(5);
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 fresh {"name":"a","version":5}']);
  });

  test('is not believed to be gone by a key that has never read one of its kind: it stays unconfirmed', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = { kind: 'absent', ofKind: 'unknown' };
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 unconfirmed']);
    expect(world.now()).toBeGreaterThan(3_600_000);
  });

  test('covers what happened before, also in the same batch', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(
      changesOf(
        'depot',
        { id: 'e1', subject: 's', version: 1 },
        { id: 'e2', type: 'deleted', subject: 's', version: 2 },
      ),
    );
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e2 gone', 'e1 superseded']);
  });

  test('that is created again is fresh again, and its sequence goes on', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(changesOf('depot', { id: 'e1', type: 'deleted', subject: 's', version: 5 }));
    await world.drain({ provider: api.read });
    api.answer = state(1);
    world.accept(changesOf('depot', { id: 'e2', subject: 's', version: 1 }));
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 gone', 'e2 fresh {"name":"a","version":1}']);
    expect(sequences(world.published())).toEqual(sequences(world.published()).toSorted());
  });

  test('does not come back by a replica that lags: what contradicts a deletion is looked at twice', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(changesOf('depot', { id: 'e1', type: 'deleted', subject: 's' }));
    await world.drain({ provider: api.read });
    api.answer = state();
    world.accept(changesOf('depot', { id: 'e2', subject: 's' }));
    await world.invoke({ provider: api.read });
    api.answer = { kind: 'absent', ofKind: 'known' };
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 gone', 'e2 superseded']);
  });

  test('does not come back for an event that was contradicted before it was gone: that look was at something else', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    await world.invoke({ provider: api.read });
    world.accept(changesOf('depot', { id: 'e2', type: 'deleted', subject: 's', version: 6 }));
    await world.invoke({ provider: api.read });
    api.answer = state(5);
    world.pass(31_000);
    await world.invoke({ provider: api.read });
    expect(told(world)).toEqual(['e2 gone']);
    api.answer = { kind: 'absent', ofKind: 'known' };
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e2 gone', 'e1 superseded']);
  });

  test('is gone anew when it was deleted again: what was seen between the deletions does not come back', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(changesOf('depot', { id: 'e1', type: 'deleted', subject: 's', version: 3 }));
    await world.drain({ provider: api.read });
    api.answer = state(4);
    world.accept(changesOf('depot', { id: 'e2', subject: 's', version: 4 }));
    await world.invoke({ provider: api.read });
    api.answer = { kind: 'absent', ofKind: 'known' };
    world.accept(changesOf('depot', { id: 'e3', type: 'deleted', subject: 's', version: 5 }));
    await world.invoke({ provider: api.read });
    api.answer = state(4);
    world.pass(31_000);
    await world.invoke({ provider: api.read });
    expect(told(world)).toEqual(['e1 gone', 'e3 gone']);
    api.answer = { kind: 'absent', ofKind: 'known' };
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 gone', 'e3 gone', 'e2 superseded']);
    expect(sequences(world.published())).toEqual(sequences(world.published()).toSorted());
  });

  test('is not gone by a late deletion and a replica that lags, when a newer state is committed and not yet out', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(4);
    world.accept(changesOf('depot', { id: 'e4', subject: 's', version: 4 }));
    await world.invoke({
      provider: api.read,
      publishAnswer: () => ({ kind: 'unknown', cause: 'no answer' }),
    });
    api.answer = { kind: 'absent', ofKind: 'known' };
    world.accept(changesOf('depot', { id: 'e3', type: 'deleted', subject: 's', version: 3 }));
    await world.invoke({ provider: api.read });
    expect(told(world)).toEqual([]);
    api.answer = state(4);
    await world.drain({ provider: api.read });
    expect(told(world).toSorted()).toEqual(['e3 superseded', 'e4 fresh {"name":"a","version":4}']);
  });

  test('is not gone by two looks, when a state was committed between them', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 1 }));
    await world.invoke({ provider: api.read });
    api.answer = state(2);
    world.accept(changesOf('depot', { id: 'e2', subject: 's' }));
    await world.invoke({
      provider: api.read,
      publishAnswer: () => ({ kind: 'unknown', cause: 'no answer' }),
    });
    api.answer = { kind: 'absent', ofKind: 'known' };
    world.pass(31_000);
    await world.invoke({ provider: api.read });
    expect(told(world)).toEqual([]);
    api.answer = state(2);
    await world.drain({ provider: api.read });
    expect(told(world).some((line) => line.includes('gone'))).toBe(false);
  });

  test('may say so itself, with a document', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(3, { deleted: true });
    world.accept(changesOf('depot', { id: 'e1', type: 'deleted', subject: 's', version: 3 }));
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 gone {"name":"a","version":3,"deleted":true}']);
  });
});

describe('a provider that cannot be asked', () => {
  const down: FetchAnswer = { kind: 'unknown', reason: 'unanswered', cause: 'HTTP 503', afterSeconds: 120 };

  test('is waited for, no sooner than it has asked for, without using up receives', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = down;
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    expect(await world.invoke({ provider: api.read })).toMatchObject([{ kind: 'wait', seconds: 120 }]);
    expect(world.queue).toMatchObject([{ receiveCount: 0 }]);
    api.answer = state(5);
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 fresh {"name":"a","version":5}']);
  });

  test('for longer than the source’s patience leaves the event unconfirmed, without a sequence', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = down;
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    const begun = world.now();
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 unconfirmed']);
    expect(sequences(world.published())).toEqual([]);
    expect(world.now() - begun).toBeGreaterThanOrEqual(3_590_000);
    expect(world.now() - begun).toBeLessThan(3 * 3_600_000);
  });

  test('leaves an event all of its patience, however old it is when it is first asked about', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    world.pass(5 * 3_600_000);
    api.answer = down;
    expect(await world.invoke({ provider: api.read })).toMatchObject([{ kind: 'wait' }]);
    api.answer = state(5);
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 fresh {"name":"a","version":5}']);
  });

  test('or a dead letter, where the source wants that', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = down;
    world.accept(changesOf('strictly', { id: 'e1', subject: 's', version: 5 }));
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual([]);
    expect(world.cloud.deadLetters.map(({ reason }) => reason)).toEqual(['unreconciled']);
    expect(world.eventReports().at(-1)).toMatchObject({ explanation: expect.stringContaining('HTTP 503') });
  });
});

describe('an event of a source that reconciles when unsure', () => {
  test('is not fetched while its versions give the order', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(
      changesOf('unsure', { id: 'e2', subject: 's', version: 2 }, { id: 'e1', subject: 's', version: 1 }),
    );
    await world.drain({ provider: api.read });
    expect(api.asked).toEqual([]);
    expect(told(world)).toEqual(['e1 fresh', 'e2 fresh']);
  });

  test('is fetched when it ties with what is known', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state(1);
    world.accept(changesOf('unsure', { id: 'e1', subject: 's', version: 1 }));
    await world.drain({ provider: api.read });
    world.accept(changesOf('unsure', { id: 'e2', subject: 's', version: 1 }));
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 fresh', 'e2 fresh {"name":"a","version":1}']);
    expect(sequences(world.published())).toEqual(sequences(world.published()).toSorted());
  });

  test('is always fetched once a state without a comparable version was: versions cannot order it', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state();
    world.accept(changesOf('unsure', { id: 'e1', subject: 's' }, { id: 'e2', subject: 's' }));
    await world.drain({ provider: api.read });
    world.accept(changesOf('unsure', { id: 'e3', subject: 's', version: 99 }));
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 fresh', 'e2 fresh {"name":"a"}', 'e3 fresh {"name":"a"}']);
  });

  test('is fetched where its payload holds no state, and only then has a subject', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = state();
    world.accept(changesOf('hint', { id: 'e1', subject: 's' }));
    await world.drain({ provider: api.read });
    expect(world.published()).toMatchObject([
      { id: 'e1', subject: 's', verdict: 'fresh', data: { resource: { name: 'a' } } },
    ]);
  });

  test('that was deleted is gone, by its payload', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(
      changesOf(
        'unsure',
        { id: 'e1', subject: 's', version: 1 },
        { id: 'e2', type: 'deleted', subject: 's', version: 2 },
      ),
    );
    await world.drain({ provider: api.read });
    expect(told(world)).toEqual(['e1 fresh', 'e2 gone']);
    expect(api.asked).toEqual([]);
  });

  test('whose state is read, but has an id that is none, is taken as it is', async () => {
    const [world, api] = [processWorld(), provider()];
    world.accept(changesOf('depot', { id: 'e1', subject: '../admin', version: 1 }));
    await world.drain({ provider: api.read });
    expect(api.asked).toEqual([]);
    expect(told(world)).toEqual(['e1 fresh']);
  });
});

describe('a resource that has not changed (304)', () => {
  const tagged = (version: number): FetchAnswer => ({ ...state(version), etag: '"1"' }) as FetchAnswer;

  test('covers the event, when the state that had its tag is out', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = tagged(5);
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    await world.drain({ provider: api.read });
    api.answer = { kind: 'unchanged' };
    world.accept(changesOf('depot', { id: 'e2', subject: 's', version: 5 }));
    await world.drain({ provider: api.read });
    expect(api.asked.at(-1)).toMatchObject({ etag: '"1"' });
    expect(told(world)[1]).toBe('e2 superseded');
  });

  test('is not asked with a tag whose state is not out', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = tagged(5);
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    await world.invoke({
      provider: api.read,
      publishAnswer: () => ({ kind: 'unknown', cause: 'no answer' }),
    });
    await world.drain({ provider: api.read });
    expect(api.asked.map(({ etag }) => etag)).toEqual([undefined, undefined]);
    expect(told(world)).toHaveLength(1);
  });

  test('is not asked with a tag whose state never came out, though its event did, unconfirmed', async () => {
    const [world, api] = [processWorld(), provider()];
    await committedButUnconfirmed(world, api, tagged(5));
    api.answer = tagged(5);
    world.accept(changesOf('depot', { id: 'e2', subject: 's', version: 5 }));
    await world.drain({ provider: api.read });
    expect(api.asked.at(-1)).not.toHaveProperty('etag');
    expect(told(world)).toEqual(['e1 unconfirmed', 'e2 fresh {"name":"a","version":5}']);
  });

  test('is a replica that lags, when the event tells of a newer state', async () => {
    const [world, api] = [processWorld(), provider()];
    api.answer = tagged(5);
    world.accept(changesOf('depot', { id: 'e1', subject: 's', version: 5 }));
    await world.drain({ provider: api.read });
    api.answer = { kind: 'unchanged' };
    world.accept(changesOf('depot', { id: 'e2', subject: 's', version: 6 }));
    await world.invoke({ provider: api.read });
    expect(told(world)).toHaveLength(1);
    api.answer = tagged(6);
    await world.drain({ provider: api.read });
    expect(told(world)[1]).toBe('e2 fresh {"name":"a","version":6}');
  });
});
