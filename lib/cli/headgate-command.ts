import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Argument, Command, Option } from 'commander';
import { dataOption, readUrl, readWhole, secretsOption, sourcesOption } from './options.ts';

/** `npx headgate`: what a developer needs beside the receiver. */
export function headgateCommand(): Command {
  return new Command('headgate')
    .description('Sends signed test deliveries, and shows what is configured.')
    .version(packageVersion())
    .exitOverride()
    .addCommand(sendCommand())
    .addCommand(sourcesCommand());
}

const SEND_HELP = `
Without --url it goes to the receiver that runs here (npm start). A URL without a path gets the source's.
Exits with 0 when the delivery was accepted or, with --tamper, refused.

  headgate send github                          a sample of the provider's first type
  headgate send github push --repeat 2          the second one is a duplicate
  headgate send stripe invoice.paid --tamper    refused: 401
  headgate send github deployment --body deployment.json --url https://hooks.example.com/github`;

function sendCommand(): Command {
  return new Command('send')
    .description('Sign a delivery as the provider would, send it, and show request and answer.')
    .exitOverride()
    .addArgument(new Argument('<source>', 'name of the source, as `headgate sources` shows it'))
    .addArgument(
      new Argument('[type]', 'type of the event, as in issues.opened (default: one that the source wants)'),
    )
    .addOption(
      new Option('--url <url>', 'where to send (default: the receiver that runs here)').argParser(readUrl),
    )
    .addOption(
      new Option('--repeat <n>', 'send the same delivery n times, a second apart')
        .default(1)
        .argParser(readWhole(1, 1000)),
    )
    .option('--tamper', 'change a byte after signing', false)
    .option('--body <file>', 'send exactly these bytes')
    .addOption(dataOption())
    .addOption(secretsOption())
    .addOption(sourcesOption())
    .addHelpText('after', SEND_HELP)
    .action(async (source: string, type: string | undefined, options) => {
      const { send } = await import('./send.ts');
      const went = await send({ ...options, source, ...(type === undefined ? {} : { type }) });
      if (!went) process.exitCode = 1;
    });
}

function sourcesCommand(): Command {
  return new Command('sources')
    .description('Show what is configured for each source, and how to set it up at its provider.')
    .exitOverride()
    .addArgument(new Argument('[source]', 'only this one'))
    .addOption(dataOption())
    .addOption(sourcesOption())
    .action(async (source: string | undefined, options) => {
      const { showSources } = await import('./show-sources.ts');
      await showSources({ ...options, ...(source === undefined ? {} : { source }) });
    });
}

/** Of this package, wherever it lies: its own name leads to it. */
function packageVersion(): string {
  const path = fileURLToPath(import.meta.resolve('headgate/package.json'));
  return JSON.parse(readFileSync(path, 'utf8')).version;
}
