import { DescribeTableCommand, DescribeTimeToLiveCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
} from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Resources, resources } from '../../lib/core/resources.ts';
import { createResources } from '../../lib/local/create-resources.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { localConnection } from '../../lib/local/local-connection.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { subscribeQueue } from '../../lib/local/subscribe-queue.ts';
import { type CloudClients, cloudClients } from './cloud-clients.ts';

let cloud: EmbeddedCloud;
let clients: CloudClients;

beforeEach(async () => {
  cloud = await startEmbeddedCloud({ secrets: memorySecretStore({}, Date.now) });
  clients = cloudClients(cloud.endpoint);
});
afterEach(async () => {
  clients.destroy();
  await cloud.close();
});

const create = (description: Resources) => createResources(localConnection(cloud.endpoint), description);

async function attributesOf(QueueUrl: string) {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  return (await clients.sqs.send(command)).Attributes;
}

async function receive(QueueUrl: string) {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
  return ((await clients.sqs.send(command)).Messages ?? []).map(({ Body }) => Body);
}

describe('the resources', () => {
  test('are what the description says', async () => {
    const description = resources({ fifo: false });
    const created = await create(description);
    expect(await attributesOf(created.queue.url)).toMatchObject({
      QueueArn: created.queue.arn,
      VisibilityTimeout: String(description.queue.visibilitySeconds),
      MessageRetentionPeriod: String(description.queue.retentionSeconds),
      MaximumMessageSize: String(description.queue.maxMessageBytes),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: created.deadLetters.arn,
        maxReceiveCount: description.queue.maxReceiveCount,
      }),
    });
    expect(await attributesOf(created.deadLetters.url)).toMatchObject({
      MessageRetentionPeriod: String(description.deadLetters.retentionSeconds),
    });
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: created.table }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: description.table.partitionKey, KeyType: 'HASH' }],
    });
    const ttl = await clients.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: created.table }));
    expect(ttl.TimeToLiveDescription?.AttributeName).toBe(description.table.expiry);
    const topic = new GetTopicAttributesCommand({ TopicArn: created.topicArn });
    expect((await clients.sns.send(topic)).Attributes?.FifoTopic).toBeUndefined();
    await clients.s3.send(new PutObjectCommand({ Bucket: created.bucket, Key: 'k', Body: 'x' }));
  });

  test('keep what they hold when they are created again, and take changed attributes', async () => {
    const description = resources({ fifo: false });
    const first = await create(description);
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: first.queue.url, MessageBody: 'kept' }));
    await clients.s3.send(new PutObjectCommand({ Bucket: first.bucket, Key: 'k', Body: 'kept' }));
    await clients.dynamodb.send(new PutItemCommand({ TableName: first.table, Item: { key: { S: 'a' } } }));

    const again = await create({ ...description, queue: { ...description.queue, visibilitySeconds: 7 } });
    expect(again).toEqual(first);
    expect(await attributesOf(again.queue.url)).toMatchObject({ VisibilityTimeout: '7' });
    expect(await receive(again.queue.url)).toEqual(['kept']);
    const object = await clients.s3.send(new GetObjectCommand({ Bucket: again.bucket, Key: 'k' }));
    expect(await object.Body?.transformToString()).toBe('kept');
  });

  test('have a FIFO topic when the description says so, which leaves deduplication ids to the publisher', async () => {
    const { topicArn } = await create(resources({ fifo: true }));
    expect(topicArn).toMatch(/\.fifo$/);
    const { Attributes } = await clients.sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
    expect(Attributes).toMatchObject({ FifoTopic: 'true', ContentBasedDeduplication: 'false' });
  });
});

describe('a subscribed queue', () => {
  test.each([false, true])(
    'receives what is published (FIFO: %s), also after it was subscribed again',
    async (fifo) => {
      const { topicArn } = await create(resources({ fifo }));
      const subscribe = () =>
        subscribeQueue(localConnection(cloud.endpoint), {
          topicArn,
          queueName: 'outbox',
          delivery: 'message',
        });
      const queue = await subscribe();
      const publish = (Message: string) =>
        clients.sns.send(
          new PublishCommand({
            TopicArn: topicArn,
            Message,
            ...(fifo ? { MessageGroupId: Message, MessageDeduplicationId: Message } : {}),
          }),
        );
      await publish('one');
      expect(await subscribe()).toEqual(queue);
      await publish('two');
      expect(await receive(queue.url)).toEqual(['one', 'two']);
      const { Subscriptions } = await clients.sns.send(
        new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }),
      );
      expect(Subscriptions).toHaveLength(1);
    },
  );

  test('receives only what its filter takes, in an envelope when told so', async () => {
    const { topicArn } = await create(resources({ fifo: false }));
    const queue = await subscribeQueue(localConnection(cloud.endpoint), {
      topicArn,
      queueName: 'filtered',
      delivery: 'envelope',
      filterPolicy: { verdict: ['fresh'] },
    });
    for (const verdict of ['superseded', 'fresh']) {
      const MessageAttributes = { verdict: { DataType: 'String', StringValue: verdict } };
      await clients.sns.send(new PublishCommand({ TopicArn: topicArn, Message: verdict, MessageAttributes }));
    }
    const bodies = await receive(queue.url);
    expect(bodies.map((body) => JSON.parse(body ?? '').Message)).toEqual(['fresh']);
  });
});
