import type { Scheme } from '../core/provider.ts';
import type { Headers } from '../core/request.ts';

/**
 * Headers as they may be shown: of a signature only its beginning, of a secret nothing. Whatever else there is stays.
 * @param signed the headers that the scheme has added.
 * @example presentableHeaders(github.scheme, { 'x-hub-signature-256': 'sha256=7221eb4d…' }) // 'sha256=7221eb…'
 */
export function presentableHeaders(scheme: Scheme, signed: Headers): Headers {
  switch (scheme.kind) {
    case 'signature': {
      const names = new Set(scheme.families.map(({ signature }) => signature.header));
      const shown = ([name, value]: [string, string]): [string, string] => [
        name,
        names.has(name) ? shortened(value) : value,
      ];
      return Object.fromEntries(Object.entries(signed).map(shown));
    }
    case 'step':
      return Object.fromEntries(Object.entries(signed).map(([name, value]) => [name, shortened(value)]));
    case 'token':
      return { [scheme.header]: `${scheme.prefix ?? ''}…` };
    case 'basic':
      return { authorization: 'Basic …' };
  }
}

/** Six characters tell two signatures apart; all of it would be good for whoever reads along to send the delivery again. */
function shortened(value: string): string {
  return value.replace(/[0-9A-Za-z+/_-]{16,}={0,2}/g, (run) => `${run.slice(0, 6)}…`);
}
