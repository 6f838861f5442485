import { CreateTableCommand, ScanCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamodbStore } from '../../lib/aws/subscriber-store.ts';
import { InfrastructureError } from '../../lib/core/errors.ts';
import { latest } from '../../lib/core/subscriber/latest.ts';
import { once } from '../../lib/core/subscriber/once.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { subscriberStoreContract } from '../contracts/subscriber-store-contract.ts';
import { issue, star } from '../core/subscriber/example-events.ts';
import { type CloudClients, cloudClients } from '../local/cloud-clients.ts';

let cloud: EmbeddedCloud;
let clients: CloudClients;
const calls: string[] = [];
const table = 'billing-events';

beforeAll(async () => {
  cloud = await startEmbeddedCloud({
    secrets: memorySecretStore({}, Date.now),
    onCall: ({ operation }) => calls.push(operation),
  });
  clients = cloudClients(cloud.endpoint);
  const creation = new CreateTableCommand({
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
  });
  await clients.dynamodb.send(creation);
  await waitUntilTableExists(
    { client: clients.dynamodb, maxWaitTime: 5, minDelay: 0.01 },
    { TableName: table },
  );
});
afterAll(async () => {
  clients.destroy();
  await cloud.close();
});

subscriberStoreContract('DynamoDB', (options) =>
  dynamodbStore({ client: clients.dynamodb, table, ...options }),
);

test('an event costs two writes, a copy one, and nothing is read', async () => {
  const store = dynamodbStore({ client: clients.dynamodb, table, subscriber: 'counted' });
  calls.length = 0;
  await once(store, star, () => 1);
  await once(store, star, () => 1);
  await latest(store, issue(1), () => 1);
  expect(calls).toEqual(Array(5).fill('UpdateItem'));
});

test('rows can be read by people, and those of handled events expire by TTL', async () => {
  const store = dynamodbStore({
    client: clients.dynamodb,
    table,
    subscriber: 'readable',
    now: () => 1_000_000,
  });
  await once(store, star, () => 1);
  await latest(store, issue(1), () => 1);
  const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName: table }));
  const rows = Items.filter(({ key }) => key?.S?.includes('#readable#')).map(({ token, ...row }) => row);
  expect(rows.toSorted((a, b) => (a.key?.S ?? '').localeCompare(b.key?.S ?? ''))).toEqual([
    {
      key: { S: 'latest#readable#["urn:headgate:local:github","repositories/1/issues/7"]' },
      state: { S: 'applied' },
      lease: { N: '1905000' },
      sequence: { S: '1795170000000001' },
    },
    {
      key: { S: 'once#readable#["urn:headgate:local:github","d1"]' },
      state: { S: 'handled' },
      lease: { N: '1905000' },
      expires: { N: String(1_000 + 30 * 86_400) },
    },
  ]);
});

test('a table that is not there is an infrastructure error, and nothing is handled', async () => {
  const store = dynamodbStore({ client: clients.dynamodb, table: 'missing', subscriber: 'x' });
  let handled = 0;
  await expect(once(store, star, () => handled++)).rejects.toThrow(InfrastructureError);
  expect(handled).toBe(0);
});
