import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runModule } from './child-process.ts';
import { ingestBundles } from './ingest-bundles.ts';
import { type Length, type Measurement, ratio } from './measurement.ts';
import { median } from './median.ts';

/** Of all threads, in µs: V8 compiles and collects on others, too. */
const MEASURE = `
  const before = process.cpuUsage();
  await import('./index.mjs');
  const { user, system } = process.cpuUsage(before);
  process.getBuiltinModule('node:fs').writeSync(1, String(user + system));`;

/** The CPU time that importing the ingest function takes, beside the same handler bundled as esbuild does by itself. */
export async function importCpu(length: Length): Promise<Measurement> {
  const bundles = await ingestBundles();
  try {
    const { ours, byDefault, environment } = bundles;
    for (const folder of [ours, byDefault]) await writeFile(join(folder, 'measure.mjs'), MEASURE);
    const cached = { ...environment, NODE_COMPILE_CACHE: join(ours, 'compile-cache') };
    await runModule(join(ours, 'measure.mjs'), cached);
    const taken: Record<'byDefault' | 'ours' | 'cached', number[]> = { byDefault: [], ours: [], cached: [] };
    const rounds = length === 'quick' ? 9 : 41;
    for (let round = 0; round < rounds; round += 1) {
      taken.byDefault.push(await cpuMs(byDefault, environment));
      taken.ours.push(await cpuMs(ours, environment));
      taken.cached.push(await cpuMs(ours, cached));
    }
    const row = (name: string, values: readonly number[]): readonly string[] => [
      name,
      median(values).toFixed(1),
      ratio(median(values), median(taken.byDefault)),
    ];
    return {
      title: "CPU of importing the ingest function (aim: 0.55 × esbuild's defaults)",
      how: `process.cpuUsage() around import() in a process of its own. Medians of ${rounds} imports each, in turn.`,
      columns: ['', 'CPU ms', '÷ defaults'],
      rows: [
        row("esbuild's defaults", taken.byDefault),
        row('as bundled', taken.ours),
        row('as bundled, compile cache', taken.cached),
      ],
    };
  } finally {
    await bundles.remove();
  }
}

async function cpuMs(folder: string, environment: Readonly<Record<string, string>>): Promise<number> {
  return Number((await runModule(join(folder, 'measure.mjs'), environment)).output) / 1000;
}
