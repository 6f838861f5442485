import { Command, Option } from 'commander';
import { dataOption, readUrl, readWhole, secretsOption, sourcesOption } from './options.ts';

const HELP = `
Only this machine can reach it: it listens on 127.0.0.1. For a provider's own deliveries put a tunnel before it, and name the
tunnel with --public-url. Ctrl-C stops it; what it has taken survives that, and a kill -9 too.`;

/** `npm start`: the receiver on this machine. */
export function startCommand(): Command {
  return new Command('npm start --')
    .description(
      'Receives webhooks on this machine: the functions of the stack, with AWS emulated in this process.',
    )
    .exitOverride()
    .addOption(new Option('--port <n>', '0 picks a free one').default(8787).argParser(readWhole(0, 65_535)))
    .addOption(dataOption())
    .addOption(sourcesOption())
    .addOption(secretsOption())
    .option(
      '--outbox <file>',
      'gets every published CloudEvent as one line (default: outbox.jsonl in the data folder)',
    )
    .addOption(
      new Option('--public-url <url>', 'what providers call, if not this machine: a tunnel').argParser(
        (text) => readUrl(text).replace(/\/+$/, ''),
      ),
    )
    .option('--fifo', 'publish to a FIFO topic instead of a standard one', false)
    .addHelpText('after', HELP)
    .action(async ({ fifo, ...options }) => {
      const { start } = await import('./start.ts');
      await start({ ...options, topic: fifo ? 'fifo' : 'standard' });
    });
}
