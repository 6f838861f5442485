import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The project's own root folder. */
export const project: string = join(import.meta.dirname, '..');

/**
 * Runs a command in the project with its output passed on.
 *
 * @returns its exit code; 1 when a signal ended it.
 */
export function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    // npm is a shell script on Windows.
    const child = spawn(command, args, {
      cwd: project,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs a JavaScript tool of a dependency by this same Node, whatever Node the machine has. */
export function runTool(script: string, args: readonly string[]): Promise<number> {
  return run(process.execPath, [join(project, 'node_modules', script), ...args]);
}
