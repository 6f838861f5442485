import { getCACertificates } from 'node:tls';
import { httpsText } from './https-text.ts';

/** The calls that certificates need; `get` throws what says in its message why it failed. */
export interface CertificateCalls {
  get(url: string): Promise<string>;
  roots(): readonly string[];
}

export const certificateCalls: CertificateCalls = { get: httpsText, roots };

let authorities: readonly string[] | undefined;

/** The same list each time, so that it need be parsed only once. */
function roots(): readonly string[] {
  authorities ??= getCACertificates('default');
  return authorities;
}
