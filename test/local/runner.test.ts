import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Report } from '../../lib/core/report.ts';
import { parseSources } from '../../lib/core/source.ts';
import { type Runner, type RunnerOptions, startRunner } from '../../lib/local/runner.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { github } from '../../lib/providers/index.ts';

let folder: string;
let runner: Runner | undefined;
let reports: Report[];
let failures: unknown[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-runner-'));
  reports = [];
  failures = [];
});
afterEach(async () => {
  await runner?.close();
  runner = undefined;
  await rm(folder, { recursive: true });
  expect(failures).toEqual([]);
});

function optionsOf(): RunnerOptions {
  return {
    sources: parseSources({ github: { provider: github } }),
    secrets: memorySecretStore({ github: { signing: ['s3cret'] } }, Date.now),
    cloudDir: join(folder, 'cloud'),
    port: 0,
    topic: 'standard',
    outbox: join(folder, 'outbox.jsonl'),
    report: (report) => reports.push(report),
    onFailure: (error) => failures.push(error),
  };
}

async function start(options: Partial<RunnerOptions> = {}): Promise<Runner> {
  runner = await startRunner({ ...optionsOf(), ...options });
  return runner;
}

/** A signed `watch` event with so many bytes of ballast. */
function post(url: string, ballast = 0): Promise<Response> {
  const body = JSON.stringify({ action: 'started', repository: { id: 1 }, ballast: 'x'.repeat(ballast) });
  return fetch(`${url}/github`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'watch',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', 's3cret').update(body).digest('hex')}`,
    },
  });
}

async function outbox(count: number): Promise<Record<string, unknown>[]> {
  const lines = async (): Promise<string[]> => {
    const text = await readFile(join(folder, 'outbox.jsonl'), 'utf8');
    return text.split('\n').slice(0, -1);
  };
  const found = await vi.waitUntil(
    async () => ((await lines()).length >= count ? lines() : undefined),
    25_000,
  );
  return found.map((line) => JSON.parse(line));
}

test('keeps a large body in the bucket, and publishes a large event by reference', async () => {
  const { url } = await start();
  expect((await post(url, 1_200_000)).status).toBe(200);
  const [event] = await outbox(1);
  expect(event).toMatchObject({
    type: 'github.watch.started',
    dataref: expect.stringMatching(/^s3:\/\/headgate-objects\/events\//),
  });
  expect(event).not.toHaveProperty('data');
  expect(reports).toMatchObject([
    { kind: 'intake', outcome: 'accepted', place: 'store' },
    { kind: 'event', outcome: 'published' },
  ]);
});

test('publishes to a FIFO topic as well', async () => {
  const { url } = await start({ topic: 'fifo' });
  await post(url);
  expect(await outbox(1)).toMatchObject([{ type: 'github.watch.started', verdict: 'fresh' }]);
});

test('answers what is under way when it is closed, and goes on with it at the next start', async () => {
  let closed: Promise<void> | undefined;
  const first = await start({
    report: (report) => {
      if (report.kind === 'intake') closed = first.close();
    },
  });
  expect((await post(first.url)).status).toBe(200);
  await closed;
  await expect(post(first.url)).rejects.toThrow('fetch failed');
  await start();
  expect(await outbox(1)).toMatchObject([{ type: 'github.watch.started' }]);
});

test('leaves nothing open when it cannot start', async () => {
  const { url } = await start();
  const other = { cloudDir: join(folder, 'other'), outbox: join(folder, 'other.jsonl') };
  await expect(startRunner({ ...optionsOf(), ...other, port: Number(new URL(url).port) })).rejects.toThrow(
    /is in use/,
  );
  // The folder's lock is free again.
  const again = await startRunner({ ...optionsOf(), ...other });
  await again.close();
});
