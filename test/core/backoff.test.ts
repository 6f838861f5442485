import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffSeconds, LONGEST_DELAY_SECONDS } from '../../lib/core/backoff.ts';

const half = (): number => 0.5;

describe('the wait before the next attempt', () => {
  test('doubles with each attempt, up to what the queue can delay', () => {
    expect([1, 2, 3, 9, 10, 11, 1000].map((attempts) => backoffSeconds(attempts, half))).toEqual([
      2, 3, 6, 384, 675, 675, 675,
    ]);
  });

  test('is a whole number of seconds between half of the full wait and all of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (n, chance) => {
          const full = Math.min(LONGEST_DELAY_SECONDS, 2 ** n);
          const wait = backoffSeconds(n, () => chance);
          expect(Number.isInteger(wait)).toBe(true);
          expect(wait).toBeGreaterThanOrEqual(full / 2);
          expect(wait).toBeLessThanOrEqual(full);
        },
      ),
    );
  });

  test('differs between messages that failed together', () => {
    expect(backoffSeconds(8, () => 0)).toBe(128);
    expect(backoffSeconds(8, () => 0.999)).toBe(256);
  });
});
