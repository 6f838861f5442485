import type { Provider, SingleScheme } from '../../lib/core/provider.ts';
import { ledgerRetentionSeconds } from '../../lib/core/resources.ts';
import { type Coverage, coverageOf, singleSchemes } from '../../lib/core/scheme.ts';
import { parseSources } from '../../lib/core/source.ts';
import { loadSteps } from '../../lib/core/steps/load-steps.ts';

/** What a page is written from. */
export interface ProviderFacts {
  readonly provider: Provider;
  /** What `headgate` exports it as. */
  readonly exportName: string;
  /** The ways to prove a request, in order of preference, with what each covers. */
  readonly proofs: readonly Proof[];
  /** How long a receiver with nothing else remembers an event. */
  readonly rememberedSeconds: number;
}

export interface Proof {
  readonly scheme: SingleScheme;
  readonly coverage: Coverage;
}

/** Everything that follows from a provider's value and the code of its steps. */
export async function factsOf(provider: Provider, exportName: string): Promise<ProviderFacts> {
  const steps = await loadSteps(provider);
  return {
    provider,
    exportName,
    proofs: singleSchemes(provider.scheme).map((scheme) => ({
      scheme,
      coverage: coverageOf(scheme, steps.scheme),
    })),
    rememberedSeconds: ledgerRetentionSeconds(parseSources({ [provider.name]: { provider } })),
  };
}
