import { expect, test } from 'vitest';
import { firstFailure, HOLDS } from './worst-day/first-failure.ts';

const SEEDS = 400;

test(`every promise holds on ${SEEDS} of the worst days, without asking providers`, {
  timeout: 600_000,
}, async () => {
  expect(await firstFailure({ reconcile: 'off' }, { from: 1, to: SEEDS })).toBe(HOLDS);
});
