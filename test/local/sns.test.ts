import {
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { ensureQueue, type Queue } from '../../lib/local/ensure-queue.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { type CloudClients, cloudClients } from './cloud-clients.ts';

let cloud: EmbeddedCloud;
let clients: CloudClients;
let names = 0;

beforeAll(async () => {
  cloud = await startEmbeddedCloud({ secrets: memorySecretStore({}, Date.now) });
  clients = cloudClients(cloud.endpoint);
});
afterAll(async () => {
  clients.destroy();
  await cloud.close();
});

async function newTopic(kind: 'standard' | 'fifo' = 'standard'): Promise<string> {
  names += 1;
  const command = new CreateTopicCommand(
    kind === 'fifo' ? { Name: `t${names}.fifo`, Attributes: { FifoTopic: 'true' } } : { Name: `t${names}` },
  );
  return (await clients.sns.send(command)).TopicArn ?? '';
}

async function subscribed(TopicArn: string, attributes: Record<string, string>, suffix = ''): Promise<Queue> {
  names += 1;
  const queue = await ensureQueue(clients.sqs, `q${names}${suffix}`, {});
  const subscription = { TopicArn, Protocol: 'sqs', Endpoint: queue.arn, Attributes: attributes };
  await clients.sns.send(new SubscribeCommand(subscription));
  return queue;
}

const RAW = { RawMessageDelivery: 'true' };
const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const publish = (TopicArn: string, input: Partial<PublishCommandInput>) =>
  clients.sns.send(new PublishCommand({ TopicArn, Message: 'm', ...input }));

/** Everything on the queue, deleted as it comes, so that a FIFO group goes on. */
async function drain(queue: Queue): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const command = new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await clients.sqs.send(command);
    if (Messages.length === 0) return messages;
    messages.push(...Messages);
    for (const { ReceiptHandle } of Messages) {
      await clients.sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
    }
  }
}

describe('SNS', () => {
  test('delivers the bare message and its attributes to a queue with raw delivery', async () => {
    const topic = await newTopic();
    const queue = await subscribed(topic, RAW);
    await publish(topic, {
      Message: '{"text":"Grüße 🎉 & <x>"}',
      MessageAttributes: { provider: text('github'), verdict: text('fresh') },
    });
    expect(await drain(queue)).toMatchObject([
      {
        Body: '{"text":"Grüße 🎉 & <x>"}',
        MessageAttributes: {
          provider: { DataType: 'String', StringValue: 'github' },
          verdict: { DataType: 'String', StringValue: 'fresh' },
        },
      },
    ]);
  });

  test('delivers an envelope to a queue without raw delivery', async () => {
    const topic = await newTopic();
    const queue = await subscribed(topic, {});
    const { MessageId } = await publish(topic, { MessageAttributes: { type: text('push') } });
    const [message] = await drain(queue);
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn: topic,
      Message: 'm',
      MessageAttributes: { type: { Type: 'String', Value: 'push' } },
    });
    expect(message?.MessageAttributes).toBeUndefined();
  });

  test('delivers to each queue only what its filter policy takes', async () => {
    const topic = await newTopic();
    const filter = (policy: unknown) => subscribed(topic, { ...RAW, FilterPolicy: JSON.stringify(policy) });
    const github = await filter({ provider: ['github'], verdict: ['fresh', 'gone'] });
    const pushes = await filter({ type: [{ prefix: 'github.push' }] });
    const notStripe = await filter({ provider: [{ 'anything-but': ['stripe'] }] });
    const cases = [
      ['1', 'github', 'github.push', 'fresh'],
      ['2', 'github', 'github.issues', 'superseded'],
      ['3', 'stripe', 'stripe.charge', 'fresh'],
    ] as const;
    for (const [Message, provider, type, verdict] of cases) {
      const MessageAttributes = { provider: text(provider), type: text(type), verdict: text(verdict) };
      await publish(topic, { Message, MessageAttributes });
    }
    const bodies = async (queue: Queue) => (await drain(queue)).map((message) => message.Body);
    expect(await bodies(github)).toEqual(['1']);
    expect(await bodies(pushes)).toEqual(['1']);
    expect(await bodies(notStripe)).toEqual(['1', '2']);
  });

  test('publishes a batch and names each entry', async () => {
    const topic = await newTopic();
    const queue = await subscribed(topic, RAW);
    const { Successful } = await clients.sns.send(
      new PublishBatchCommand({
        TopicArn: topic,
        PublishBatchRequestEntries: [
          { Id: 'a', Message: 'one', MessageAttributes: { type: text('x') } },
          { Id: 'b', Message: 'two' },
        ],
      }),
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'b']);
    expect((await drain(queue)).map(({ Body }) => Body)).toEqual(['one', 'two']);
  });

  test('refuses a message above 262,144 bytes, and a batch whose messages are above it together', async () => {
    const topic = await newTopic();
    const queue = await subscribed(topic, RAW);
    await expect(publish(topic, { Message: 'x'.repeat(262_145) })).rejects.toThrow(/too long/);
    const halves = new PublishBatchCommand({
      TopicArn: topic,
      PublishBatchRequestEntries: ['a', 'b'].map((Id) => ({ Id, Message: 'x'.repeat(131_073) })),
    });
    await expect(clients.sns.send(halves)).rejects.toMatchObject({ name: 'BatchRequestTooLongException' });
    expect(await drain(queue)).toEqual([]);
    await publish(topic, { Message: 'x'.repeat(262_144) });
    expect(await drain(queue)).toHaveLength(1);
  });

  test('refuses an attribute without a value', async () => {
    const topic = await newTopic();
    const call = publish(topic, { MessageAttributes: { type: text('') } });
    await expect(call).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });

  test('refuses to publish on a topic that does not exist', async () => {
    await expect(publish(`${await newTopic()}-missing`, {})).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  test.each([
    ['a FIFO queue', '.fifo'],
    ['a standard queue', ''],
  ])('drops a copy with the same deduplication id on its way from a FIFO topic to %s', async (_, suffix) => {
    const topic = await newTopic('fifo');
    const queue = await subscribed(topic, RAW, suffix);
    const send = (Message: string, id: string) =>
      publish(topic, { Message, MessageGroupId: 'subject', MessageDeduplicationId: id });
    await send('1', 'a');
    await send('copy', 'a');
    await send('2', 'b');
    expect((await drain(queue)).map(({ Body }) => Body)).toEqual(['1', '2']);
    await send('late copy', 'a');
    expect(await drain(queue)).toEqual([]);
  });

  test('refuses a message without a group on a FIFO topic', async () => {
    const call = publish(await newTopic('fifo'), { MessageDeduplicationId: 'a' });
    await expect(call).rejects.toThrow(/MessageGroupId/);
  });
});
