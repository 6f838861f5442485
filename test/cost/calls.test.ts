import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HMAC_SOURCES, type HmacSource, type SourceId, type Told } from '../../bench/signed-delivery.ts';
import { parseSources } from '../../lib/core/source.ts';
import { asana } from '../../lib/providers/asana.ts';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import { startTestCloud, type TestCloud } from '../aws/cloud.ts';
import type { AssetProcess } from '../e2e/asset-process.ts';
import { type Calls, callsDuring, deliver, drain } from './counted-calls.ts';
import { deliveryEvent, postEvent, secrets, sourcesOf } from './delivery-event.ts';
import { startStagedFunction } from './staged-function.ts';

const GET_SECRET = 'secretsmanager:GetSecretValue';
const SEND = 'sqs:SendMessage';
const WRITE = 'dynamodb:UpdateItem';
const READ = 'dynamodb:BatchGetItem';
const PUBLISH = 'sns:PublishBatch';

/** Claim, record and, where there is one, subject; where the id is not signed, the row that binds the content, too. */
const WRITES_AN_EVENT: Readonly<Record<HmacSource, number>> = {
  github: 4,
  stripe: 3,
  'standard-webhooks': 2,
};

const inSetup = parseSources({ asana: { provider: asana, setup: 'install-secret' } });

let bundles: string;
let cloud: TestCloud;
const started: AssetProcess[] = [];

beforeAll(async () => {
  bundles = await mkdtemp(join(tmpdir(), 'headgate-calls-'));
  [cloud] = await Promise.all([
    startTestCloud({ secrets: { ...secrets, asana: {} } }),
    bundleFunctions({ outdir: bundles }),
  ]);
}, 60_000);

afterAll(async () => {
  for (const one of started) await one.stop();
  await cloud.close();
  await rm(bundles, { recursive: true });
});

async function start(
  name: 'ingest' | 'process',
  sources: readonly SourceId[],
  around?: string,
): Promise<AssetProcess> {
  const staged = { name, bundles, sources: sourcesOf(...sources), cloud };
  const process = await startStagedFunction(around === undefined ? staged : { ...staged, around });
  started.push(process);
  return process;
}

let lastEvent = 0;
/** A delivery that is not a repeat of any before. */
function next(source: SourceId, told: Partial<Told> = {}): APIGatewayProxyEventV2 {
  lastEvent += 1;
  return deliveryEvent(source, { event: lastEvent, ...told });
}

/** So many new deliveries, of the sources in turn. */
function nextOf(count: number, sources: readonly SourceId[]): readonly APIGatewayProxyEventV2[] {
  return Array.from({ length: count }, (_, index) => next(sources[index % sources.length] ?? 'github'));
}

describe('the ingest function', () => {
  test('reads the secret of its only source when it starts; the first event then costs one call', async () => {
    let ingest: AssetProcess | undefined;
    const atStart = await callsDuring(cloud, async () => {
      ingest = await start('ingest', ['github']);
    });
    expect(atStart).toEqual({ [GET_SECRET]: 1 });
    const first = [next('github')];
    expect(await callsDuring(cloud, () => deliver(ingest ?? expect.fail(), first))).toEqual({ [SEND]: 1 });
  });

  test('reads, stores and makes current what a set-up request brings, and nothing for the next', async () => {
    const ingest = await startStagedFunction({ name: 'ingest', bundles, sources: inSetup, cloud });
    started.push(ingest);
    const bring = (secret: string) =>
      callsDuring(cloud, () =>
        ingest.invoke(
          postEvent({ path: '/asana', headers: { 'x-hook-secret': secret }, body: '{}', requestId: secret }),
        ),
      );
    expect(await bring('b537207f20cbfa02357cf448134da559')).toEqual({
      [GET_SECRET]: 1,
      'secretsmanager:PutSecretValue': 1,
      'secretsmanager:UpdateSecretVersionStage': 1,
    });
    expect(cloud.secrets.read('asana')?.current.text).toBe(
      '{"signing":["b537207f20cbfa02357cf448134da559"]}',
    );
    // A stranger's costs what a mismatch costs: one call in half a minute.
    expect(await bring('00000000000000000000000000000000')).toEqual({ [GET_SECRET]: 1 });
    expect(await bring('00000000000000000000000000000001')).toEqual({});
  });

  describe('of several sources', () => {
    let ingest: AssetProcess;
    beforeAll(async () => {
      ingest = await start('ingest', HMAC_SOURCES);
    });

    test.each(HMAC_SOURCES)('makes two calls for the first event of %s: secret and queue', async (source) => {
      const first = [next(source)];
      expect(await callsDuring(cloud, () => deliver(ingest, first))).toEqual({ [GET_SECRET]: 1, [SEND]: 1 });
    });

    test.each([1, 10, 1_000])(
      'makes one call an event when it is warm: %i events',
      async (count) => {
        const events = nextOf(count, HMAC_SOURCES);
        expect(await callsDuring(cloud, () => deliver(ingest, events))).toEqual({ [SEND]: count });
      },
      120_000,
    );
  });
});

describe('the processor', () => {
  const sources: readonly SourceId[] = [...HMAC_SOURCES, 'sendgrid'];
  let ingest: AssetProcess;
  let process: AssetProcess;

  beforeAll(async () => {
    ingest = await start('ingest', sources);
    process = await start('process', sources);
    // What other tests have left on the queue.
    await drain(process, cloud);
  }, 120_000);

  beforeEach(async () => {
    expect((await drain(process, cloud)).batches).toBe(0);
  });

  test.each(HMAC_SOURCES.flatMap((source) => [[1, source] as const, [10, source] as const]))(
    'writes claim, subject and record, and publishes: %i of %s',
    async (count, source) => {
      await deliver(ingest, nextOf(count, [source]));
      const { calls, batches } = await drain(process, cloud);
      expect(calls).toEqual({ [WRITE]: count * WRITES_AN_EVENT[source], [PUBLISH]: batches });
      expect(batches).toBe(1);
    },
  );

  test('makes the same calls for a thousand, and one publication for each ten', async () => {
    const each = 250;
    await deliver(ingest, nextOf(4 * each, ['github', 'stripe', 'standard-webhooks', 'stripe']));
    const { calls, batches } = await drain(process, cloud);
    const writes =
      each * (WRITES_AN_EVENT.github + 2 * WRITES_AN_EVENT.stripe + WRITES_AN_EVENT['standard-webhooks']);
    expect(calls).toEqual({ [WRITE]: writes, [PUBLISH]: 100 });
    expect(batches).toBe(100);
  }, 240_000);

  test('makes no more for ten states of one resource', async () => {
    const told = { resource: 1_000_000 };
    await deliver(
      ingest,
      Array.from({ length: 10 }, () => next('stripe', told)),
    );
    const { calls } = await drain(process, cloud);
    expect(calls).toEqual({ [WRITE]: 10 * WRITES_AN_EVENT.stripe, [PUBLISH]: 1 });
  });

  test('makes one call for a repeat, and publishes nothing', async () => {
    const event = next('stripe');
    await deliver(ingest, [event]);
    await drain(process, cloud);
    await deliver(ingest, [event]);
    expect((await drain(process, cloud)).calls).toEqual({ [WRITE]: 1 });
  });

  test('reads the rows of a delivery of 200 events once, a hundred a call', async () => {
    await deliver(ingest, [next('sendgrid', { batch: 200 })]);
    const { calls } = await drain(process, cloud);
    expect(calls).toEqual({ [READ]: 2, [WRITE]: 600, [PUBLISH]: 20 });
  });
});

describe('a call that a function makes beside these', () => {
  /** A handler that calls AWS on its own before each event. */
  const calling = (request: { readonly path: string; readonly headers: Record<string, string> }): string => `
    import { handler as own } from './function/index.mjs';
    const { request } = process.getBuiltinModule('node:http');
    const { path, headers } = ${JSON.stringify(request)};
    const call = () => new Promise((resolve, reject) => {
      request(process.env.AWS_ENDPOINT_URL + path, { method: 'POST', headers: { authorization: 'AWS4-HMAC-SHA256', ...headers } },
        (answer) => answer.resume().on('end', resolve)).on('error', reject).end('{}');
    });
    export const handler = async (event, context) => { await call(); return own(event, context); };`;

  async function callsOf(request: Parameters<typeof calling>[0]): Promise<Calls> {
    const ingest = await start('ingest', ['github'], calling(request));
    const events = nextOf(10, ['github']);
    return callsDuring(cloud, () => deliver(ingest, events));
  }

  test('would be caught: the secret read for each event', async () => {
    const calls = await callsOf({ path: '/', headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' } });
    expect(calls).toEqual({ [GET_SECRET]: 10, [SEND]: 10 });
  });

  test.each([
    { path: '/', headers: { 'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData' } },
    { path: '/service/GraniteServiceVersion20100801/operation/PutMetricData', headers: {} },
  ])('would be caught: a metric sent to CloudWatch by $path', async (request) => {
    const { [SEND]: sent, ...others } = await callsOf(request);
    expect(sent).toBe(10);
    expect(Object.values(others)).toEqual([10]);
  });
});
