import { expect, test } from 'vitest';
import { INTAKE_LIMITS } from '../../lib/core/time-limits.ts';
import { providers } from '../../lib/providers/index.ts';

/** For the way to us and back, and for our own work, in ms. */
const WAY_MS = 200;

/** To one that never sends again a late answer is as good: what was accepted is accepted (Sentry waits for a second). */
const persistent = providers.filter(({ delivery }) => delivery.retries !== 'none');
const shortest = Math.min(...persistent.map(({ delivery }) => delivery.timeoutMs));

test('the most impatient provider that sends again waits for three seconds', () => {
  expect(shortest).toBe(3_000);
});

test.each<[string, readonly (keyof typeof INTAKE_LIMITS)[]]>([
  ['one that is spilled while the secret is cold', ['secrets', 'queue', 'objects']],
  ['a large one that is spilled', ['objects', 'queue', 'objects']],
])('a delivery is acknowledged while its provider still waits: %s', (_what, path) => {
  const worst = path.reduce((sum, call) => sum + INTAKE_LIMITS[call], 0);
  expect(worst + WAY_MS).toBeLessThanOrEqual(shortest);
});
