import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { type CloudClients, cloudClients } from './cloud-clients.ts';

let cloud: EmbeddedCloud;
let clients: CloudClients;
const TableName = 'ledger';

beforeAll(async () => {
  cloud = await startEmbeddedCloud({ secrets: memorySecretStore({}, Date.now) });
  clients = cloudClients(cloud.endpoint);
  await clients.dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
    }),
  );
  await waitUntilTableExists({ client: clients.dynamodb, maxWaitTime: 5, minDelay: 0.01 }, { TableName });
});
afterAll(async () => {
  clients.destroy();
  await cloud.close();
});

/** Claims the key unless a claim stands that has not expired: the condition that the claim uses. */
function claim(key: string, worker: string, now: number, expires: number) {
  return clients.dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: { key: { S: key } },
      UpdateExpression: 'SET #by = :by, expires = :expires',
      ConditionExpression: 'attribute_not_exists(#key) OR expires < :now',
      ExpressionAttributeNames: { '#key': 'key', '#by': 'by' },
      ExpressionAttributeValues: {
        ':by': { S: worker },
        ':expires': { N: String(expires) },
        ':now': { N: String(now) },
      },
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
}

async function read(key: string) {
  const command = new GetItemCommand({ TableName, Key: { key: { S: key } }, ConsistentRead: true });
  return (await clients.dynamodb.send(command)).Item;
}

async function refusal(call: Promise<unknown>): Promise<ConditionalCheckFailedException> {
  const error = await call.then(
    () => expect.unreachable('the condition held'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ConditionalCheckFailedException) return error;
  throw error;
}

describe('DynamoDB', () => {
  test('refuses a put if absent, and gives the item that stands there', async () => {
    const put = (value: string) =>
      clients.dynamodb.send(
        new PutItemCommand({
          TableName,
          Item: { key: { S: 'put' }, value: { S: value }, map: { M: { n: { N: '1' } } } },
          ConditionExpression: 'attribute_not_exists(#key)',
          ExpressionAttributeNames: { '#key': 'key' },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
    await put('first');
    const { Item } = await refusal(put('second'));
    expect(Item).toEqual({ key: { S: 'put' }, value: { S: 'first' }, map: { M: { n: { N: '1' } } } });
    expect(await read('put')).toMatchObject({ value: { S: 'first' } });
  });

  test('gives no item with a failed condition when none was asked for, or none is there', async () => {
    const conditional = (condition: string, wanted: { ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' }) =>
      clients.dynamodb.send(
        new DeleteItemCommand({
          TableName,
          Key: { key: { S: 'delete' } },
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#key': 'key' },
          ...wanted,
        }),
      );
    await claim('delete', 'a', 0, 10);
    expect((await refusal(conditional('attribute_not_exists(#key)', {}))).Item).toBeUndefined();
    await clients.dynamodb.send(new DeleteItemCommand({ TableName, Key: { key: { S: 'delete' } } }));
    const absent = conditional('attribute_exists(#key)', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    expect((await refusal(absent)).Item).toBeUndefined();
  });

  test('takes a claim over only when it has expired, compared in the condition', async () => {
    const { Attributes } = await claim('claim', 'a', 100, 200);
    expect(Attributes).toEqual({ key: { S: 'claim' }, by: { S: 'a' }, expires: { N: '200' } });
    const { Item } = await refusal(claim('claim', 'b', 200, 300));
    expect(Item).toEqual({ key: { S: 'claim' }, by: { S: 'a' }, expires: { N: '200' } });
    await claim('claim', 'b', 201, 301);
    expect(await read('claim')).toMatchObject({ by: { S: 'b' } });
  });

  test('gives a key to one of many that claim it at once, and tells all others who it was', async () => {
    const workers = Array.from({ length: 20 }, (_, index) => `worker-${index}`);
    const outcomes = await Promise.allSettled(workers.map((worker) => claim('race', worker, 0, 10)));
    const winners = workers.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason.Item.by.S).toBe(winners[0]);
    }
  });

  test('compares strings of digits by their bytes, as sequences need it', async () => {
    const higher = (sequence: string) =>
      clients.dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key: { key: { S: 'sequence' } },
          UpdateExpression: 'SET #s = :s ADD attempts :one REMOVE gone',
          ConditionExpression: 'attribute_not_exists(#s) OR #s < :s',
          ExpressionAttributeNames: { '#s': 'sequence' },
          ExpressionAttributeValues: { ':s': { S: sequence }, ':one': { N: '1' } },
        }),
      );
    await higher('0000000000000099');
    await higher('0000000000000100');
    await refusal(higher('0000000000000100'));
    await refusal(higher('0000000000000099'));
    expect(await read('sequence')).toMatchObject({
      sequence: { S: '0000000000000100' },
      attempts: { N: '2' },
    });
  });

  test('reads many keys at once and leaves out those that are not there', async () => {
    await claim('batch-1', 'a', 0, 10);
    await claim('batch-2', 'a', 0, 10);
    const Keys = ['batch-1', 'batch-2', 'batch-3'].map((key) => ({ key: { S: key } }));
    const { Responses } = await clients.dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
    );
    expect(Responses?.[TableName]?.map((item) => item.key?.S).toSorted()).toEqual(['batch-1', 'batch-2']);
  });

  test('gives back any string and any bytes unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.uint8Array({ minLength: 1 }),
        async (s, b) => {
          const Item = { key: { S: `any-${s}` }, s: { S: s }, b: { B: b } };
          await clients.dynamodb.send(new PutItemCommand({ TableName, Item }));
          expect(await read(`any-${s}`)).toEqual(Item);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('keeps the expiry attribute of a table and refuses to set it twice', async () => {
    const enable = () =>
      clients.dynamodb.send(
        new UpdateTimeToLiveCommand({
          TableName,
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        }),
      );
    const describeIt = new DescribeTimeToLiveCommand({ TableName });
    const before = await clients.dynamodb.send(describeIt);
    expect(before.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
    await enable();
    const after = await clients.dynamodb.send(describeIt);
    expect(after.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
    await expect(enable()).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('keeps an expired item, as the real service may for days', async () => {
    await claim('old', 'a', 0, 1);
    expect(await read('old')).toMatchObject({ expires: { N: '1' } });
  });

  test.each([
    [
      'a call for a table that does not exist',
      'ResourceNotFoundException',
      () => clients.dynamodb.send(new GetItemCommand({ TableName: 'missing', Key: { key: { S: 'a' } } })),
    ],
    [
      'an expiry for a table that does not exist',
      'ResourceNotFoundException',
      () => clients.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: 'missing' })),
    ],
    [
      'a condition that does not parse',
      'ValidationException',
      () =>
        clients.dynamodb.send(
          new DeleteItemCommand({ TableName, Key: { key: { S: 'a' } }, ConditionExpression: 'key <' }),
        ),
    ],
    ['an empty key', 'ValidationException', () => claim('', 'a', 0, 1)],
    [
      'transactions, which are not emulated',
      'UnknownOperationException',
      () =>
        clients.dynamodb.send(
          new TransactWriteItemsCommand({
            TransactItems: [{ Put: { TableName, Item: { key: { S: 'a' } } } }],
          }),
        ),
    ],
  ])('refuses %s', async (_, name, call) => {
    await expect(call()).rejects.toMatchObject({ name });
  });
});
