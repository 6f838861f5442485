import type { Report } from '../core/report.ts';
import type { Source } from '../core/source.ts';
import { reportLine } from '../local/report-line.ts';
import { type Paint, paintFor } from '../local/report-paint.ts';
import { type Runner, type RunnerPart, startRunner } from '../local/runner.ts';
import { announceAddress, dataFolder, makeDataFolder } from './data-folder.ts';
import { loadSources } from './load-sources.ts';
import { type OpenSecrets, openSecrets } from './secrets-file.ts';
import { shortPath } from './short-path.ts';
import { stopSignal } from './stop-signal.ts';

export interface StartOptions {
  readonly port: number;
  readonly data: string;
  readonly sources: string;
  readonly secrets?: string;
  readonly outbox?: string;
  readonly publicUrl?: string;
  readonly topic: 'standard' | 'fifo';
}

/** Runs the receiver until somebody stops it. */
export async function start(options: StartOptions): Promise<void> {
  const stopped = stopSignal();
  const paint = paintFor(process.stdout);
  const sources = await loadSources(options.sources);
  makeDataFolder(options.data);
  const folder = dataFolder(options.data);
  const files = { secrets: options.secrets ?? folder.secrets, outbox: options.outbox ?? folder.outbox };
  const secrets = openSecrets(files.secrets, sources, Date.now());
  const runner = await startRunner({
    sources,
    secrets: secrets.store,
    cloudDir: folder.cloud,
    port: options.port,
    ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
    topic: options.topic,
    outbox: files.outbox,
    report: printReport(sources, paint),
    onFailure: printFailure,
  });
  const forgetAddress = announceAddress(folder, runner);
  console.log(readyText(runner, { sources, files, secrets, paint }));
  await stopped;
  console.log(paint('aside', 'Stopping. What waits goes on at the next start.'));
  forgetAddress();
  await runner.close();
}

function printReport(sources: readonly Source[], paint: Paint): (report: Report) => void {
  const width = Math.max(...sources.map(({ name }) => name.length));
  return (report) => console.log(reportLine(report, { paint, now: Date.now(), width }));
}

function printFailure(error: unknown, part: RunnerPart): void {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(paintFor(process.stderr)('bad', `${part} failed; nothing is lost by it: ${what}`));
}

function readyText(
  { url, publicUrl }: Runner,
  context: {
    readonly sources: readonly Source[];
    readonly files: { readonly secrets: string; readonly outbox: string };
    readonly secrets: OpenSecrets;
    readonly paint: Paint;
  },
): string {
  const { sources, files, secrets, paint } = context;
  const width = Math.max(...sources.map(({ name }) => name.length));
  const urls = sources.flatMap(({ name, paths }) =>
    paths.map((path, index) => `  ${(index === 0 ? name : '').padEnd(width)}  ${publicUrl}${path}`),
  );
  const made = secrets.made.length === 0 ? '' : ` (new: ${secrets.made.join(', ')})`;
  const empty = `No secret for ${secrets.empty.join(', ')}: all that comes there is answered 503.`;
  const waiting = `In set-up: ${secrets.waiting.join(', ')}. The first set-up request that brings a secret stores it.`;
  const [{ name = '' } = {}] = sources;
  return [
    paint('title', 'Headgate is ready.'),
    ...urls,
    '',
    ...(publicUrl === url ? [] : [`  ${paint('aside', 'tunnel ')}  must lead to ${url}`]),
    `  ${paint('aside', 'secrets')}  ${shortPath(files.secrets)}${made}`,
    `  ${paint('aside', 'events ')}  ${shortPath(files.outbox)}, one CloudEvent a line`,
    `  ${paint('aside', 'try    ')}  npx headgate send ${name}   (with --repeat 2 a duplicate, with --tamper a refusal)`,
    ...(secrets.empty.length === 0 ? [] : ['', paint('notice', empty)]),
    ...(secrets.waiting.length === 0 ? [] : ['', paint('notice', waiting)]),
    '',
  ].join('\n');
}
