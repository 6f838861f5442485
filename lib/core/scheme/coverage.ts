import type { SingleScheme } from '../provider-scheme.ts';
import type { SchemeStepCode } from '../step.ts';
import { holesIn } from '../template.ts';

/** What a proof binds of a request: the rest is whatever the last one who held the request made of it. */
export interface Coverage {
  /** All bytes, none, or the values at these paths (`*` stands for every item). */
  readonly body: 'all' | 'nothing' | readonly string[];
  /** `path`: the path and the query, at whatever host. */
  readonly url: 'yes' | 'path' | 'no';
  readonly method: 'yes' | 'no';
  /** A time that has to be near the one at which the request comes. */
  readonly time: 'yes' | 'no';
  /** By their lower-case names. */
  readonly headers: readonly string[];
}

/**
 * @param step the code of the scheme's step, where it has one
 * @throws {TypeError} when that is missing: a bug.
 * @example coverageOf(stripe.scheme).time // 'yes'
 */
export function coverageOf(scheme: SingleScheme, step?: SchemeStepCode): Coverage {
  switch (scheme.kind) {
    case 'token':
    case 'basic':
      return { body: 'nothing', url: 'no', method: 'no', time: 'no', headers: [] };
    case 'step': {
      if (step === undefined) throw new TypeError(`the step ${scheme.step} is not loaded`);
      const { id, headers = [], ...covers } = step.covers;
      const time = scheme.toleranceSeconds === undefined ? 'no' : 'yes';
      return { ...covers, time, headers: id === undefined ? headers : [id, ...headers] };
    }
    case 'signature': {
      const signed = new Set([...holesIn(scheme.signed)].map(({ from }) => from));
      const has = (part: string): 'yes' | 'no' => (signed.has(part) ? 'yes' : 'no');
      const headers = scheme.families.flatMap(({ id, timestamp }) => [
        ...(id !== undefined && signed.has('id') ? [id] : []),
        ...(timestamp !== undefined && 'header' in timestamp && signed.has('timestamp')
          ? [timestamp.header]
          : []),
      ]);
      return {
        body: signed.has('body') ? 'all' : 'nothing',
        url: has('url'),
        method: has('method'),
        time: scheme.timestamp === undefined ? 'no' : 'yes',
        headers: [...new Set(headers)],
      };
    }
  }
}
