import { isObject } from '../core/shape.ts';
import type { SecretStore, StoredVersion } from './secret-store.ts';

/**
 * The secrets as the receiver may see them. A secrets file can also hold a `signer`, the private key with which test deliveries
 * are signed: that belongs to the sender, so it never reaches the emulated Secrets Manager.
 */
export function receiverSecrets(store: SecretStore): SecretStore {
  return {
    read: (name) => {
      const secret = store.read(name);
      if (secret === undefined) return undefined;
      const { current, previous } = secret;
      return {
        current: withoutSigner(current),
        ...(previous === undefined ? {} : { previous: withoutSigner(previous) }),
      };
    },
    // A signer of before would sign with another key than the one that is written.
    write: store.write,
  };
}

/**
 * What signs under a secret: the private key beside it, else the newest secret itself. Undefined when there is none.
 * @param keys `pair` where a public key verifies, so that the secret itself can sign nothing.
 * @example signerOf({ id, createdAt, text: '{"signing":["new","old"]}' }, 'shared') // 'new'
 */
export function signerOf({ text }: StoredVersion, keys: 'shared' | 'pair'): string | undefined {
  const fields = fieldsOf(text) ?? { signing: text };
  const newest: unknown = Array.isArray(fields.signing) ? fields.signing[0] : fields.signing;
  const candidates: readonly unknown[] = keys === 'pair' ? [fields.signer] : [fields.signer, newest];
  return candidates.find((one): one is string => typeof one === 'string' && one.trim() !== '');
}

function withoutSigner(version: StoredVersion): StoredVersion {
  const fields = fieldsOf(version.text);
  if (fields === undefined || !('signer' in fields)) return version;
  const { signer: _signer, ...received } = fields;
  return { ...version, text: JSON.stringify(received) };
}

/** Undefined for the bare text of a secret. */
function fieldsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
