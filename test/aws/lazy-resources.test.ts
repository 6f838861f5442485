import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { lazyResources } from '../../lib/aws/lazy-resources.ts';
import { parseSources, type Source, type SourceName } from '../../lib/core/source.ts';
import { PROCESS_LIMITS, type ProcessLimits } from '../../lib/core/time-limits.ts';
import { secretArn } from '../../lib/local/secrets-manager.ts';
import { json, type StubProvider, startStubProvider } from '../contracts/stub-provider.ts';
import { memoryCloud, memoryWorker } from '../core/model/memory-ports.ts';
import { shop } from '../core/process-world.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;
let provider: StubProvider;
let source: Source;
let resources: ReturnType<typeof lazyResources>;

beforeAll(async () => {
  [cloud, provider] = await Promise.all([
    startTestCloud({ secrets: { shop: { signing: ['s'], api: 'user:canary' } } }),
    startStubProvider(),
  ]);
  const api = { auth: [{ kind: 'basic' }], rate: { perSecond: 100, burst: 100 } } as const;
  const [parsed] = parseSources({
    shop: { provider: { ...shop, api }, reconcile: 'always', api: { baseUrl: provider.baseUrl } },
  });
  source = parsed ?? expect.fail();
}, 30_000);
afterEach(() => resources.close());
afterAll(() => Promise.all([cloud.close(), provider.close()]));

function open(limits: Partial<ProcessLimits> = {}): void {
  resources = lazyResources({
    ledger: memoryWorker(memoryCloud()).ports.ledger,
    secrets: new Map([['shop' as SourceName, secretArn('shop' as SourceName)]]),
    connection: cloud.connection,
    limits: { ...PROCESS_LIMITS, ...limits },
    now: Date.now,
    random: () => 0,
  });
}

const read = () => resources.read(source, { path: '/things/1', kind: 'thing', shape: {} });

test('a resource is read with the key that Secrets Manager holds, and nothing is called before', async () => {
  open();
  cloud.calls.length = 0;
  provider.answer(json(200, { id: 1 }));
  expect(await read()).toEqual({ kind: 'found', text: '{"id":1}' });
  expect(provider.asked.at(-1)?.headers.authorization).toBe(
    `Basic ${Buffer.from('user:canary').toString('base64')}`,
  );
  await read();
  expect(cloud.calls).toEqual(['secretsmanager:GetSecretValue']);
});

test('one that takes longer than it may is unknown, however many calls it takes', async () => {
  open({ fetch: 60 });
  provider.answer(() => {});
  expect(await read()).toEqual({ kind: 'unknown', reason: 'unanswered', cause: 'not done within 60 ms' });
});

test('one whose key cannot be read is unknown', async () => {
  open();
  cloud.breakCalls(() => 'fail');
  expect(await read()).toMatchObject({ kind: 'unknown', reason: 'infrastructure' });
  cloud.breakCalls(undefined);
});

test('a source whose API is never asked is a bug', async () => {
  open();
  const { reconcile: _, ...never } = source;
  await expect(resources.read(never, { path: '/things/1', kind: 'thing', shape: {} })).rejects.toThrow(
    TypeError,
  );
});

test('what was never used is closed without a trace', () => {
  open();
  resources.close();
});
