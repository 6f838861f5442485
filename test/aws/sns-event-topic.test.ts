import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { snsClient, snsEventTopic } from '../../lib/aws/sns-event-topic.ts';
import type { TopicMessage } from '../../lib/core/ports.ts';
import { subscribeQueue } from '../../lib/local/subscribe-queue.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;
let fifo: TestCloud;
beforeAll(async () => {
  [cloud, fifo] = await Promise.all([startTestCloud(), startTestCloud({ fifo: true })]);
});
afterAll(() => Promise.all([cloud.close(), fifo.close()]));
beforeEach(() => {
  cloud.calls.length = 0;
});

const topic = (of: TestCloud = cloud) =>
  snsEventTopic({ client: snsClient(3_000, of.connection), topicArn: of.topicArn, limitMs: 3_000 });

const messageOf = (message: string, changes: Partial<TopicMessage> = {}): TopicMessage => ({
  message,
  attributes: { provider: 'github', type: 'github.push' },
  group: 'g',
  deduplicationId: `d-${message}`,
  ...changes,
});

/** A queue of its own for each test, so that none sees another's messages. */
let queues = 0;
async function subscribe(of: TestCloud = cloud): Promise<() => Promise<readonly Message[]>> {
  queues += 1;
  const subscription = { topicArn: of.topicArn, queueName: `out${queues}`, delivery: 'message' } as const;
  const { url } = await subscribeQueue(of.connection, subscription);
  of.calls.length = 0;
  return async () => {
    const command = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });
    return (await of.clients.sqs.send(command)).Messages ?? [];
  };
}

describe('the topic', () => {
  test('publishes ten messages with one call, each with the attributes that filters read', async () => {
    const receive = await subscribe();
    const messages = Array.from({ length: 10 }, (_, index) => messageOf(`{"n":${index},"é":"日本😀"}`));
    expect(await topic().publish(messages)).toEqual(Array(10).fill({ kind: 'published' }));
    expect(cloud.calls).toEqual(['sns:PublishBatch']);
    const received = await receive();
    expect(received.map(({ Body }) => Body).toSorted()).toEqual(
      messages.map(({ message }) => message).toSorted(),
    );
    expect(received[0]?.MessageAttributes).toMatchObject({
      provider: { DataType: 'String', StringValue: 'github' },
      type: { DataType: 'String', StringValue: 'github.push' },
    });
  });

  test('takes a batch of exactly 262,144 bytes', async () => {
    const attributes = { provider: 'github' };
    const overhead = 'provider'.length + 'String'.length + 'github'.length;
    const message = 'x'.repeat(262_144 - overhead);
    expect(await topic().publish([messageOf(message, { attributes })])).toEqual([{ kind: 'published' }]);
    const tooLarge = topic().publish([messageOf(`${message}x`, { attributes })]);
    await expect(tooLarge).rejects.toMatchObject({ name: 'InfrastructureError', nature: 'refused' });
  });

  test('leaves out attributes without a value, which SNS would refuse', async () => {
    const receive = await subscribe();
    const answers = await topic().publish([messageOf('m', { attributes: { provider: 'github', type: '' } })]);
    expect(answers).toEqual([{ kind: 'published' }]);
    const [received] = await receive();
    expect(Object.keys(received?.MessageAttributes ?? {})).toEqual(['provider']);
  });

  test('costs no call when there is nothing to publish', async () => {
    expect(await topic().publish([])).toEqual([]);
    expect(cloud.calls).toEqual([]);
  });

  test.each([
    ['fail', 'unavailable'],
    ['throttle', 'throttled'],
  ] as const)('tells of a call that does not come through: %s', async (fault, nature) => {
    cloud.breakCalls(() => fault);
    const published = topic().publish([messageOf('m')]);
    await expect(published).rejects.toMatchObject({ call: 'sns:PublishBatch', nature });
    cloud.breakCalls(undefined);
  });

  test('gives each message an answer of its own, in order', async () => {
    const client = snsClient(3_000, cloud.connection);
    client.send = (async () => ({
      Successful: [{ Id: '3' }, { Id: '0' }],
      Failed: [
        { Id: '1', Code: 'InvalidParameter', SenderFault: true, Message: 'canary' },
        { Id: '2', Code: 'InternalError', SenderFault: false },
        { Id: '5', Code: 'Throttled', SenderFault: true },
      ],
    })) as unknown as typeof client.send;
    const messages = Array.from({ length: 6 }, (_, index) => messageOf(String(index)));
    const answers = await snsEventTopic({ client, topicArn: cloud.topicArn, limitMs: 3_000 }).publish(
      messages,
    );
    expect(answers.map(({ kind }) => kind)).toEqual([
      'published',
      'refused',
      'unknown',
      'published',
      'unknown',
      'unknown',
    ]);
    expect(answers[1]).toEqual({ kind: 'refused', cause: 'sns:PublishBatch: InvalidParameter' });
  });
});

describe('a FIFO topic', () => {
  test('keeps the order of a group and drops a copy', async () => {
    const receive = await subscribe(fifo);
    const messages = ['1', '2', '2', '3'].map((message) => messageOf(message));
    expect(await topic(fifo).publish(messages)).toEqual(Array(4).fill({ kind: 'published' }));
    const received: Message[] = [];
    for (let more = await receive(); more.length > 0; more = await receive()) {
      received.push(...more);
      // One message of a group at a time: the next comes when this one is gone.
      await deleteAll(more);
    }
    expect(received.map(({ Body }) => Body)).toEqual(['1', '2', '3']);
    expect(received.map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual(['g', 'g', 'g']);
  });

  async function deleteAll(messages: readonly Message[]): Promise<void> {
    const QueueUrl = `${fifo.queue.url.slice(0, fifo.queue.url.lastIndexOf('/'))}/out${queues}.fifo`;
    for (const { ReceiptHandle } of messages) {
      await fifo.clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
});
