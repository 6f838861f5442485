import { headgateCommand } from '../lib/cli/headgate-command.ts';
import { runCommand } from '../lib/cli/run-command.ts';

await runCommand(headgateCommand(), process.argv.slice(2));
