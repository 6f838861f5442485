/**
 * Many days, or one: `node test/faults/worst-day/run.ts [--seeds 10000] [--from 1] [--seed 7] [--reconcile off]`.
 * Plays on all processors; prints what breaks a promise, made small.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Reconcile } from '../../../lib/core/source.ts';
import { firstFailure, HOLDS } from './first-failure.ts';

const MODES: readonly Reconcile[] = ['off', 'when-unsure', 'always'];

interface Share {
  readonly reconcile: Reconcile;
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

if (isMainThread) await playAll();
else {
  const { reconcile, ...seeds } = workerData as Share;
  parentPort?.postMessage(await firstFailure({ reconcile }, seeds));
}

async function playAll(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      reconcile: { type: 'string' },
    },
  });
  const modes = MODES.filter((mode) => values.reconcile === undefined || mode === values.reconcile);
  const from = Number(values.seed ?? values.from);
  const count = values.seed === undefined ? Number(values.seeds) : 1;
  if (modes.length === 0 || !(count >= 1) || !Number.isSafeInteger(from)) {
    process.stderr.write(
      `--reconcile is one of ${MODES.join(', ')}; --seeds, --from and --seed are numbers from 1\n`,
    );
    process.exitCode = 2;
    return;
  }
  for (const reconcile of modes) await playMode(reconcile, from, count);
}

async function playMode(reconcile: Reconcile, from: number, count: number): Promise<void> {
  const begun = performance.now();
  const workers = Math.min(availableParallelism(), count);
  const told = await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      play({ reconcile, from: from + index, to: from + count - 1, step: workers }),
    ),
  );
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const failures = told.filter((one) => one !== HOLDS);
  for (const failure of failures) process.stdout.write(`${failure}\n\n`);
  const result = failures.length === 0 ? HOLDS : `${failures.length} broken`;
  process.stdout.write(`${result}: ${count} days from seed ${from}, reconcile ${reconcile}, ${seconds} s\n`);
  if (failures.length > 0) process.exitCode = 1;
}

function play(share: Share): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
