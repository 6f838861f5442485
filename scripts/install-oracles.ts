import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { project, run } from './run.ts';

const folder = join(project, 'test/oracles');
const stamp = join(folder, 'node_modules/.installed-lock');

async function installedLock(): Promise<string | undefined> {
  try {
    return await readFile(stamp, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Installs the providers' own SDKs, which only tests need, unless those of the lock file are there.
 *
 * @returns npm's exit code; 0 when there was nothing to do.
 */
export async function installOracles(): Promise<number> {
  const lock = createHash('sha256')
    .update(await readFile(join(folder, 'package-lock.json')))
    .digest('hex');
  if ((await installedLock()) === lock) return 0;
  console.log('Installing the test oracles (once per lock file) …');
  const code = await run('npm', ['ci', '--prefix', 'test/oracles']);
  if (code === 0) await writeFile(stamp, lock);
  return code;
}
