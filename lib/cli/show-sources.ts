import { paintFor } from '../local/report-paint.ts';
import { dataFolder, readAddress } from './data-folder.ts';
import { describeSource } from './describe-source.ts';
import { findSource } from './find-source.ts';
import { loadSources } from './load-sources.ts';

/** Prints what is configured, of one source or of all. */
export async function showSources(options: {
  readonly source?: string;
  readonly data: string;
  readonly sources: string;
}): Promise<void> {
  const all = await loadSources(options.sources);
  const shown = options.source === undefined ? all : [findSource(all, options.source)];
  const paint = paintFor(process.stdout);
  const baseUrl = readAddress(dataFolder(options.data))?.publicUrl;
  console.log(shown.map((source) => describeSource(source, paint, baseUrl)).join('\n\n'));
}
