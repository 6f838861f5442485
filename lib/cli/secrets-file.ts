import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { signingKeyPair } from '../core/scheme.ts';
import type { Source, SourceName } from '../core/source.ts';
import { signerOf } from '../local/runner-secrets.ts';
import { fileSecretStore, type SecretStore, SecretsFileError } from '../local/secret-store.ts';

/** A secrets file, ready to be read, and what was added to it just now. */
export interface OpenSecrets {
  readonly store: SecretStore;
  readonly made: readonly SourceName[];
}

/**
 * Opens the secrets of the sources. A source without one gets a random one; the file is made when it is missing, readable by its
 * owner only. Where a public key verifies, the private one is kept beside it, as `signer`, for `headgate send`.
 * @throws {SecretsFileError} which quotes nothing of the file.
 */
export function openSecrets(path: string, sources: readonly Source[]): OpenSecrets {
  const known = existsSync(path) ? readSecrets(path) : {};
  const missing = sources.filter(({ name }) => !Object.hasOwn(known, name));
  if (missing.length > 0) {
    const made = missing.map(({ name, provider }) => [name, freshSecret(provider.scheme)] as const);
    replaceFile(path, { ...known, ...Object.fromEntries(made) });
  }
  return { store: fileSecretStore(path), made: missing.map(({ name }) => name) };
}

function freshSecret(scheme: Source['provider']['scheme']): unknown {
  const { secret, signer } = signingKeyPair(scheme);
  return { signing: [secret], ...(signer === secret ? {} : { signer }) };
}

/** The store checks the file and says what is wrong with it. */
function readSecrets(path: string): Readonly<Record<string, unknown>> {
  fileSecretStore(path);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** As a whole or not at all, whenever the process is killed. */
function replaceFile(path: string, secrets: Readonly<Record<string, unknown>>): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch (cause) {
    throw new SecretsFileError({ path, trouble: 'cannot be written' }, { cause });
  }
}

/**
 * What signs for a source. Undefined when the file holds nothing for it.
 * @throws {SecretsFileError} which quotes nothing of the file.
 */
export function readSigner(path: string, source: SourceName): string | undefined {
  const secret = fileSecretStore(path).read(source);
  return secret === undefined ? undefined : signerOf(secret.current);
}
