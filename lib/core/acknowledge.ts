import { holeReader } from './hole-reader.ts';
import { intakeDocument } from './intake-document.ts';
import type { Verified } from './scheme.ts';
import type { Source } from './source.ts';
import type { HttpAnswer } from './step.ts';
import type { Steps } from './steps/load-steps.ts';

/**
 * What the provider wants to hear of a request that was accepted. Default: 200 and no body.
 * @throws {TypeError} when the provider's value names a step that was not loaded: a bug.
 * @example acknowledge(source, verified, steps) // { status: 200, headers: {}, body: '' }
 */
export function acknowledge(source: Source, verified: Verified, steps: Steps): HttpAnswer {
  const { request } = verified;
  const wish = source.provider.acknowledge ?? { status: 200 };
  if ('step' in wish) {
    if (steps.acknowledge === undefined)
      throw new TypeError(`step ${wish.step} of source ${source.name} is not loaded`);
    return steps.acknowledge.acknowledge(holeReader({ ...request, document: () => intakeDocument(request) }));
  }
  const headers: Record<string, string> =
    wish.contentType === undefined ? {} : { 'content-type': wish.contentType };
  return { status: wish.status, headers, body: wish.body ?? '' };
}
