import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What a child process said of itself. */
export interface ChildRun {
  /** From before it was spawned to its first output, in ms. */
  readonly readyMs: number;
  readonly output: string;
}

/**
 * Runs an ES module in a Node of its own, which has only this environment.
 * @throws Error with what it wrote, when it fails.
 */
export async function runModule(file: string, env: Readonly<Record<string, string>>): Promise<ChildRun> {
  const since = performance.now();
  const child = spawn(process.execPath, [file], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ready = once(child.stdout, 'readable').then(() => performance.now() - since);
  const [readyMs, output, trouble, [code]] = await Promise.all([
    ready,
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  if (code !== 0) throw new Error(`${file} ended with ${code}: ${trouble}`);
  return { readyMs, output };
}
