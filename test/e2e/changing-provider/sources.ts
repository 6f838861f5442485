import type { ProviderDefinition, Sources } from '../../../lib/core/source.ts';

/** Signs by token, so that the test need not; what matters here is what its events tell of. */
function provider(
  name: string,
  subject: 'in the payload' | 'only fetched',
  version: 'comparable' | 'none',
): ProviderDefinition {
  const at = `${name}/{body:thing}`;
  const read = { at: '{body:version}', unit: 'integer' } as const;
  return {
    name,
    scheme: { kind: 'token', header: 'x-token' },
    events: [
      {
        id: '{body:id}',
        type: '{body:type}',
        ...(subject === 'in the payload' ? { subject: at, version: read } : {}),
        resource: {
          ...(subject === 'only fetched' ? { subject: at } : {}),
          path: `/${at}`,
          ...(version === 'comparable' ? { version: read } : {}),
          deletion: [{ at: '{body:type}', equals: 'deleted' }],
        },
      },
    ],
    idCoverage: 'signed',
    delivery: { timeoutMs: 5_000, retries: { spanSeconds: 3_600 } },
    api: {
      auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
      rate: { perSecond: 500, burst: 500 },
    },
  };
}

/** How states are numbered: each, three by three as by a clock that counts in seconds, or not at all. */
export const VERSION_OF: Readonly<Record<string, (state: number) => number | undefined>> = {
  counted: (state) => state,
  ticked: (state) => Math.floor(state / 3),
  bare: () => undefined,
  hint: () => undefined,
};

/** @param baseUrl of the stub. */
export function sourcesAt(baseUrl: string): Sources {
  const api = { baseUrl };
  return {
    counted: { provider: provider('counted', 'in the payload', 'comparable'), reconcile: 'always', api },
    ticked: { provider: provider('ticked', 'in the payload', 'comparable'), reconcile: 'when-unsure', api },
    bare: { provider: provider('bare', 'in the payload', 'none'), reconcile: 'always', api },
    hint: { provider: provider('hint', 'only fetched', 'none'), reconcile: 'when-unsure', api },
  };
}
