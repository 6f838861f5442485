import { type Command, CommanderError } from 'commander';
import { paintFor } from '../local/report-paint.ts';
import { explainError } from './explain-error.ts';

/**
 * Runs a command line. Whatever goes wrong is told on stderr, and the process ends with code 1.
 * @param words what stands behind the command's name: `process.argv.slice(2)`.
 */
export async function runCommand(command: Command, words: readonly string[]): Promise<void> {
  process.stdout.on('error', endWithReader);
  try {
    await command.parseAsync(words, { from: 'user' });
  } catch (error) {
    // Commander has said it already, and help is no error.
    if (error instanceof CommanderError) process.exitCode = error.exitCode;
    else {
      console.error(paintFor(process.stderr)('bad', explainError(error)));
      process.exitCode = 1;
    }
  }
}

/** `headgate sources | head` closes our output before we have said everything: nobody is there to be told so. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}
