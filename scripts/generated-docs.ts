import type { Provider } from '../lib/core/provider.ts';
import * as exported from '../lib/providers/index.ts';
import { factsOf } from './provider-docs/provider-facts.ts';
import { providerOverview } from './provider-docs/provider-overview.ts';
import { providerPage } from './provider-docs/provider-page.ts';
import { providerSchema } from './provider-schema/provider-schema.ts';

/** All that is written from the code: its path below `docs`, and its text. */
export async function generatedDocs(): Promise<ReadonlyMap<string, string>> {
  const facts = await Promise.all(
    exported.providers.map((provider) => factsOf(provider, exportName(provider))),
  );
  return new Map([
    ['provider.schema.json', `${JSON.stringify(providerSchema(), null, 2)}\n`],
    ['providers/README.md', providerOverview(facts)],
    ...facts.map((one) => [`providers/${one.provider.name}.md`, providerPage(one)] as const),
  ]);
}

/** @throws {TypeError} for a provider that nobody could name in `bin/sources.ts`. */
function exportName(provider: Provider): string {
  const name = Object.entries(exported).find(([, value]) => value === provider)?.[0];
  if (name === undefined) throw new TypeError(`lib/providers/index.ts does not export ${provider.name}`);
  return name;
}
