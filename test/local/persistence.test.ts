import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataFolderError } from '../../lib/local/data-folder-error.ts';
import { dynaliteParts } from '../../lib/local/dynalite-parts.ts';
import { type EmbeddedCloudOptions, startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { ensureQueue } from '../../lib/local/ensure-queue.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { type CloudClients, cloudClients } from './cloud-clients.ts';

let folder: string;
let closing: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headgate-cloud-'));
});
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
  rmSync(folder, { recursive: true });
});

const KEPT_CLOUD = `
  import { startEmbeddedCloud } from './lib/local/embedded-cloud.ts';
  import { memorySecretStore } from './lib/local/secret-store.ts';
  const secrets = memorySecretStore({}, Date.now);
  const cloud = await startEmbeddedCloud({ dataDir: process.env.DATA_DIR, secrets });
  process.stdout.write(cloud.endpoint);`;

/** A cloud in another process, and what kills it as `kill -9` does. */
async function startProcess(): Promise<{ clients: CloudClients; kill: () => Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '--eval', KEPT_CLOUD], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([
    once(child.stdout ?? child, 'data'),
    exited.then(([code]) => Promise.reject(new Error(`the cloud ended with ${code}`))),
  ]);
  const clients = cloudClients(String(line));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    clients.destroy();
  };
  closing.push(kill);
  return { clients, kill };
}

async function startHere(options: Partial<EmbeddedCloudOptions> = {}): Promise<CloudClients> {
  const secrets = memorySecretStore({}, Date.now);
  const cloud = await startEmbeddedCloud({ dataDir: folder, secrets, ...options });
  const clients = cloudClients(cloud.endpoint);
  closing.push(cloud.close, clients.destroy);
  return clients;
}

async function receive({ sqs }: CloudClients, QueueUrl: string): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
  });
  return (await sqs.send(command)).Messages ?? [];
}

describe('a cloud with a data folder', () => {
  test('has everything that it confirmed after kill -9, at a new port', async () => {
    const { clients, kill } = await startProcess();
    const { sqs, sns, s3, dynamodb } = clients;
    const queue = await ensureQueue(sqs, 'queue', { VisibilityTimeout: '1000' });
    const send = (MessageBody: string) =>
      sqs.send(
        new SendMessageCommand({
          QueueUrl: queue.url,
          MessageBody,
          MessageAttributes: { a: { DataType: 'String', StringValue: 'kept' } },
        }),
      );
    await send('deleted');
    await send('in flight');
    for (const message of await receive(clients, queue.url)) {
      if (message.Body === 'in flight') continue;
      const { ReceiptHandle } = message;
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
    }
    await send('returned');
    const [returned] = await receive(clients, queue.url);
    const visibleNow = { QueueUrl: queue.url, ReceiptHandle: returned?.ReceiptHandle, VisibilityTimeout: 0 };
    await sqs.send(new ChangeMessageVisibilityCommand(visibleNow));
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'topic' }));
    const Attributes = { RawMessageDelivery: 'true' };
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn, Attributes }));
    await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: Buffer.from([0, 255]) }));
    await createTable(clients);
    await dynamodb.send(new PutItemCommand({ TableName: 'table', Item: { key: { S: 'a' }, n: { N: '1' } } }));
    await kill();

    const again = await startHere();
    const after = await ensureQueue(again.sqs, 'queue', {});
    expect(after.url).not.toBe(queue.url);
    await again.sns.send(new PublishCommand({ TopicArn, Message: 'published' }));
    const messages = await receive(again, after.url);
    expect(messages.map((message) => message.Body)).toEqual(['returned', 'published']);
    expect(messages[0]).toMatchObject({
      MessageAttributes: { a: { StringValue: 'kept' } },
      Attributes: { ApproximateReceiveCount: '2' },
    });
    const object = await again.s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }));
    expect(await object.Body?.transformToByteArray()).toEqual(new Uint8Array([0, 255]));
    const item = await again.dynamodb.send(
      new GetItemCommand({ TableName: 'table', Key: { key: { S: 'a' } } }),
    );
    expect(item.Item).toEqual({ key: { S: 'a' }, n: { N: '1' } });
    const ttl = await again.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: 'table' }));
    expect(ttl.TimeToLiveDescription?.AttributeName).toBe('expires');
  });

  test('loses nothing that it confirmed when it is killed amid many calls', async () => {
    const { clients, kill } = await startProcess();
    const queue = await ensureQueue(clients.sqs, 'queue', {});
    await createTable(clients);
    const confirmed = new Set<string>();
    const killed = Promise.withResolvers<void>();
    const work = async (worker: number): Promise<void> => {
      for (let index = 0; ; index += 1) {
        const id = `${worker}-${index}`;
        try {
          await clients.dynamodb.send(new PutItemCommand({ TableName: 'table', Item: { key: { S: id } } }));
          await clients.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: id }));
        } catch {
          return;
        }
        confirmed.add(id);
        if (confirmed.size === 100) killed.resolve(kill());
      }
    };
    await Promise.all([killed.promise, ...Array.from({ length: 8 }, (_, worker) => work(worker))]);

    const again = await startHere();
    const found = new Set<string | undefined>();
    const { url } = await ensureQueue(again.sqs, 'queue', {});
    for (let batch = await receive(again, url); batch.length > 0; batch = await receive(again, url)) {
      for (const { Body } of batch) found.add(Body);
    }
    expect([...confirmed].filter((id) => !found.has(id))).toEqual([]);
    for (const id of confirmed) {
      const { Item } = await again.dynamodb.send(
        new GetItemCommand({ TableName: 'table', Key: { key: { S: id } } }),
      );
      expect(Item).toEqual({ key: { S: id } });
    }
  });

  test('still knows after kill -9 which messages a FIFO topic has had', async () => {
    const publish = ({ sns }: CloudClients, TopicArn: string | undefined, MessageDeduplicationId: string) =>
      sns.send(new PublishCommand({ TopicArn, Message: 'm', MessageGroupId: 'g', MessageDeduplicationId }));
    const { clients, kill } = await startProcess();
    const queue = await ensureQueue(clients.sqs, 'queue.fifo', {});
    const topic = new CreateTopicCommand({ Name: 'topic.fifo', Attributes: { FifoTopic: 'true' } });
    const { TopicArn } = await clients.sns.send(topic);
    await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn }));
    await publish(clients, TopicArn, 'a');
    const [message] = await receive(clients, queue.url);
    await clients.sqs.send(
      new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: message?.ReceiptHandle }),
    );
    await kill();

    const again = await startHere();
    const { url } = await ensureQueue(again.sqs, 'queue.fifo', {});
    await publish(again, TopicArn, 'a');
    expect(await receive(again, url)).toEqual([]);
    await publish(again, TopicArn, 'b');
    expect(await receive(again, url)).toHaveLength(1);
  });

  test.each([
    ['hides', 'keep', []],
    ['gives again', 'release', ['2']],
  ] as const)('%s what a killed process had received when told to %s it', async (_, inFlight, receives) => {
    const { clients, kill } = await startProcess();
    const queue = await ensureQueue(clients.sqs, 'queue', { VisibilityTimeout: '1000' });
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'body' }));
    await receive(clients, queue.url);
    await kill();

    const again = await startHere({ inFlight });
    const { url } = await ensureQueue(again.sqs, 'queue', {});
    const messages = await receive(again, url);
    expect(messages.map(({ Attributes }) => Attributes?.ApproximateReceiveCount)).toEqual(receives);
  });

  test('finishes a table whose creation was cut off', async () => {
    const clients = await startHere();
    await createTable(clients);
    for (const close of closing.splice(0).toReversed()) await close();
    const { db, lifecycleManager } = dynaliteParts().open(join(folder, 'dynamodb'));
    await db.open();
    const table = (await db.get('table~table')) as object;
    await db.put('table~table', { ...table, TableStatus: 'CREATING' });
    await lifecycleManager.gracefulClose();

    const again = await startHere();
    await again.dynamodb.send(new PutItemCommand({ TableName: 'table', Item: { key: { S: 'a' } } }));
  });

  test('says that the folder is in use by another process', async () => {
    await startProcess();
    const error = await failedStart(folder);
    expect(error).toMatchObject({ code: 'DATA_FOLDER', trouble: 'in-use' });
    expect(error.message).toContain(folder);
    expect(error.message).toContain('Stop that process');
  });

  test.each([
    ['the tables', 'dynamodb/CURRENT'],
    ['the queues', 'fauxqs/fauxqs.db'],
  ])('says that the folder is damaged when %s are, and lets go of it', async (_, file) => {
    await startHere();
    for (const close of closing.splice(0)) await close();
    writeFileSync(join(folder, file), 'garbage'.repeat(1000));
    for (const _attempt of [1, 2]) {
      const error = await failedStart(folder);
      expect(error).toMatchObject({ code: 'DATA_FOLDER', trouble: 'damaged' });
      expect(error.message).toContain(folder);
      expect(error.message).toContain('Move it away or delete it');
    }
  });

  test('says that the folder cannot be written when a file is in its place', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(await failedStart(file)).toMatchObject({ code: 'DATA_FOLDER', trouble: 'unusable' });
  });

  test('writes nothing without a folder', async () => {
    const cloud = await startEmbeddedCloud({ secrets: memorySecretStore({}, Date.now) });
    closing.push(cloud.close);
    expect(readdirSync(folder)).toEqual([]);
  });
});

async function createTable({ dynamodb }: CloudClients): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'table',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 5, minDelay: 0.01 }, { TableName: 'table' });
  await dynamodb.send(
    new UpdateTimeToLiveCommand({
      TableName: 'table',
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    }),
  );
}

async function failedStart(dataDir: string): Promise<DataFolderError> {
  const error: unknown = await startEmbeddedCloud({ dataDir, secrets: memorySecretStore({}, Date.now) }).then(
    () => expect.unreachable('it started'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof DataFolderError) return error;
  throw error;
}
