import { parseObject } from '../core/json-object.ts';
import type { Certificates } from '../core/ports.ts';
import type { SecretStore } from './secret-store.ts';

/**
 * The provider's certificates, and those of `headgate send`: what signs for a source lies in its secrets file, with the certificate and
 * the address that it claims. Only this machine's receiver trusts it.
 * @param sources whose secrets the store holds, by name.
 */
export function localCertificates(
  store: SecretStore,
  sources: readonly string[],
  others: Certificates,
): Certificates {
  const ours = (): readonly Certified[] =>
    sources.flatMap((name) => certified(store.read(name)?.current.text));
  return {
    roots: async () => [...(await others.roots()), ...ours().map(({ certificate }) => certificate)],
    read: async (url) => {
      const own = ours().find(({ certificateUrl }) => certificateUrl === url);
      return own === undefined ? others.read(url) : [own.certificate];
    },
  };
}

interface Certified {
  readonly certificate: string;
  readonly certificateUrl: string;
}

function certified(secret: string | undefined): readonly Certified[] {
  const { signer } = parseObject(secret ?? '') ?? {};
  const { certificate, certificateUrl } = parseObject(typeof signer === 'string' ? signer : '') ?? {};
  return typeof certificate === 'string' && typeof certificateUrl === 'string'
    ? [{ certificate, certificateUrl }]
    : [];
}
