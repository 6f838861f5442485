import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChildRun, runModule } from './child-process.ts';
import { ingestBundles } from './ingest-bundles.ts';
import { type Length, type Measurement, ratio } from './measurement.ts';
import { median } from './median.ts';

/** The CPU time of all threads since the process began, in µs. */
const SAY_READY = `
  const { user, system } = process.cpuUsage();
  process.getBuiltinModule('node:fs').writeSync(1, String(user + system));`;

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

interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
}

type Starts = ReadonlyMap<string, readonly Start[]>;

/** In turn, so that what else the machine does meets all of them alike. */
async function times(
  starts: Readonly<Record<string, () => Promise<ChildRun>>>,
  rounds: number,
): Promise<Starts> {
  const taken = new Map<string, Start[]>(Object.keys(starts).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, start] of Object.entries(starts)) {
      const { readyMs, output } = await start();
      taken.get(name)?.push({ wallMs: readyMs, cpuMs: Number(output) / 1000 });
    }
  }
  return taken;
}

function measured(taken: Starts, rounds: number): Measurement {
  const medians = [...taken].map(([name, starts]) => ({
    name,
    wall: median(starts.map(({ wallMs }) => wallMs)),
    cpu: median(starts.map(({ cpuMs }) => cpuMs)),
  }));
  const [bare] = medians;
  if (bare === undefined) throw new RangeError('nothing was started');
  return {
    title: 'Process start to ready (aim: 1.9 × bare Node, with the compile cache less)',
    how: `From spawning Node to its first output after the handler was imported, and the CPU time of the process until then; no secret is read. Medians of ${rounds} starts each, in turn.`,
    columns: ['', 'ms', '÷ bare Node', 'CPU ms', '÷ bare Node'],
    rows: medians.map(({ name, wall, cpu }) => [
      name,
      wall.toFixed(1),
      ratio(wall, bare.wall),
      cpu.toFixed(1),
      ratio(cpu, bare.cpu),
    ]),
  };
}
