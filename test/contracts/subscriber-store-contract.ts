import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../lib/core/errors.ts';
import type { EpochMs } from '../../lib/core/request.ts';
import { latest } from '../../lib/core/subscriber/latest.ts';
import { once } from '../../lib/core/subscriber/once.ts';
import type { StoreOptions, SubscriberStore } from '../../lib/core/subscriber/store.ts';
import { issue, star } from '../core/subscriber/example-events.ts';

/** Opens a store on the same memory each time. */
export type OpenStore = (options: StoreOptions & { readonly now: () => EpochMs }) => SubscriberStore;

/** What every `SubscriberStore` must do for `once` and `latest` to keep their promises. */
export function subscriberStoreContract(name: string, open: OpenStore): void {
  let tests = 0;
  /** A subscriber that no other test has. */
  const fresh = () => {
    const clock = { now: 1_795_170_000_000 };
    const subscriber = `s${tests++}`;
    const reopen = (): SubscriberStore => open({ subscriber, now: () => clock.now });
    return { clock, subscriber, reopen, store: reopen() };
  };

  describe(`${name}, as a subscriber's memory`, () => {
    test('lets one of many copies at once be handled', async () => {
      const { reopen } = fresh();
      let handled = 0;
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () =>
          once(reopen(), star, () => {
            handled += 1;
          }),
        ),
      );
      expect(handled).toBe(1);
      expect(outcomes.filter(({ kind }) => kind === 'handled')).toHaveLength(1);
      for (const { kind } of outcomes) expect(['handled', 'busy', 'duplicate']).toContain(kind);
    });

    test('remembers what was handled, whoever asks', async () => {
      const { reopen } = fresh();
      await once(reopen(), star, () => 1);
      expect(await once(reopen(), star, fail)).toEqual({ kind: 'duplicate' });
      expect(await once(reopen(), { ...star, id: 'd2', repeatof: 'd1' }, fail)).toEqual({
        kind: 'duplicate',
      });
    });

    test('keeps subscribers apart', async () => {
      const { store, subscriber, clock } = fresh();
      await once(store, star, () => 1);
      const other = open({ subscriber: `${subscriber}.other`, now: () => clock.now });
      expect((await once(other, star, () => 1)).kind).toBe('handled');
    });

    test('gives an event back whose handler threw', async () => {
      const { store } = fresh();
      await expect(once(store, star, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
      expect((await once(store, star, () => 1)).kind).toBe('handled');
    });

    test('holds an event until its lease is over, and tells an overrun worker', async () => {
      const { store, reopen, clock } = fresh();
      const end = Promise.withResolvers<string>();
      const begun = Promise.withResolvers<void>();
      const slow = once(
        store,
        star,
        () => {
          begun.resolve();
          return end.promise;
        },
        { deadline: clock.now + 1_000 },
      );
      await begun.promise;
      expect(await once(reopen(), star, fail)).toEqual({ kind: 'busy', until: clock.now + 6_000 });
      clock.now += 6_001;
      expect((await once(reopen(), star, () => 1)).kind).toBe('handled');
      end.resolve('late');
      expect(await slow).toEqual({ kind: 'overran', result: 'late' });
    });

    test('lets states go forward alone', async () => {
      const { store } = fresh();
      const kindOf = async (n: number): Promise<string> => (await latest(store, issue(n), () => n)).kind;
      expect(await kindOf(2)).toBe('applied');
      expect(await kindOf(1)).toBe('superseded');
      expect(await kindOf(2)).toBe('duplicate');
      expect(await kindOf(3)).toBe('applied');
    });

    test('lets states at once be applied one at a time, and never a lower one after a higher', async () => {
      const { reopen } = fresh();
      const applied: number[] = [];
      let alive = 0;
      const applyState = (n: number) => async (): Promise<void> => {
        alive += 1;
        expect(alive).toBe(1);
        await turn();
        applied.push(n);
        alive -= 1;
      };
      const again = async (n: number): Promise<void> => {
        while ((await latest(reopen(), issue(n), applyState(n))).kind === 'busy') await turn();
      };
      await Promise.all([3, 1, 4, 1, 5, 2].map(again));
      expect(applied).toEqual(applied.toSorted());
      expect(applied.at(-1)).toBe(5);
    });

    test('waits for a state that was begun', async () => {
      const { store } = fresh();
      await expect(latest(store, issue(2), () => Promise.reject(new Error('x')))).rejects.toThrow('x');
      expect(await latest(store, issue(1), fail)).toEqual({ kind: 'superseded' });
      expect((await latest(store, issue(2), () => 1)).kind).toBe('applied');
    });

    test('takes names of any length and letters', async () => {
      const { store } = fresh();
      const odd = { ...star, id: `"#\u0000\u2028💥${'x'.repeat(5_000)}` };
      expect((await once(store, odd, () => 1)).kind).toBe('handled');
      expect((await once(store, odd, fail)).kind).toBe('duplicate');
    });

    test('gives every call a token of its own', () => {
      const { store, reopen } = fresh();
      const tokens = Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? store : reopen()).token());
      expect(new Set(tokens).size).toBe(100);
    });

    test.each([[''], ['a b'], ['a#b'], ['x'.repeat(65)]])(
      'is not opened for a subscriber called %j',
      (subscriber) => {
        expect(() => open({ subscriber, now: () => 0 })).toThrow(ConfigurationError);
      },
    );

    test.each([[0], [-1], [Number.NaN]])('is not opened to remember for %d days', (retentionDays) => {
      expect(() => open({ subscriber: 'x', retentionDays, now: () => 0 })).toThrow(ConfigurationError);
    });
  });
}

/** Lets others go on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function fail(): never {
  throw new Error('ran though it must not');
}
