import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolderError } from '../local/data-folder-error.ts';

/** Where the local receiver keeps what: in the folder that `--data` names. */
export interface DataFolder {
  readonly cloud: string;
  readonly secrets: string;
  readonly outbox: string;
  readonly address: string;
}

/** @example dataFolder('.headgate').secrets // '.headgate/secrets.json' */
export function dataFolder(folder: string): DataFolder {
  return {
    cloud: join(folder, 'cloud'),
    secrets: join(folder, 'secrets.json'),
    outbox: join(folder, 'outbox.jsonl'),
    address: join(folder, 'address.json'),
  };
}

/**
 * Makes the folder when it is missing, for its owner only: it holds secrets, and what providers have sent.
 * @throws {DataFolderError}
 */
export function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new DataFolderError(folder, { cause });
  }
}

/** Where the receiver that uses a data folder listens, and what its sources' URLs begin with: the same, or a tunnel to it. */
export interface Address {
  readonly url: string;
  readonly publicUrl: string;
}

/** Leaves word where the receiver is, so that `headgate send` finds it on any port. Gives what takes it away again. */
export function announceAddress({ address }: DataFolder, { url, publicUrl }: Address): () => void {
  writeFileSync(address, JSON.stringify({ url, publicUrl }));
  return () => rmSync(address, { force: true });
}

/** Undefined when no receiver is running, as far as the folder knows: after a kill it names the one that was. */
export function readAddress({ address }: DataFolder): Address | undefined {
  try {
    return JSON.parse(readFileSync(address, 'utf8'));
  } catch {
    return undefined;
  }
}
