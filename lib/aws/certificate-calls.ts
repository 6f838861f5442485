import { get, type RequestOptions } from 'node:https';
import { getCACertificates } from 'node:tls';
import { readBody } from './read-body.ts';

/** The calls that certificates need; `get` throws what says in its message why it failed. */
export interface CertificateCalls {
  get(url: string): Promise<string>;
  roots(): readonly string[];
}

/** The provider waits for our answer, some of them for 3 s, in ms. */
const TIME_LIMIT = 2_000;

/** The longest chain that is read, in bytes. */
const SIZE_LIMIT = 65_536;

/** Import this module dynamically only: most sources need no certificates. */
export const certificateCalls: CertificateCalls = { get: getText, roots };

let authorities: readonly string[] | undefined;

/** The same list each time, so that it need be parsed only once. */
function roots(): readonly string[] {
  authorities ??= getCACertificates('default');
  return authorities;
}

/**
 * The text at an address. Never over anything but https, and a redirect is a failure: its target was checked by nobody.
 * @param options for tests: a port, a root.
 */
export function getText(url: string, options: RequestOptions = {}): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const call = get(url, { ...options, signal: AbortSignal.timeout(TIME_LIMIT) }, (answer) => {
    if (answer.statusCode !== 200) {
      answer.resume();
      reject(new Error(`HTTP ${answer.statusCode}`));
      return;
    }
    readBody(answer, SIZE_LIMIT).then((body) => resolve(body.toString('latin1')), reject);
  });
  call.on('error', reject);
  return promise;
}
