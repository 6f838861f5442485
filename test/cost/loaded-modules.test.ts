import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Told } from '../../bench/signed-delivery.ts';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import { startTestCloud, type TestCloud } from '../aws/cloud.ts';
import { deliveryEvent, secrets, sourcesOf } from './delivery-event.ts';
import { startStagedFunction } from './staged-function.ts';

let bundles: string;
let cloud: TestCloud;

beforeAll(async () => {
  bundles = await mkdtemp(join(tmpdir(), 'headgate-loaded-'));
  [cloud] = await Promise.all([startTestCloud({ secrets }), bundleFunctions({ outdir: bundles })]);
}, 60_000);

afterAll(async () => {
  await cloud.close();
  await rm(bundles, { recursive: true });
});

interface Answered {
  readonly answer: { readonly statusCode: number };
  readonly loaded: readonly string[];
}

const TELLING = `
  import { handler as own } from './function/index.mjs';
  export const handler = async (event, context) => ({ answer: await own(event, context), loaded: process.moduleLoadList });`;

/** The built-in modules that Node has loaded once the ingest function has answered one delivery. */
async function loadedAfter(told: Told, around = TELLING): Promise<readonly string[]> {
  const ingest = await startStagedFunction({
    name: 'ingest',
    bundles,
    sources: sourcesOf('github'),
    cloud,
    around,
  });
  try {
    const { answer, loaded } = (await ingest.invoke(deliveryEvent('github', told))) as Answered;
    expect(answer.statusCode).toBe(200);
    return loaded;
  } finally {
    await ingest.stop();
  }
}

const undici = (loaded: readonly string[]): readonly string[] =>
  loaded.filter((name) => name.includes('undici'));

describe('the ingest function, staged, on the Node that Lambda has', () => {
  test('has loaded the HTTP client, but no undici, when its first event is on the queue', async () => {
    const loaded = await loadedAfter({ event: 1 });
    expect(loaded).toContain('NativeModule _http_client');
    expect(undici(loaded)).toEqual([]);
  });

  test('has loaded none either when a large body lies in the bucket', async () => {
    expect(undici(await loadedAfter({ event: 2, bytes: 1_100_000 }))).toEqual([]);
  });

  test('would be caught importing node:http as a module', async () => {
    const loaded = await loadedAfter({ event: 3 }, `import 'node:http';${TELLING}`);
    expect(undici(loaded)).not.toEqual([]);
  });
});
