import { BatchGetItemCommand, type BatchGetItemCommandOutput } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamodbClient, dynamodbLedger } from '../../lib/aws/dynamodb-ledger.ts';
import type { RowKey } from '../../lib/core/conditional-write.ts';
import type { Ledger } from '../../lib/core/ports.ts';
import { ledgerContract } from '../contracts/ledger-contract.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;
let ledger: Ledger;
const client = () => dynamodbClient(3_000, cloud.connection);
const pause = async (): Promise<void> => {};

beforeAll(async () => {
  cloud = await startTestCloud();
  ledger = dynamodbLedger({ client: client(), table: cloud.table, pause });
});
afterAll(() => cloud.close());

describe('the ledger on DynamoDB', () => {
  ledgerContract(() => ledger);

  test('writes with one call and reads a hundred keys with one', async () => {
    cloud.calls.length = 0;
    const keys = Array.from({ length: 101 }, (_, index) => `one-call#${index}` as RowKey);
    await ledger.write({ key: keys[0] as RowKey, set: { a: 1 }, condition: { kind: 'no-row' } });
    await ledger.write({ key: keys[0] as RowKey, set: { a: 1 }, condition: { kind: 'no-row' } });
    expect(cloud.calls).toEqual(['dynamodb:UpdateItem', 'dynamodb:UpdateItem']);
    cloud.calls.length = 0;
    await ledger.read(keys);
    expect(cloud.calls).toEqual(['dynamodb:BatchGetItem', 'dynamodb:BatchGetItem']);
  });

  test.each([
    ['fail', 'unavailable'],
    ['throttle', 'throttled'],
  ] as const)('tells of a call that does not come through: %s', async (fault, nature) => {
    cloud.breakCalls(() => fault);
    const write = ledger.write({ key: 'k' as RowKey, set: { a: 1 } });
    await expect(write).rejects.toMatchObject({
      name: 'InfrastructureError',
      call: 'dynamodb:UpdateItem',
      nature,
    });
    await expect(ledger.read(['k' as RowKey])).rejects.toMatchObject({
      call: 'dynamodb:BatchGetItem',
      nature,
    });
    cloud.breakCalls(undefined);
  });

  test('says that a write whose answer was lost was refused by itself', async () => {
    let lost = 0;
    cloud.breakCalls(() => (lost++ === 0 ? 'lose-answer' : undefined));
    const claim = { key: 'lost#1' as RowKey, set: { token: 'ours' }, condition: { kind: 'no-row' } } as const;
    expect(await ledger.write(claim)).toEqual({ kind: 'refused', row: { token: 'ours' } });
    cloud.breakCalls(undefined);
  });

  test('tells of a table that is not there as something to be changed', async () => {
    const lost = dynamodbLedger({ client: client(), table: 'nowhere', pause });
    const write = lost.write({ key: 'k' as RowKey, set: { a: 1 } });
    await expect(write).rejects.toMatchObject({
      nature: 'refused',
      message: expect.stringContaining('ResourceNotFound'),
    });
  });

  test('asks for the keys that were left over, and gives up after a while', async () => {
    await ledger.write({ key: 'left#1' as RowKey, set: { a: 1 } });
    await ledger.write({ key: 'left#2' as RowKey, set: { a: 2 } });
    const waits: number[] = [];
    const leavingOver = (calls: number): Ledger => {
      const real = client();
      let left = calls;
      const send = real.send.bind(real);
      real.send = (async (command: BatchGetItemCommand): Promise<BatchGetItemCommandOutput> => {
        const keys = command.input.RequestItems?.[cloud.table]?.Keys ?? [];
        if (left === 0) return send(command);
        left -= 1;
        const now = { [cloud.table]: { Keys: keys.slice(0, 1), ConsistentRead: true } };
        const answer = await send(new BatchGetItemCommand({ RequestItems: now }));
        return { ...answer, UnprocessedKeys: { [cloud.table]: { Keys: keys.slice(1) } } };
      }) as typeof real.send;
      return dynamodbLedger({ client: real, table: cloud.table, pause: async (ms) => void waits.push(ms) });
    };
    const keys = ['left#1', 'left#2'] as RowKey[];
    expect(await leavingOver(1).read(keys)).toEqual(
      new Map([
        ['left#1', { a: 1 }],
        ['left#2', { a: 2 }],
      ]),
    );
    expect(waits).toHaveLength(1);
    const many = Array.from({ length: 10 }, (_, index) => `left#${index}` as RowKey);
    await expect(leavingOver(Number.POSITIVE_INFINITY).read(many)).rejects.toMatchObject({
      nature: 'throttled',
    });
    expect(waits.toSorted((a, b) => a - b)).toEqual([100, 100, 200, 400, 800]);
  });
});
