import { InfrastructureError } from '../core/errors.ts';
import type { Certificates } from '../core/ports.ts';
import type { EpochMs } from '../core/request.ts';
import type { CertificateCalls } from './certificate-calls.ts';

/** Providers change a certificate about once a year; it is asked for again once a day, in ms. */
const KEPT_MS = 86_400_000;

/** A provider has one or two in use. */
const CACHED = 16;

interface Kept {
  readonly chain: Promise<readonly string[]>;
  readonly since: EpochMs;
}

/**
 * Certificates from where their provider serves them, and the authorities that Node trusts (`NODE_EXTRA_CA_CERTS` included). The
 * client is loaded at the first use; one call at a time for an address, and what failed is not kept.
 * @example httpsCertificates({ now: Date.now })
 */
export function httpsCertificates(options: {
  readonly now: () => EpochMs;
  readonly load?: () => Promise<CertificateCalls>;
}): Certificates {
  const kept = new Map<string, Kept>();
  const load = options.load ?? loadCalls;
  return {
    roots: async () => (await load()).roots(),
    read: (url) => {
      const known = kept.get(url);
      if (known !== undefined && options.now() - known.since < KEPT_MS) return known.chain;
      const chain = load().then((calls) => fetched(url, calls));
      kept.delete(url);
      const [oldest] = kept.keys();
      if (kept.size >= CACHED && oldest !== undefined) kept.delete(oldest);
      kept.set(url, { chain, since: options.now() });
      chain.catch(() => kept.get(url)?.chain === chain && kept.delete(url));
      return chain;
    },
  };
}

function loadCalls(): Promise<CertificateCalls> {
  return import('./certificate-calls.ts').then(({ certificateCalls }) => certificateCalls);
}

/** Whatever goes wrong: nobody knows whether the request is genuine, so the provider must send it again. */
async function fetched(url: string, calls: CertificateCalls): Promise<readonly string[]> {
  const { host } = new URL(url);
  const failed = (explanation: string, options: ErrorOptions = {}): InfrastructureError =>
    new InfrastructureError(`certificate:${host}`, 'unavailable', { ...options, explanation });
  const text = await calls.get(url).catch((cause: Error) => {
    throw failed(cause.message, { cause });
  });
  const chain = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (chain.length === 0) throw failed('the answer holds no certificate');
  return chain;
}
