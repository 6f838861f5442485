import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sources from '../bin/sources.ts';
import { parseSources } from '../lib/core/source.ts';
import { startRunner } from '../lib/local/runner.ts';
import { memorySecretStore } from '../lib/local/secret-store.ts';
import { SECRETS } from './signed-delivery.ts';

/** What the local runner tells whoever has started it as a child process. */
export type RunnerMessage =
  | { readonly kind: 'ready'; readonly url: string }
  /** The events that were asked for are published. `cpuMicros`: of all threads since the process began. */
  | { readonly kind: 'published'; readonly cpuMicros: number };

/** How many events, since the start, are to be published before that is told; 0 ends the process. */
export type RunnerRequest = { readonly published: number };

function tell(message: RunnerMessage): void {
  process.send?.(message);
}

const folder = await mkdtemp(join(tmpdir(), 'headgate-bench-runner-'));
let published = 0;
let wanted = Number.POSITIVE_INFINITY;

function tellWhenPublished(): void {
  if (published < wanted) return;
  wanted = Number.POSITIVE_INFINITY;
  const { user, system } = process.cpuUsage();
  tell({ kind: 'published', cpuMicros: user + system });
}

const runner = await startRunner({
  sources: parseSources(sources),
  secrets: memorySecretStore(SECRETS, Date.now),
  cloudDir: join(folder, 'cloud'),
  port: 0,
  topic: 'standard',
  outbox: join(folder, 'outbox.jsonl'),
  report: (report) => {
    if (report.kind !== 'event' || report.outcome !== 'published') return;
    published += 1;
    tellWhenPublished();
  },
  onFailure: (error, part) => console.error(`${part}:`, error),
});

process.on('message', async (request: RunnerRequest) => {
  if (request.published > 0) {
    wanted = request.published;
    tellWhenPublished();
    return;
  }
  await runner.close();
  await rm(folder, { recursive: true });
  process.disconnect();
});
tell({ kind: 'ready', url: runner.url });
