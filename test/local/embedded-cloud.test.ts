import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { CreateTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, ListTopicsCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from 'vitest';
import type { AwsCall, AwsService, Fault } from '../../lib/local/cloud-service.ts';
import {
  type EmbeddedCloud,
  type EmbeddedCloudOptions,
  startEmbeddedCloud,
} from '../../lib/local/embedded-cloud.ts';
import { localConnection } from '../../lib/local/local-connection.ts';
import { PortInUseError } from '../../lib/local/local-server.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { type CloudClients, cloudClients } from './cloud-clients.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(options: Partial<EmbeddedCloudOptions> = {}): Promise<[EmbeddedCloud, CloudClients]> {
  const secrets = memorySecretStore({ github: 's3cret' }, Date.now);
  const cloud = await startEmbeddedCloud({ secrets, ...options });
  const clients = cloudClients(cloud.endpoint);
  closing.push(cloud.close, clients.destroy);
  return [cloud, clients];
}

/** For each service a call that changes something (or reads it) and one that shows whether it did. */
const CALLS: {
  readonly call: AwsCall;
  readonly throttling: string;
  readonly work: (clients: CloudClients) => Promise<unknown>;
  readonly done?: (clients: CloudClients) => Promise<unknown>;
}[] = [
  {
    call: { service: 'sqs', operation: 'CreateQueue' },
    throttling: 'RequestThrottled',
    work: ({ sqs }) => sqs.send(new CreateQueueCommand({ QueueName: 'q' })),
    done: ({ sqs }) => sqs.send(new GetQueueUrlCommand({ QueueName: 'q' })),
  },
  {
    call: { service: 'sns', operation: 'CreateTopic' },
    throttling: 'Throttling',
    work: ({ sns }) => sns.send(new CreateTopicCommand({ Name: 't' })),
    done: async ({ sns }) => {
      const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
      if (Topics.length === 0) throw new Error('no topic');
    },
  },
  {
    call: { service: 's3', operation: 'CreateBucket' },
    throttling: 'SlowDown',
    work: ({ s3 }) => s3.send(new CreateBucketCommand({ Bucket: 'bucket' })),
    done: ({ s3 }) => s3.send(new HeadBucketCommand({ Bucket: 'bucket' })),
  },
  {
    call: { service: 'dynamodb', operation: 'CreateTable' },
    throttling: 'ThrottlingException',
    work: ({ dynamodb }) =>
      dynamodb.send(
        new CreateTableCommand({
          TableName: 'table',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
        }),
      ),
    done: ({ dynamodb }) => dynamodb.send(new DescribeTableCommand({ TableName: 'table' })),
  },
  {
    call: { service: 'secretsmanager', operation: 'GetSecretValue' },
    throttling: 'ThrottlingException',
    work: ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId: 'github' })),
  },
];

describe('the embedded cloud', () => {
  test('tells of each call, by service and operation, and answers all services at one endpoint', async () => {
    const calls: AwsCall[] = [];
    const [, clients] = await start({ onCall: (call) => calls.push(call) });
    for (const { work } of CALLS) await work(clients);
    const object = { Bucket: 'bucket', Key: 'a/b' };
    await clients.s3.send(new PutObjectCommand({ ...object, Body: 'x' }));
    await clients.s3.send(new GetObjectCommand(object));
    expect(calls).toEqual([
      ...CALLS.map(({ call }) => call),
      { service: 's3', operation: 'PutObject' },
      { service: 's3', operation: 'GetObject' },
    ]);
  });

  test.each(CALLS)(
    'does nothing and answers 500 for a failing $call.service',
    async ({ call, work, done }) => {
      const [, clients] = await start({ fault: once(call, 'fail') });
      await expect(work(clients)).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
      if (done !== undefined) await expect(done(clients)).rejects.toThrow();
      await work(clients);
    },
  );

  test.each(CALLS)(
    'does nothing and throttles as $call.service itself does',
    async ({ call, work, done, throttling }) => {
      const [cloud, clients] = await start({ fault: once(call, 'throttle') });
      await expect(work(clients)).rejects.toMatchObject({ name: throttling });
      if (done !== undefined) await expect(done(clients)).rejects.toThrow();
      await work(clients);
      expect(cloud.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    },
  );

  test.each(CALLS)('does the work of $call.service and loses the answer', async ({ call, work, done }) => {
    const [, clients] = await start({ fault: once(call, 'lose-answer') });
    await expect(work(clients)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await done?.(clients);
  });

  test('is retried by a client that may try again, throttled or cut off', async () => {
    const faults: (Fault | undefined)[] = ['throttle', 'lose-answer', undefined];
    const calls: AwsCall[] = [];
    const [cloud] = await start({ fault: () => faults.shift(), onCall: (call) => calls.push(call) });
    const client = new SQSClient({ ...localConnection(cloud.endpoint), maxAttempts: 3 });
    closing.push(() => client.destroy());
    await client.send(new CreateQueueCommand({ QueueName: 'q' }));
    expect(calls).toEqual(Array(3).fill({ service: 'sqs', operation: 'CreateQueue' }));
  });

  test('shows an error of the fault function to the caller', async () => {
    const [, clients] = await start({
      fault: () => {
        throw new Error('broken test');
      },
    });
    await expect(CALLS[0]?.work(clients)).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  });

  test('refuses what is not signed, as any web page could send it', async () => {
    const [cloud] = await start();
    const form = 'Action=CreateTopic&Name=evil';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(cloud.endpoint, { method: 'POST', body: form, headers });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationToken' });
  });

  test('listens on the loopback address only', async () => {
    const [cloud] = await start();
    const other = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
    const port = Number(new URL(cloud.endpoint).port);
    const host = other ?? '127.0.0.2';
    const refused = await new Promise<string | undefined>((resolve) => {
      const probe = request({ host, port }, () => resolve(undefined));
      probe.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      probe.end();
    });
    expect(refused).toBe('ECONNREFUSED');
  });

  test('says which port is in use', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    closing.push(() => blocker.close());
    const { port } = blocker.address() as AddressInfo;
    const started = startEmbeddedCloud({ port, secrets: memorySecretStore({}, Date.now) });
    await expect(started).rejects.toBeInstanceOf(PortInUseError);
    await expect(started).rejects.toMatchObject({ code: 'PORT_IN_USE', port });
    await expect(started).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
  });

  test('ends long polls with an empty answer when it closes', { timeout: 10_000 }, async () => {
    const polling = Promise.withResolvers<void>();
    const secrets = memorySecretStore({}, Date.now);
    const onCall = ({ operation }: AwsCall) => operation === 'ReceiveMessage' && polling.resolve();
    const cloud = await startEmbeddedCloud({ secrets, onCall });
    const clients = cloudClients(cloud.endpoint);
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
    const poll = clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await polling.promise;
    await cloud.close();
    expect((await poll).Messages).toBeUndefined();
    await expect(fetch(cloud.endpoint)).rejects.toThrow('fetch failed');
    clients.destroy();
  });
});

/** The fault for the first such call. */
function once({ service, operation }: AwsCall, fault: Fault): (call: AwsCall) => Fault | undefined {
  let left: { service: AwsService; operation: string } | undefined = { service, operation };
  return (call) => {
    if (call.service !== left?.service || call.operation !== left.operation) return undefined;
    left = undefined;
    return fault;
  };
}
