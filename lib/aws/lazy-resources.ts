import type { FetchAnswer, ResourceReader } from '../core/ports.ts';
import type { ResourcesWiring } from './open-resources.ts';
import { withinLimit } from './within-limit.ts';

type OpenResources = ReturnType<typeof import('./open-resources.ts').openResources>;

/**
 * The providers' APIs. What reads them is loaded at the first use, since a receiver that never asks must not pay for it; and each
 * answer is there within its limit, however many calls it takes.
 */
export function lazyResources(wiring: ResourcesWiring): ResourceReader & { close(): void } {
  let loading: Promise<OpenResources> | undefined;
  return {
    async read(source, address) {
      loading ??= import('./open-resources.ts').then(({ openResources }) => openResources(wiring));
      const { read } = await loading;
      try {
        return await withinLimit(wiring.limits.fetch, () => read(source, address));
      } catch (error) {
        if (error instanceof Error && error.name === 'TimeoutError') return tooLate(error);
        throw error;
      }
    },
    close() {
      loading?.then(
        ({ close }) => close(),
        () => undefined,
      );
    },
  };
}

/** Its calls go on, and what they find out of the provider is noted all the same. */
function tooLate({ message }: Error): FetchAnswer {
  return { kind: 'unknown', reason: 'unanswered', cause: message };
}
