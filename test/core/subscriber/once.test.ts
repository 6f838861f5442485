import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InfrastructureError } from '../../../lib/core/errors.ts';
import type { HeadgateEvent } from '../../../lib/core/subscriber/headgate-event.ts';
import { memoryStore } from '../../../lib/core/subscriber/memory-store.ts';
import { once } from '../../../lib/core/subscriber/once.ts';
import { issue, star } from './example-events.ts';
import { explore } from './explore.ts';
import { type Happening, play, type Scenario } from './interleavings.ts';
import { anyEnd, type End, ending, outcomeBy, outcomeOf } from './unruly.ts';

const copy: HeadgateEvent = { ...star, id: 'd2', repeatof: star.id };

describe('in every order in which workers can run', () => {
  const run = (scenario: Omit<Scenario, 'subscriber'>): Promise<number> =>
    explore(async (choose) =>
      check(await play({ ...scenario, subscriber: once }, choose), scenario.messages),
    );

  /** `once`'s promise. */
  function check(happened: readonly Happening[], messages: readonly HeadgateEvent[]): void {
    for (const id of new Set(messages.map((event) => event.repeatof ?? event.id))) {
      const own = happened.filter(({ event }) => (event.repeatof ?? event.id) === id);
      const kinds = own.map((each) => (each.kind === 'outcome' ? each.outcome : each.kind));
      const crashed =
        new Set(own.map(({ worker }) => worker)).size > own.filter(({ kind }) => kind === 'outcome').length;
      const count = (kind: string): number => kinds.filter((each) => each === kind).length;
      expect(count('ended')).toBeGreaterThanOrEqual(1);
      expect(count('ended')).toBeLessThanOrEqual(crashed ? 2 : 1);
      expect(count('started')).toBeLessThanOrEqual(crashed ? 2 : 1);
      // Who dies after its end was noted has handled the event, and nobody hears of it.
      expect(count('handled')).toBeLessThanOrEqual(1);
      if (!crashed) expect(count('handled')).toBe(1);
      if (count('duplicate') > 0) expect(kinds.indexOf('ended')).toBeLessThan(kinds.indexOf('duplicate'));
      expect(count('overran')).toBe(0);
    }
  }

  test('three copies are handled once', async () => {
    expect(await run({ messages: [star, star, copy] })).toBeGreaterThan(500);
  });

  test('two events are handled once each', async () => {
    expect(await run({ messages: [star, issue(1)] })).toBeGreaterThan(100);
  });

  test.each<[string, Required<Scenario>['plant']]>([
    ['writes whatever the condition', ({ condition: _, ...write }) => write],
    [
      'takes a live lease for one that ended',
      (write) =>
        JSON.parse(
          JSON.stringify(write).replaceAll(
            /"below","name":"lease","value":\d+/g,
            '"below","name":"lease","value":9e15',
          ),
        ),
    ],
  ])('a store that %s is caught', async (_, plant) => {
    await expect(run({ messages: [star, star], plant })).rejects.toThrow();
  });
});

describe('an event', () => {
  test('is handled, and its result given; later copies are duplicates', async () => {
    const { store } = open();
    expect(await once(store, star, (event) => event.id)).toEqual({ kind: 'handled', result: 'd1' });
    expect(await once(store, star, fail)).toEqual({ kind: 'duplicate' });
    expect(await once(store, copy, fail)).toEqual({ kind: 'duplicate' });
  });

  test.each(['fresh', 'gone', 'superseded', 'unconfirmed'] as const)(
    'is handled whatever its verdict: %s',
    async (verdict) => {
      const { store } = open();
      expect((await once(store, { ...star, verdict }, () => 1)).kind).toBe('handled');
    },
  );

  test('that comes first as a repeat is handled then, and not when the original comes', async () => {
    const { store } = open();
    expect((await once(store, copy, () => 1)).kind).toBe('handled');
    expect((await once(store, star, fail)).kind).toBe('duplicate');
  });

  test('is another one from another source or for another subscriber', async () => {
    const { store, clock } = open();
    await once(store, star, () => 1);
    expect((await once(store, { ...star, source: 'urn:other' }, () => 1)).kind).toBe('handled');
    const other = { ...store, subscriber: 'other', now: () => clock.now };
    expect((await once(other, star, () => 1)).kind).toBe('handled');
  });

  test('is another one when only the border between source and id differs', async () => {
    const { store } = open();
    await once(store, { ...star, source: 'a","b', id: 'c' }, () => 1);
    expect((await once(store, { ...star, source: 'a', id: 'b","c' }, () => 1)).kind).toBe('handled');
  });

  test('with an id longer than a key may be is told from others', async () => {
    const { store } = open();
    const long = { ...star, id: 'x'.repeat(3_000) };
    expect((await once(store, long, () => 1)).kind).toBe('handled');
    expect((await once(store, { ...long, id: `${long.id}y` }, () => 1)).kind).toBe('handled');
    expect((await once(store, long, fail)).kind).toBe('duplicate');
  });

  test('whose handler throws is handled again at once', async () => {
    const { store } = open();
    const failure = new Error('mail server down');
    await expect(once(store, star, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await once(store, star, () => 'second')).toEqual({ kind: 'handled', result: 'second' });
  });

  test('whose handler throws while the store is down is handled again when its lease is over', async () => {
    const { store, clock } = open();
    const failure = new Error('all is down');
    let down = false;
    const flaky = {
      ...store,
      write: (write: Parameters<typeof store.write>[0]) =>
        down
          ? Promise.reject(new InfrastructureError('x', 'unavailable', { explanation: 'down' }))
          : store.write(write),
    };
    const handle = (): never => {
      down = true;
      throw failure;
    };
    await expect(once(flaky, star, handle, { deadline: clock.now + 1_000 })).rejects.toBe(failure);
    expect(await once(store, star, fail)).toEqual({ kind: 'busy', until: clock.now + 6_000 });
    clock.now += 6_001;
    expect((await once(store, star, () => 1)).kind).toBe('handled');
  });

  test('that is being handled is busy, until fifteen minutes and a margin are over by default', async () => {
    const { store, clock } = open();
    const { resolve, promise } = Promise.withResolvers<number>();
    const first = once(store, star, () => promise);
    expect(await once(store, star, fail)).toEqual({ kind: 'busy', until: clock.now + 905_000 });
    clock.now += 905_000;
    expect((await once(store, star, fail)).kind).toBe('busy');
    resolve(1);
    expect(await first).toEqual({ kind: 'handled', result: 1 });
  });

  test('that is handled past its deadline, while another copy was begun, has overrun', async () => {
    const { store, clock } = open();
    const { resolve, promise } = Promise.withResolvers<string>();
    const first = once(store, star, () => promise, { deadline: clock.now + 1_000 });
    await Promise.resolve();
    clock.now += 10_000;
    expect(await once(store, star, () => 'second')).toEqual({ kind: 'handled', result: 'second' });
    resolve('first');
    expect(await first).toEqual({ kind: 'overran', result: 'first' });
    expect((await once(store, star, fail)).kind).toBe('duplicate');
  });

  test('that is handled past its deadline, while no other copy came, is handled', async () => {
    const { store, clock } = open();
    const slow = (): string => {
      clock.now += 60_000;
      return 'slow';
    };
    expect(await once(store, star, slow, { deadline: clock.now + 1_000 })).toEqual({
      kind: 'handled',
      result: 'slow',
    });
  });

  test('whose claim was written though its answer got lost is handled', async () => {
    const { store } = open();
    const retrying = {
      ...store,
      // As an SDK does that tries again.
      async write(write: Parameters<typeof store.write>[0]) {
        await store.write(write);
        return store.write(write);
      },
    };
    expect((await once(retrying, star, () => 1)).kind).toBe('handled');
    expect((await once(store, star, fail)).kind).toBe('duplicate');
  });

  test('is not handled when the store does not confirm its claim', async () => {
    const { store } = open();
    const down = new InfrastructureError('dynamodb:UpdateItem', 'throttled', { explanation: 'x' });
    await expect(once({ ...store, write: () => Promise.reject(down) }, star, fail)).rejects.toBe(down);
  });

  test('is remembered as long as the store says, counted from its claim', async () => {
    const rows: unknown[] = [];
    const { store } = open();
    const watched = {
      ...store,
      async write(write: Parameters<typeof store.write>[0]) {
        const answer = await store.write(write);
        rows.push(answer.row);
        return answer;
      },
    };
    await once(watched, star, () => 1);
    expect(rows.at(-1)).toMatchObject({ state: 'handled', expires: 1_001 + 30 * 86_400 });
  });

  test('shuffled, doubled, failing and crashing is handled to its end once', async () => {
    const delivery = fc.record({ n: fc.nat(2), as: fc.constantFrom('original', 'repeat'), end: anyEnd });
    await fc.assert(fc.asyncProperty(fc.array(delivery, { maxLength: 40 }), outlive));
  });
});

interface UnrulyDelivery {
  readonly n: number;
  readonly as: 'original' | 'repeat';
  readonly end: End;
}

/** Delivers events one after the other, and checks each outcome and that nothing is done after an event was handled. */
async function outlive(deliveries: readonly UnrulyDelivery[]): Promise<void> {
  const { store, clock } = open();
  const handled = new Set<number>();
  let effects = 0;
  for (const { n, as, end } of deliveries) {
    const event = as === 'original' ? issue(n) : { ...issue(n), id: `again ${n}`, repeatof: issue(n).id };
    effects = 0;
    const outcome = await outcomeOf(
      once(
        store,
        event,
        ending(end, () => effects++),
      ),
    );
    expect(outcome).toBe(handled.has(n) ? 'duplicate' : outcomeBy(end, 'handled'));
    expect(effects).toBe(handled.has(n) || end.endsWith('before') ? 0 : 1);
    if (outcome === 'handled') handled.add(n);
    if (outcome === 'died') clock.now += 3_600_000;
  }
}

function open() {
  const clock = { now: 1_000_500 };
  return { clock, store: memoryStore({ subscriber: 'test', now: () => clock.now }) };
}

function fail(): never {
  throw new Error('handled twice');
}
