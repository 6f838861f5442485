import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { SecretVersion } from '../core/secret.ts';

export interface StoredVersion extends SecretVersion {
  /** Secrets Manager's VersionId: a new one for each value. */
  readonly id: string;
}

/** What Secrets Manager calls AWSCURRENT and AWSPREVIOUS. */
export interface StoredSecret {
  readonly current: StoredVersion;
  readonly previous?: StoredVersion;
}

/** Where the emulated Secrets Manager finds its secrets, by source name. */
export interface SecretStore {
  /** Throws `SecretsFileError` when the file cannot be read now. */
  read(name: string): StoredSecret | undefined;
  /**
   * Makes a text the current version, and the one before it AWSPREVIOUS. Throws `SecretsFileError` when the file cannot be written.
   * @param id of the version.
   */
  write(name: string, text: string, id: string): void;
}

/** A secret as the user writes it: the text itself, or the JSON it consists of (`{ signing: ['new', 'old'], api: '…' }`). */
export type SecretValue = string | Readonly<Record<string, unknown>>;

export interface MemorySecretStore extends SecretStore {
  /** A value that differs becomes the current version, the one before it AWSPREVIOUS. */
  put(name: string, value: SecretValue): void;
}

/** @example memorySecretStore({ github: { signing: ['s3cret'] } }, Date.now) */
export function memorySecretStore(
  secrets: Readonly<Record<string, SecretValue>>,
  now: () => number,
): MemorySecretStore {
  const versions = versionedSecrets();
  for (const [name, value] of Object.entries(secrets)) versions.put(name, value, now());
  return {
    read: versions.read,
    put: (name, value) => versions.put(name, value, now()),
    write: (name, text, id) => versions.put(name, text, now(), id),
  };
}

/** The secrets file is missing or not what it should be. The message never quotes the file. */
export class SecretsFileError extends Error {
  readonly code = 'SECRETS_FILE';

  constructor(file: { readonly path: string; readonly trouble: string }, options?: ErrorOptions) {
    super(
      `Secrets file ${file.path} ${file.trouble}. It must be JSON of the form {"<source>": {"signing": ["…"], "api": "…"}}.`,
      options,
    );
    this.name = 'SecretsFileError';
  }
}

/**
 * Secrets in a JSON file, source name → value. The file is looked at on each read: a value that was changed becomes a
 * new version, created when the file was. Throws `SecretsFileError` at once when the file cannot be read.
 * @example fileSecretStore('.headgate/secrets.json').read('github')?.current.text // '{"signing":["…"]}'
 */
export function fileSecretStore(path: string): SecretStore {
  const versions = versionedSecrets();
  let seen = '';
  const refresh = (): void => {
    const { state, createdAt, text } = readIfChanged(path, seen);
    if (text === undefined) return;
    const secrets = parseSecrets(path, text);
    for (const [name, value] of Object.entries(secrets)) versions.put(name, value, createdAt);
    versions.keepOnly(new Set(Object.keys(secrets)));
    seen = state;
  };
  refresh();
  return {
    read: (name) => {
      refresh();
      return versions.read(name);
    },
    write: (name, text, id) => {
      refresh();
      const others = parseSecrets(path, readIfChanged(path, '').text ?? '{}');
      const value = parseJson(text);
      replaceSecrets(path, { ...others, [name]: isRecord(value) ? value : text });
      const { state, createdAt } = readIfChanged(path, seen);
      versions.put(name, text, createdAt, id);
      seen = state;
    },
  };
}

/** Writes the file as a whole or not at all, whenever the process is killed; readable by its owner only. */
export function replaceSecrets(path: string, secrets: Readonly<Record<string, unknown>>): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SecretsFileError({ path, trouble: `cannot be written (${code}): check the path` }, { cause });
  }
}

interface VersionedSecrets {
  read(name: string): StoredSecret | undefined;
  put(name: string, value: SecretValue, createdAt: number, id?: string): void;
  keepOnly(names: ReadonlySet<string>): void;
}

function versionedSecrets(): VersionedSecrets {
  const secrets = new Map<string, StoredSecret>();
  return {
    read: (name) => secrets.get(name),
    put: (name, value, createdAt, id) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const before = secrets.get(name)?.current;
      if (id === undefined && before?.text === text) return;
      const current = { id: id ?? randomUUID(), text, createdAt };
      secrets.set(name, before === undefined ? { current } : { current, previous: before });
    },
    keepOnly: (names) => {
      for (const name of secrets.keys()) if (!names.has(name)) secrets.delete(name);
    },
  };
}

/** The file's state and text; `text` undefined when the state is the one already seen. */
function readIfChanged(path: string, seen: string): { state: string; createdAt: number; text?: string } {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    const state = `${mtimeMs} ${size} ${ino}`;
    if (state === seen) return { state, createdAt: mtimeMs };
    return { state, createdAt: mtimeMs, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    throw new SecretsFileError({ path, trouble: 'cannot be read' }, { cause });
  }
}

function parseSecrets(path: string, text: string): Record<string, SecretValue> {
  const parsed = parseJson(text);
  if (!isRecord(parsed)) throw new SecretsFileError({ path, trouble: 'is not a JSON object' });
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value !== 'string' && !isRecord(value)) {
      const trouble = `has neither an object nor a string for "${name}"`;
      throw new SecretsFileError({ path, trouble });
    }
  }
  return parsed as Record<string, SecretValue>;
}

/** JSON.parse's own message quotes the text, and the text is secret: its error goes no further. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
