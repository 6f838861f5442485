import type { Certificates } from '../core/ports.ts';
import type { EpochMs } from '../core/request.ts';

/**
 * Certificates and key sets over https. All that is needed for them is loaded at the first use: most sources need none.
 * @example lazyCertificates(Date.now)
 */
export function lazyCertificates(now: () => EpochMs): Certificates {
  let loaded: Promise<Certificates> | undefined;
  const load = (): Promise<Certificates> => {
    loaded ??= import('./https-certificates.ts').then(({ httpsCertificates }) => httpsCertificates({ now }));
    return loaded;
  };
  return {
    read: async (url) => (await load()).read(url),
    roots: async () => (await load()).roots(),
    keySet: async (url, kid) => (await load()).keySet(url, kid),
  };
}
