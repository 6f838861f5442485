import { existsSync, readFileSync } from 'node:fs';
import { ConfigurationError } from '../core/errors.ts';
import type { EpochMs } from '../core/request.ts';
import { signingKeyPair } from '../core/scheme.ts';
import { parseSecrets } from '../core/secret.ts';
import type { Source, SourceName } from '../core/source.ts';
import { receiverSecrets, signerOf } from '../local/runner-secrets.ts';
import { fileSecretStore, replaceSecrets, type SecretStore } from '../local/secret-store.ts';
import { UsageError } from './usage-error.ts';

/** A secrets file, ready to be read. */
export interface OpenSecrets {
  readonly store: SecretStore;
  /** Sources that got a random secret just now. */
  readonly made: readonly SourceName[];
  /** Sources that accept nothing, since the file holds an empty secret for them. */
  readonly empty: readonly SourceName[];
  /** The same while they are in set-up: their providers bring the secret. */
  readonly waiting: readonly SourceName[];
}

/**
 * Opens the secrets of the sources. A source without an entry gets a random one, or an empty one while it is in set-up; the file is made
 * when it is missing, readable by its owner only. Where a public key verifies, the private one is kept beside it, as `signer`, for `headgate send`.
 * @throws {SecretsFileError | ConfigurationError} which quote nothing of the file.
 */
export function openSecrets(path: string, sources: readonly Source[], now: EpochMs): OpenSecrets {
  const known = existsSync(path) ? readSecrets(path) : {};
  const missing = sources.filter(({ name }) => !Object.hasOwn(known, name));
  const held = sources.filter((source) => !missing.includes(source));
  // Before anything is written: a file with a mistake in it stays as it is.
  const empty = held.filter((source) => !holdsSecret(path, source, now));
  if (missing.length > 0) {
    const made = missing.map((source) => [source.name, freshSecret(source)] as const);
    replaceSecrets(path, { ...known, ...Object.fromEntries(made) });
  }
  return {
    store: fileSecretStore(path),
    made: namesOf(missing.filter((source) => !isInSetup(source))),
    empty: namesOf(empty.filter((source) => !isInSetup(source))),
    waiting: namesOf([...missing, ...empty].filter(isInSetup)),
  };
}

function isInSetup({ setup }: Source): boolean {
  return setup === 'install-secret';
}

function namesOf(sources: readonly Source[]): readonly SourceName[] {
  return sources.map(({ name }) => name);
}

function freshSecret(source: Source): unknown {
  if (isInSetup(source)) return {};
  const { secret, signer } = signingKeyPair(source.provider.scheme);
  return { signing: [secret], ...(signer === secret ? {} : { signer }) };
}

/** The store checks the file and says what is wrong with it. */
function readSecrets(path: string): Readonly<Record<string, unknown>> {
  fileSecretStore(path);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Reads the secret as the receiver will, so that what is wrong with it is told at once. */
function holdsSecret(path: string, source: Source, now: EpochMs): boolean {
  const secret = receiverSecrets(fileSecretStore(path)).read(source.name);
  if (secret === undefined) return false;
  try {
    const { signing } = parseSecrets({ ...secret, overlapSeconds: source.secretOverlapSeconds, now });
    return signing.length > 0;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(`Secrets file ${path}, source ${source.name}: ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * What signs for a source: its newest secret, or the private key where a public one verifies.
 * @throws {SecretsFileError | UsageError} which quote nothing of the file.
 */
export function readSigner(path: string, { name, provider }: Source): string {
  const keys = verifiesWithPublicKey(provider.scheme) ? 'pair' : 'shared';
  const secret = fileSecretStore(path).read(name);
  const signer = secret && signerOf(secret.current, keys);
  if (signer !== undefined) return signer;
  const needed =
    keys === 'pair' ? '"signing": ["the public key"], "signer": "the private key"' : '"signing": ["…"]';
  throw new UsageError(
    `${path} holds nothing that signs for ${name}. Put it there, as {"${name}": {${needed}}}, or start the receiver once: it makes what is missing.`,
  );
}

function verifiesWithPublicKey(scheme: Source['provider']['scheme']): boolean {
  return (
    scheme.kind === 'signature' && scheme.versions.every(({ algorithm }) => !algorithm.startsWith('hmac'))
  );
}
