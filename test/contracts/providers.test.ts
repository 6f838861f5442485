import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadSteps } from '../../lib/core/steps/load-steps.ts';
import { providers } from '../../lib/providers/index.ts';
import { describeApi } from './api-contract.ts';
import { describeIdentity } from './identity-contract.ts';
import { describeScheme } from './provider-contract.ts';
import type { ProviderFixture } from './provider-fixture.ts';

interface FixtureFile {
  readonly fixture: ProviderFixture;
  /** For the other schemes of a provider that has several. */
  readonly others?: readonly ProviderFixture[];
}

test('every provider has a name of its own, and a fixture', () => {
  expect(new Set(providers.map(({ name }) => name)).size).toBe(providers.length);
  const without = providers.filter(
    ({ name }) => !existsSync(new URL(`../fixtures/${name}.ts`, import.meta.url)),
  );
  expect(without.map(({ name }) => `test/fixtures/${name}.ts is missing`)).toEqual([]);
});

for (const provider of providers) {
  const file = new URL(`../fixtures/${provider.name}.ts`, import.meta.url);
  if (!existsSync(file)) continue;
  const { fixture, others = [] }: FixtureFile = await import(`../fixtures/${provider.name}.ts`);
  const steps = await loadSteps(provider);
  describe(provider.title, () => {
    test('is proved by a fixture of its own', () => {
      expect(fixture.provider).toBe(provider);
    });
    describeScheme(fixture, steps);
    describeIdentity(fixture);
    describeApi([fixture, ...others], steps);
    describe.each(others)('with another kind of secret: $samples.0.name', (other) => {
      test('is the same provider', () => {
        expect(other.provider).toBe(provider);
      });
      describeScheme(other, steps);
      describeIdentity(other);
    });
  });
}
