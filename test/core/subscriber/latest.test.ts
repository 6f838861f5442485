import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latest } from '../../../lib/core/subscriber/latest.ts';
import { memoryStore } from '../../../lib/core/subscriber/memory-store.ts';
import { issue, star } from './example-events.ts';
import { explore } from './explore.ts';
import { type Happening, play, type Scenario } from './interleavings.ts';
import { anyEnd, type End, ending, outcomeBy, outcomeOf } from './unruly.ts';

describe('in every order in which workers can run', () => {
  const run = (scenario: Omit<Scenario, 'subscriber'>): Promise<number> =>
    explore(async (choose) => check(await play({ ...scenario, subscriber: latest }, choose)));

  /** `latest`'s promise, for one subject. */
  function check(happened: readonly Happening[]): void {
    const ended = happened.filter(({ kind }) => kind === 'ended').map(({ event }) => event.sequence ?? '');
    expect(ended).toEqual(ended.toSorted());
    expect(ended.at(-1)).toBe(
      happened
        .map(({ event }) => event.sequence ?? '')
        .toSorted()
        .at(-1),
    );
    for (const each of happened) if (each.kind === 'outcome') expect(each.outcome).not.toBe('overran');
    // One at a time: who starts is the next to end, unless it dies.
    const alive = new Set(happened.filter(({ kind }) => kind === 'outcome').map(({ worker }) => worker));
    const works = happened.filter(({ kind, worker }) => kind !== 'outcome' && alive.has(worker));
    for (const [at, { kind, worker }] of works.entries()) {
      if (kind === 'started') expect(works[at + 1]).toMatchObject({ kind: 'ended', worker });
    }
  }

  test('three states of a subject never go back, and the newest is the last', async () => {
    expect(await run({ messages: [issue(1), issue(2), issue(3)] })).toBeGreaterThan(1_000);
  });

  test('copies of two states never go back either', async () => {
    expect(await run({ messages: [issue(2), issue(1), issue(2)] })).toBeGreaterThan(1_000);
  });

  const planted =
    (from: string, to: string): Required<Scenario>['plant'] =>
    (write) => {
      const text = JSON.stringify(write);
      const broken = text.replace(from, to);
      return JSON.parse(broken);
    };

  test.each<[string, Required<Scenario>['plant']]>([
    ['writes whatever the condition', ({ condition: _, ...write }) => write],
    [
      'lets a lower sequence follow one that was begun and never ended',
      (write) => {
        const abandoned = { kind: 'equal', name: 'state', value: 'begun' } as const;
        return planted('"kind":"any","of":[', `"kind":"any","of":[${JSON.stringify(abandoned)},`)(write);
      },
    ],
    [
      'lets a higher sequence begin while a lower one is applied',
      planted('{"kind":"equal","name":"state","value":"applied"}', '{"kind":"row"}'),
    ],
    [
      'never lets a higher sequence follow',
      planted('"name":"state","value":"applied"', '"name":"state","value":"-"'),
    ],
    ['lets a sequence that is lower begin', planted('{"kind":"below","name":"sequence"', '{"kind":"row"')],
  ])('a store that %s is caught', async (_, plant) => {
    await expect(run({ messages: [issue(1), issue(2), issue(2)], plant })).rejects.toThrow();
  });
});

describe('a state', () => {
  test('is applied, and its result given', async () => {
    const { store } = open();
    const titleOf = (state: { data: { payload: unknown }; sequence: string }) => [
      state.sequence,
      state.data.payload,
    ];
    expect(await latest(store, issue(1), titleOf)).toEqual({
      kind: 'applied',
      result: ['1795170000000001', { issue: { title: 'title 1' } }],
    });
  });

  test('of a higher sequence follows, of a lower is superseded, of the same a duplicate', async () => {
    const { store } = open();
    await latest(store, issue(2), () => 1);
    expect(await latest(store, issue(1), fail)).toEqual({ kind: 'superseded' });
    expect(await latest(store, issue(2), fail)).toEqual({ kind: 'duplicate' });
    expect((await latest(store, issue(3), () => 1)).kind).toBe('applied');
  });

  test('that says that the resource is gone is applied as any other', async () => {
    const { store } = open();
    await latest(store, issue(1), () => 1);
    expect(await latest(store, { ...issue(2), verdict: 'gone' }, ({ verdict }) => verdict)).toEqual({
      kind: 'applied',
      result: 'gone',
    });
    expect((await latest(store, issue(1), fail)).kind).toBe('superseded');
  });

  test('is that of its subject alone, at its source, for its subscriber', async () => {
    const { store } = open();
    await latest(store, issue(9), () => 1);
    expect((await latest(store, issue(1, 'other'), () => 1)).kind).toBe('applied');
    expect((await latest(store, { ...issue(1), source: 'urn:other' }, () => 1)).kind).toBe('applied');
    expect((await latest({ ...store, subscriber: 'other' }, issue(1), () => 1)).kind).toBe('applied');
  });

  test.each([
    ['has no subject', star],
    ['was superseded', { ...issue(1), verdict: 'superseded', sequence: undefined }],
    ['is unconfirmed', { ...issue(1), verdict: 'unconfirmed', sequence: undefined }],
  ] as const)('is not what an event is that %s', async (_, { sequence: __, ...event }) => {
    expect(await latest(open().store, event, fail)).toEqual({ kind: 'not-a-state' });
  });

  test('with a sequence that is not 16 digits is a mistake of the caller', async () => {
    await expect(latest(open().store, { ...issue(1), sequence: '9' }, fail)).rejects.toThrow(
      new TypeError('a sequence has 16 digits, not "9"'),
    );
  });

  test('that is being applied makes lower ones superseded and all others busy', async () => {
    const { store, clock } = open();
    const { resolve, promise } = Promise.withResolvers<number>();
    const first = latest(store, issue(2), () => promise, { deadline: clock.now + 1_000 });
    expect(await latest(store, issue(1), fail)).toEqual({ kind: 'superseded' });
    expect(await latest(store, issue(2), fail)).toEqual({ kind: 'busy', until: clock.now + 6_000 });
    expect(await latest(store, issue(3), fail)).toEqual({ kind: 'busy', until: clock.now + 6_000 });
    resolve(1);
    expect((await first).kind).toBe('applied');
  });

  test('whose application throws is waited for: lower ones stay superseded, it and higher ones are applied at once', async () => {
    const { store } = open();
    const failure = new Error('database down');
    const broken = (): Promise<never> => Promise.reject(failure);
    await expect(latest(store, issue(2), broken)).rejects.toBe(failure);
    expect((await latest(store, issue(1), fail)).kind).toBe('superseded');
    expect((await latest(store, issue(2), () => 1)).kind).toBe('applied');
    await expect(latest(store, issue(3), broken)).rejects.toBe(failure);
    expect((await latest(store, issue(4), () => 1)).kind).toBe('applied');
  });

  test('that is applied past its deadline, while a newer one was begun, has overrun', async () => {
    const { store, clock } = open();
    const { resolve, promise } = Promise.withResolvers<string>();
    const first = latest(store, issue(1), () => promise, { deadline: clock.now + 1_000 });
    await Promise.resolve();
    clock.now += 10_000;
    expect((await latest(store, issue(2), () => 1)).kind).toBe('applied');
    resolve('late');
    expect(await first).toEqual({ kind: 'overran', result: 'late' });
    expect((await latest(store, issue(2), fail)).kind).toBe('duplicate');
  });

  test('is remembered for good', async () => {
    const { store } = open();
    const written: object[] = [];
    const watched = {
      ...store,
      write(write: Parameters<typeof store.write>[0]) {
        written.push(write.set);
        return store.write(write);
      },
    };
    await latest(watched, issue(1), () => 1);
    expect(written).toHaveLength(2);
    for (const set of written) expect(set).not.toHaveProperty('expires');
  });

  test('shuffled, doubled, failing and crashing never goes back', async () => {
    const delivery = fc.record({ n: fc.nat(5), end: anyEnd });
    await fc.assert(
      fc.asyncProperty(fc.array(delivery, { maxLength: 40 }), async (deliveries) => {
        const effects = await outlive(deliveries);
        expect(effects).toEqual(effects.toSorted((one, other) => one - other));
      }),
    );
  });
});

/** Delivers states of one subject one after the other, each outcome checked; returns the effects in their order. */
async function outlive(
  deliveries: readonly { readonly n: number; readonly end: End }[],
): Promise<readonly number[]> {
  const { store, clock } = open();
  const effects: number[] = [];
  let begun = -1;
  let applied = -1;
  for (const { n, end } of deliveries) {
    const outcome = await outcomeOf(
      latest(
        store,
        issue(n),
        ending(end, () => effects.push(n)),
      ),
    );
    if (n < begun) expect(outcome).toBe('superseded');
    else expect(outcome).toBe(n === applied ? 'duplicate' : outcomeBy(end, 'applied'));
    begun = Math.max(begun, n);
    if (outcome === 'applied') applied = n;
    if (outcome === 'died') clock.now += 3_600_000;
  }
  return effects;
}

function open() {
  const clock = { now: 1_000_000 };
  return { clock, store: memoryStore({ subscriber: 'test', now: () => clock.now }) };
}

function fail(): never {
  throw new Error('applied though it must not be');
}
