import {
  CreateTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { issue } from '../core/subscriber/example-events.ts';
import { type CloudClients, cloudClients } from '../local/cloud-clients.ts';

let cloud: EmbeddedCloud;
let clients: CloudClients;
const calls: string[] = [];
const logged: unknown[] = [];

beforeAll(async () => {
  cloud = await startEmbeddedCloud({
    secrets: memorySecretStore({}, Date.now),
    onCall: ({ operation }) => calls.push(operation),
  });
  clients = cloudClients(cloud.endpoint);
  await Promise.all([
    createTable(clients.dynamodb, 'events', 'key'),
    createTable(clients.dynamodb, 'board', 'issue'),
    clients.s3.send(new CreateBucketCommand({ Bucket: 'receiver' })),
  ]);
  const { TopicArn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: 'people' }));
  const environment = {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    EVENTS_TABLE: 'events',
    BOARD_TABLE: 'board',
    PEOPLE_TOPIC_ARN: TopicArn,
    RECEIVER_BUCKET: 'receiver',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.spyOn(console, 'log').mockImplementation((line) => logged.push(JSON.parse(line)));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  clients.destroy();
  await cloud.close();
});

async function createTable(client: DynamoDBClient, TableName: string, key: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 5, minDelay: 0.01 }, { TableName });
}

function batchOf(...events: readonly object[]): SQSEvent {
  const records = events.map((event, n) => ({ messageId: `m${n}`, body: JSON.stringify(event) }));
  return { Records: records as SQSRecord[] };
}

test('the Lambda keeps its promises on AWS clients: shown in order, told once, large events fetched', async () => {
  const { handler } = await import('../../examples/issue-board-lambda.ts');
  const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
  const { data: _, ...attributes } = issue(2);
  const key = 'events/github/large.json';
  await clients.s3.send(
    new PutObjectCommand({ Bucket: 'receiver', Key: key, Body: JSON.stringify(issue(2)) }),
  );
  const large = { ...attributes, dataref: `s3://receiver/${key}` };

  calls.length = 0;
  expect(await handler(batchOf(large, issue(1), large), context)).toEqual({ batchItemFailures: [] });

  expect(logged).toEqual([
    { id: issue(2).id, type: issue(2).type, shown: 'applied', told: 'handled' },
    { id: issue(1).id, type: issue(1).type, shown: 'superseded', told: 'handled' },
    { id: issue(2).id, type: issue(2).type, shown: 'duplicate', told: 'duplicate' },
  ]);
  expect(calls.filter((call) => call === 'Publish')).toHaveLength(2);
  const shown = await clients.dynamodb.send(
    new GetItemCommand({ TableName: 'board', Key: { issue: { S: issue(2).subject ?? '' } } }),
  );
  expect(shown.Item).toEqual({
    issue: { S: issue(2).subject },
    sequence: { S: issue(2).sequence },
    content: { S: JSON.stringify(issue(2).data.payload) },
  });
});
