import { parseObject } from '../core/json-object.ts';
import type { Certificates } from '../core/ports.ts';
import { isObject } from '../core/shape.ts';
import type { SecretStore } from './secret-store.ts';

/**
 * The provider's certificates and keys, and those of `headgate send`: what signs for a source lies in its secrets file, with the
 * certificate and the address that it claims, or the public key. Only this machine's receiver trusts it.
 * @param sources whose secrets the store holds, by name.
 */
export function localCertificates(
  store: SecretStore,
  sources: readonly string[],
  others: Certificates,
): Certificates {
  const signers = (): readonly Readonly<Record<string, unknown>>[] =>
    sources.map((name) => signerIn(store.read(name)?.current.text));
  const ours = (): readonly Certified[] => signers().flatMap(certified);
  return {
    roots: async () => [...(await others.roots()), ...ours().map(({ certificate }) => certificate)],
    read: async (url) => {
      const own = ours().find(({ certificateUrl }) => certificateUrl === url);
      return own === undefined ? others.read(url) : [own.certificate];
    },
    keySet: async (url, kid) => {
      const own = signers().flatMap(({ webKey }) => (isObject(webKey) && webKey.kid === kid ? [webKey] : []));
      return own.length === 0 ? others.keySet(url, kid) : own;
    },
  };
}

interface Certified {
  readonly certificate: string;
  readonly certificateUrl: string;
}

function signerIn(secret: string | undefined): Readonly<Record<string, unknown>> {
  const { signer } = parseObject(secret ?? '') ?? {};
  return parseObject(typeof signer === 'string' ? signer : '') ?? {};
}

function certified({ certificate, certificateUrl }: Readonly<Record<string, unknown>>): readonly Certified[] {
  return typeof certificate === 'string' && typeof certificateUrl === 'string'
    ? [{ certificate, certificateUrl }]
    : [];
}
