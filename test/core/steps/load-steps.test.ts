import { expect, test } from 'vitest';
import { singleSchemes } from '../../../lib/core/scheme.ts';
import { loadSteps } from '../../../lib/core/steps/load-steps.ts';
import { providers } from '../../../lib/providers/index.ts';

test('a provider gets the steps that its value names, and no others', async () => {
  for (const provider of providers) {
    const named = [
      ...(typeof provider.document === 'object' && 'step' in provider.document ? ['document'] : []),
      ...(singleSchemes(provider.scheme).some(({ kind }) => kind === 'step') ? ['scheme'] : []),
      ...('step' in provider.events ? ['identify'] : []),
      ...(provider.acknowledge !== undefined && 'step' in provider.acknowledge ? ['acknowledge'] : []),
      ...(provider.handshakes?.some(({ guard }) => typeof guard === 'object' && 'confirms' in guard)
        ? ['confirmation']
        : []),
    ];
    const steps = await loadSteps(provider);
    expect(Object.keys(steps), provider.name).toEqual(named);
    for (const step of Object.values(steps)) expect(step).toBeTypeOf('object');
  }
});
