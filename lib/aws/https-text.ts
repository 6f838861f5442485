import { get, type RequestOptions } from 'node:https';
import { readBody } from './read-body.ts';

/** The provider waits for our answer, some of them for 3 s, in ms. */
const TIME_LIMIT = 2_000;

/** Longer than any chain of certificates, and than a set of keys, each with a certificate; in bytes. */
const SIZE_LIMIT = 262_144;

/**
 * The text at an address, by a GET. Never over anything but https, and a redirect is a failure: its target was checked by nobody.
 * Import this module dynamically only: most sources make no call.
 * @param options for tests: a port, a root.
 */
export function httpsText(url: string, options: RequestOptions = {}): Promise<string> {
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
