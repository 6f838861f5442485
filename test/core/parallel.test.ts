import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parallel } from '../../lib/core/parallel.ts';

describe('work in parallel', () => {
  test('gives the results in the order of the items, whoever is first, and never has more under way than the width', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.nat(12),
        fc.integer({ min: 1, max: 5 }),
        async (s, count, width) => {
          let busy = 0;
          let most = 0;
          const turn = s.scheduleFunction(async () => {});
          const done = parallel([...Array(count).keys()], width, async (item) => {
            busy += 1;
            most = Math.max(most, busy);
            await turn();
            busy -= 1;
            return item * 2;
          });
          expect(await s.waitFor(done)).toEqual([...Array(count).keys()].map((item) => item * 2));
          expect(most).toBe(Math.min(width, count));
        },
      ),
    );
  });

  test('does nothing for no items', async () => {
    expect(await parallel([], 0, async () => expect.fail('no item'))).toEqual([]);
  });

  test('after an error begins no item, and ends only when what was under way has ended', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.nat(9), async (s, bad) => {
        let [begun, ended, failed] = [0, 0, false];
        const turn = s.scheduleFunction(async () => {});
        const done = parallel([...Array(10).keys()], 3, async (item) => {
          expect(failed).toBe(false);
          begun += 1;
          await turn();
          ended += 1;
          if (item !== bad) return;
          failed = true;
          throw new RangeError(`item ${item}`);
        });
        await expect(s.waitFor(done)).rejects.toThrow(`item ${bad}`);
        expect(ended).toBe(begun);
      }),
    );
  });
});
