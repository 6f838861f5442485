import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runModule } from './child-process.ts';
import { ingestBundles } from './ingest-bundles.ts';
import { type Length, type Measurement, ratio } from './measurement.ts';
import { median } from './median.ts';

const SAY_READY = "process.getBuiltinModule('node:fs').writeSync(1, 'ready');";

/** From the start of a process to its handler being there, beside a Node that does nothing. */
export async function coldStart(length: Length): Promise<Measurement> {
  const bundles = await ingestBundles();
  try {
    const { ours, byDefault, environment } = bundles;
    await mkdir(join(ours, 'bare'));
    for (const folder of [ours, byDefault]) {
      await writeFile(join(folder, 'ready.mjs'), `await import('./index.mjs'); ${SAY_READY}`);
    }
    await writeFile(join(ours, 'bare/ready.mjs'), SAY_READY);
    const cached = { ...environment, NODE_COMPILE_CACHE: join(ours, 'compile-cache') };
    // Its end writes the cache.
    await runModule(join(ours, 'ready.mjs'), cached);
    const starts = {
      'bare Node': () => runModule(join(ours, 'bare/ready.mjs'), environment),
      'ingest, as bundled': () => runModule(join(ours, 'ready.mjs'), environment),
      'ingest, as bundled, compile cache': () => runModule(join(ours, 'ready.mjs'), cached),
      "ingest, esbuild's defaults": () => runModule(join(byDefault, 'ready.mjs'), environment),
    };
    const rounds = length === 'quick' ? 9 : 41;
    return measured(await times(starts, rounds), rounds);
  } finally {
    await bundles.remove();
  }
}

type Times = ReadonlyMap<string, readonly number[]>;

/** In turn, so that what else the machine does meets all of them alike. */
async function times(
  starts: Readonly<Record<string, () => Promise<{ readonly readyMs: number }>>>,
  rounds: number,
): Promise<Times> {
  const taken = new Map<string, number[]>(Object.keys(starts).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, start] of Object.entries(starts)) taken.get(name)?.push((await start()).readyMs);
  }
  return taken;
}

function measured(taken: Times, rounds: number): Measurement {
  const medians = [...taken].map(([name, values]) => [name, median(values)] as const);
  const [, bare = Number.NaN] = medians[0] ?? [];
  return {
    title: 'Process start to ready (aim: 1.9 × bare Node, with the compile cache less)',
    how: `From spawning Node to the first output after the handler was imported; no secret is read. Medians of ${rounds} starts each, in turn.`,
    columns: ['', 'ms', '÷ bare Node'],
    rows: medians.map(([name, value]) => [name, value.toFixed(1), ratio(value, bare)]),
  };
}
