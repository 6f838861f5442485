import type { EpochMs } from '../core/request.ts';
import { parseSecrets, type SigningSecret, withSigningSecret } from '../core/secret.ts';
import type { Source } from '../core/source.ts';
import type { SecretVersions, Versions } from './secret-versions.ts';

/** What is stored after it: with the secret (`installed`), or with what was there already (`kept`). */
export interface Installation {
  readonly outcome: 'installed' | 'kept';
  readonly versions: Versions;
}

/**
 * Stores a source's first signing secret; one that is there stays, whoever stored it and however close in time. Fields beside it are kept.
 *
 * What was read may be old by the time of the write. So the secret is stored beside the current version, and AWSCURRENT is then moved to
 * it from the version that was read, and from no other: "If the label is attached and you either do not specify this parameter, or the
 * version ID does not match, then the operation fails" (`RemoveFromVersionId` in
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html). Of several at a time, people with
 * the console among them, one comes first, and the others fail. `PutSecretValue` alone has no such condition: a
 * `ClientRequestToken` stops only who uses the same one.
 *
 * @throws {InfrastructureError} when it is not known to be stored: then it is stored whole or not at all.
 * @throws {ConfigurationError} when what is stored cannot be read: nothing is put in its place.
 */
export async function installFirst(
  versions: SecretVersions,
  source: Source,
  secret: SigningSecret,
  now: () => EpochMs,
): Promise<Installation> {
  const before = await versions.read();
  if (holdsSecret(before, source, now())) return { outcome: 'kept', versions: before };
  const text = withSigningSecret(before.current.text, secret);
  const id = await versions.offer(text);
  try {
    await versions.promote(id, before.current.id);
  } catch (failure) {
    // Somebody was faster, or only the answer was lost: what is stored tells. When that can't be read, the first failure is what counts.
    const after = await versions.read().catch(() => undefined);
    if (after?.current.id === id) return { outcome: 'installed', versions: after };
    if (after !== undefined && holdsSecret(after, source, now())) return { outcome: 'kept', versions: after };
    throw failure;
  }
  return { outcome: 'installed', versions: { current: { id, text, createdAt: now() } } };
}

function holdsSecret(versions: Versions, { secretOverlapSeconds }: Source, now: EpochMs): boolean {
  return parseSecrets({ ...versions, overlapSeconds: secretOverlapSeconds, now }).signing.length > 0;
}
