import { runCommand } from '../lib/cli/run-command.ts';
import { startCommand } from '../lib/cli/start-command.ts';

await runCommand(startCommand(), process.argv.slice(2));
