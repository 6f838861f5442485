import { InfrastructureError } from '../core/errors.ts';
import { parseObject } from '../core/json-object.ts';
import type { Certificates, WebKey } from '../core/ports.ts';
import type { EpochMs } from '../core/request.ts';
import { isObject } from '../core/shape.ts';
import { type CertificateCalls, certificateCalls } from './certificate-calls.ts';
import { keptAnswers } from './kept-answers.ts';

/** Providers change what they sign with rarely; it is asked for again once a day, in ms. */
const DAY = 86_400_000;

/** How old a key set must be to be asked for again because it lacks a key, in ms. */
const RENEWED = 300_000;

/**
 * Certificates and key sets from where their provider serves them, and the authorities that Node trusts (`NODE_EXTRA_CA_CERTS`
 * included). Import this module dynamically only: see `lazyCertificates`.
 * @example httpsCertificates({ now: Date.now })
 */
export function httpsCertificates(options: {
  readonly now: () => EpochMs;
  readonly calls?: CertificateCalls;
}): Certificates {
  const { now, calls = certificateCalls } = options;
  const chain = keptAnswers({ now, ask: (url) => chainAt(url, calls) });
  const keys = keptAnswers({ now, ask: (url) => keysAt(url, calls) });
  return {
    roots: async () => calls.roots(),
    read: (url) => chain(url, DAY),
    keySet: async (url, kid) => {
      const known = await keys(url, DAY);
      return known.some((key) => key.kid === kid) ? known : keys(url, RENEWED);
    },
  };
}

async function chainAt(url: string, calls: CertificateCalls): Promise<readonly string[]> {
  const text = await textAt('certificate', url, calls);
  const chain = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (chain.length === 0) throw failure('certificate', url, 'the answer holds no certificate');
  return chain;
}

async function keysAt(url: string, calls: CertificateCalls): Promise<readonly WebKey[]> {
  const { keys } = parseObject(await textAt('keys', url, calls)) ?? {};
  if (!Array.isArray(keys)) throw failure('keys', url, 'the answer is no set of keys');
  return keys.filter(isObject);
}

function textAt(what: string, url: string, calls: CertificateCalls): Promise<string> {
  return calls.get(url).catch((cause: Error) => {
    throw failure(what, url, cause.message, { cause });
  });
}

/** Whatever goes wrong: nobody knows whether the request is genuine, so the provider must send it again. */
function failure(
  what: string,
  url: string,
  explanation: string,
  options: ErrorOptions = {},
): InfrastructureError {
  const { host } = new URL(url);
  return new InfrastructureError(`${what}:${host}`, 'unavailable', { ...options, explanation });
}
