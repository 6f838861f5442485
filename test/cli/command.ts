import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A command under way, as a process of its own. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves to all output so far, once the pattern is in it; rejects when the process ends before. */
  says(pattern: RegExp): Promise<string>;
}

/** @example command('bin/headgate.ts', 'send', 'github') */
export function command(script: string, ...words: readonly string[]): Running {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
  const child = spawn(process.execPath, [script, ...words], { cwd: root, env, stdio: 'pipe' });
  let output = '';
  let errors = '';
  const looks = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    output += chunk;
    for (const look of looks) look();
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => resolve({ code, output, errors })),
  );
  const says = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(output)) return;
        looks.delete(look);
        resolve(output);
      };
      looks.add(look);
      void ended.then(() => reject(new Error(`ended without saying ${pattern}: ${output}${errors}`)));
      look();
    });
  return { child, ended, says };
}
