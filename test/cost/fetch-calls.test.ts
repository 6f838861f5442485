import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SECRETS } from '../../bench/signed-delivery.ts';
import { parseSources, type Source } from '../../lib/core/source.ts';
import { stripe } from '../../lib/providers/stripe.ts';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import { startTestCloud, type TestCloud } from '../aws/cloud.ts';
import { json, type StubProvider, startStubProvider } from '../contracts/stub-provider.ts';
import type { AssetProcess } from '../e2e/asset-process.ts';
import { deliver, drain } from './counted-calls.ts';
import { deliveryEvent } from './delivery-event.ts';
import { startStagedFunction } from './staged-function.ts';

const GET_SECRET = 'secretsmanager:GetSecretValue';
const WRITE = 'dynamodb:UpdateItem';
const READ = 'dynamodb:BatchGetItem';
const PUBLISH = 'sns:PublishBatch';

/** Answers, and tells on the way what Node has loaded: there is no other way into the process. */
const TELLING = `
  import { handler as own } from './function/index.mjs';
  export const handler = async (event, context) => {
    const answer = await own(event, context);
    console.log(JSON.stringify({ loaded: process.moduleLoadList.filter((name) => name.includes('undici')) }));
    return answer;
  };`;

let bundles: string;
let cloud: TestCloud;
let provider: StubProvider;
let source: Source;
let ingest: AssetProcess;
let process: AssetProcess;

function sourceAt(baseUrl: string): Source {
  const [parsed] = parseSources({
    stripe: {
      provider: {
        ...stripe,
        api: {
          auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
          rate: { perSecond: 25, burst: 25 },
        },
        events: [
          {
            id: '{body:id}',
            type: '{body:type}',
            subject: 'customer/{body:data.object.id}',
            resource: { path: '/v1/customers/{body:data.object.id}' },
          },
        ],
      },
      reconcile: 'always',
      api: { baseUrl },
    },
  });
  return parsed ?? expect.fail();
}

beforeAll(async () => {
  bundles = await mkdtemp(join(tmpdir(), 'headgate-fetch-'));
  const secrets = { stripe: { signing: [SECRETS.stripe], api: 'sk_test' } };
  [cloud, provider] = await Promise.all([
    startTestCloud({ secrets }),
    startStubProvider(),
    bundleFunctions({ outdir: bundles }),
  ]);
  source = sourceAt(provider.baseUrl);
  const staged = { bundles, sources: [source], cloud };
  ingest = await startStagedFunction({ ...staged, name: 'ingest' });
  process = await startStagedFunction({ ...staged, name: 'process', around: TELLING });
}, 60_000);

afterAll(async () => {
  await Promise.all([ingest.stop(), process.stop()]);
  await Promise.all([cloud.close(), provider.close()]);
  await rm(bundles, { recursive: true });
});

const events = (...ids: readonly number[]): readonly APIGatewayProxyEventV2[] =>
  ids.map((event) => deliveryEvent('stripe', { event }));

test('a fetched event costs one read more than another, and a batch its permits', async () => {
  provider.answer(json(200, { object: 'customer' }));
  await deliver(ingest, events(1));
  const first = await drain(process, cloud);
  // The subject's row, and the permits'; claim, permit, kind, commit, record.
  expect(first.calls).toEqual({ [GET_SECRET]: 1, [READ]: 2, [WRITE]: 5, [PUBLISH]: 1 });
  await deliver(ingest, events(2, 3, 4, 5, 6, 7, 8, 9));
  const next = await drain(process, cloud);
  expect(next.batches).toBe(1);
  const { [READ]: reads = 0, [WRITE]: writes = 0, ...others } = next.calls;
  expect(others).toEqual({ [PUBLISH]: 1 });
  // Of each event: the subject's row; claim, commit, record. The rest is for permits: who asks while some are drawn is in the next draw.
  expect(reads - 8).toBe(writes - 3 * 8);
  expect(reads - 8).toBeGreaterThan(0);
  expect(reads - 8).toBeLessThan(4);
  expect(provider.asked).toHaveLength(9);
  expect(provider.asked[0]).toMatchObject({
    url: '/v1/customers/cus_1',
    headers: { authorization: 'Bearer sk_test' },
  });
});

test('the function that has fetched has not loaded undici, and has told what it did without the key', () => {
  const lines = process.log().map((line) => JSON.parse(line));
  const loaded = lines.filter((line) => 'loaded' in line);
  expect(loaded.length).toBeGreaterThan(0);
  expect(loaded.flatMap((line) => line.loaded)).toEqual([]);
  const fetches = lines.filter(({ kind }) => kind === 'fetch');
  expect(fetches).toHaveLength(9);
  expect(fetches[0]).toMatchObject({
    level: 'INFO',
    source: 'stripe',
    outcome: 'found',
    path: '/v1/customers/cus_1',
  });
  expect(lines.filter(({ Fetches }) => Fetches !== undefined).map(({ Fetches }) => Fetches)).toEqual([1, 8]);
  expect(process.log().join('\n')).not.toContain('sk_test');
});
