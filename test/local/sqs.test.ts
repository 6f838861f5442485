import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { type CloudClients, cloudClients } from './cloud-clients.ts';

let cloud: EmbeddedCloud;
let clients: CloudClients;
let queues = 0;
let onCall = (): void => {};

beforeAll(async () => {
  cloud = await startEmbeddedCloud({ secrets: memorySecretStore({}, Date.now), onCall: () => onCall() });
  clients = cloudClients(cloud.endpoint);
});
afterAll(async () => {
  clients.destroy();
  await cloud.close();
});

async function newQueue(attributes: Partial<Record<QueueAttributeName, string>> = {}): Promise<string> {
  queues += 1;
  const QueueName = `queue-${queues}${attributes.FifoQueue === 'true' ? '.fifo' : ''}`;
  const created = await clients.sqs.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
  return created.QueueUrl ?? '';
}

const send = (QueueUrl: string, message: Partial<SendMessageCommandInput>) =>
  clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'body', ...message }));

async function receive(QueueUrl: string, WaitTimeSeconds = 0): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    WaitTimeSeconds,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
  });
  return (await clients.sqs.send(command)).Messages ?? [];
}

async function arnOf(QueueUrl: string): Promise<string> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  return (await clients.sqs.send(command)).Attributes?.QueueArn ?? '';
}

describe('SQS', () => {
  test('gives a message as it was sent, with its attributes and the system attributes', async () => {
    const queue = await newQueue();
    const before = Date.now();
    const sent = await send(queue, {
      MessageBody: '{"text":"Grüße 🎉 \t\n"}',
      MessageGroupId: 'github',
      MessageAttributes: {
        headgate: { DataType: 'String', StringValue: '{"source":"github"}' },
        bytes: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255, 128]) },
      },
    });
    const [message] = await receive(queue);
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: '{"text":"Grüße 🎉 \t\n"}',
      MessageAttributes: {
        headgate: { DataType: 'String', StringValue: '{"source":"github"}' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255, 128]) },
      },
      Attributes: { ApproximateReceiveCount: '1' },
    });
    expect(Number(message?.Attributes?.SentTimestamp)).toBeGreaterThanOrEqual(before);
  });

  test.each(['\u0000', '\u000b', '\ufffe', '\uffff', '\ud800'])(
    'refuses the character %j in a body',
    async (character) => {
      const queue = await newQueue();
      await expect(send(queue, { MessageBody: `a${character}b` })).rejects.toThrow(/Invalid characters/);
      await expect(receive(queue)).resolves.toEqual([]);
    },
  );

  test.each([
    ['an empty attribute', { MessageAttributes: { a: { DataType: 'String', StringValue: '' } } }],
    [
      'an illegal character in an attribute',
      { MessageAttributes: { a: { DataType: 'String', StringValue: '\u0001' } } },
    ],
    ['more than ten attributes', { MessageAttributes: attributes(11) }],
    ['a delay of more than 15 minutes', { DelaySeconds: 901 }],
    ['a body above 1,048,576 bytes', { MessageBody: 'x'.repeat(1_048_577) }],
    [
      'a body and attributes above 1,048,576 bytes together',
      {
        MessageBody: 'x'.repeat(1_048_576 - 8),
        MessageAttributes: { a: { DataType: 'String', StringValue: '12' } },
      },
    ],
  ])('refuses %s', async (_, message) => {
    const queue = await newQueue();
    await expect(send(queue, message)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    await expect(receive(queue)).resolves.toEqual([]);
  });

  test('takes exactly 1,048,576 bytes with attributes, and ten attributes', async () => {
    const queue = await newQueue();
    const room = 1_048_576 - 'aString1'.length;
    await send(queue, {
      MessageBody: 'x'.repeat(room),
      MessageAttributes: { a: { DataType: 'String', StringValue: '1' } },
    });
    await send(queue, { MessageAttributes: attributes(10) });
    const messages = await receive(queue);
    expect(messages.map((message) => message.Body?.length).toSorted()).toEqual([room, 4]);
  });

  test('sends and deletes batches, and names the entries that it refuses', async () => {
    const queue = await newQueue();
    const sent = await clients.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queue,
        Entries: [
          { Id: 'a', MessageBody: 'one' },
          { Id: 'b', MessageBody: 'two', DelaySeconds: 1000 },
          { Id: 'c', MessageBody: 'thr\u0000ee' },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a']);
    expect(sent.Failed?.map(({ Id, SenderFault }) => [Id, SenderFault]).toSorted()).toEqual([
      ['b', true],
      ['c', true],
    ]);
    const [message] = await receive(queue);
    expect(message?.Body).toBe('one');
    const deleted = await clients.sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queue,
        Entries: [{ Id: 'x', ReceiptHandle: message?.ReceiptHandle }],
      }),
    );
    expect(deleted.Successful).toEqual([{ Id: 'x' }]);
    const attributesNow = new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['All'] });
    expect((await clients.sqs.send(attributesNow)).Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });

  test('names every entry when it refuses all of a batch', async () => {
    const queue = await newQueue();
    const batch = new SendMessageBatchCommand({
      QueueUrl: queue,
      Entries: [{ Id: 'a', MessageBody: 'one', DelaySeconds: -1 }],
    });
    expect((await clients.sqs.send(batch)).Failed?.map(({ Id }) => Id)).toEqual(['a']);
  });

  test('hides a received message until its visibility is changed to 0, and counts its receives', async () => {
    const queue = await newQueue();
    await send(queue, {});
    const [first] = await receive(queue);
    await expect(receive(queue)).resolves.toEqual([]);
    await clients.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queue,
        ReceiptHandle: first?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    const [second] = await receive(queue);
    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  test('holds back a delayed message, then gives it to who waits for it', async () => {
    const queue = await newQueue();
    await send(queue, { DelaySeconds: 1 });
    await expect(receive(queue)).resolves.toEqual([]);
    await expect(receive(queue, 20)).resolves.toHaveLength(1);
  });

  test('moves a message that was received too often to the dead-letter queue, and redrives it from there', async () => {
    const dead = await newQueue();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await arnOf(dead), maxReceiveCount: 2 });
    const queue = await newQueue({ VisibilityTimeout: '0', RedrivePolicy });
    const { MessageId } = await send(queue, {
      MessageAttributes: { headgate: { DataType: 'String', StringValue: 'kept' } },
    });
    await receive(queue);
    await receive(queue);
    await expect(receive(queue)).resolves.toEqual([]);
    const deadAttributes = new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['All'] });
    expect((await clients.sqs.send(deadAttributes)).Attributes?.ApproximateNumberOfMessages).toBe('1');

    const SourceArn = await arnOf(dead);
    const { TaskHandle } = await clients.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
    expect(TaskHandle).toBeDefined();
    const { Results } = await clients.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
    expect(Results).toMatchObject([
      { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1, DestinationArn: await arnOf(queue) },
    ]);
    await expect(receive(dead)).resolves.toEqual([]);
    const [redriven] = await receive(queue);
    expect(redriven).toMatchObject({
      Body: 'body',
      MessageAttributes: { headgate: { StringValue: 'kept' } },
      Attributes: { ApproximateReceiveCount: '1' },
    });
    expect(redriven?.MessageId).not.toBe(MessageId);
  });

  test('redrives nothing that was sent to the dead letters directly, unless told where to', async () => {
    const dead = await newQueue();
    const SourceArn = await arnOf(dead);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: SourceArn, maxReceiveCount: 2 });
    const queue = await newQueue({ RedrivePolicy });
    await send(dead, {});
    const results = async () =>
      (await clients.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }))).Results;

    await clients.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
    expect(await results()).toMatchObject([
      {
        Status: 'FAILED',
        FailureReason: 'CouldNotDetermineMessageSource',
        ApproximateNumberOfMessagesMoved: 0,
        ApproximateNumberOfMessagesToMove: 1,
      },
    ]);
    await expect(receive(queue)).resolves.toEqual([]);

    const DestinationArn = await arnOf(queue);
    await clients.sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
    expect(await results()).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
    await expect(receive(queue)).resolves.toHaveLength(1);
  });

  test('refuses a redrive of a queue that is the dead-letter queue of none', async () => {
    const SourceArn = await arnOf(await newQueue());
    const start = clients.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
    await expect(start).rejects.toThrow(/Name the destination/);
  });

  test('drops a copy with the same deduplication id on a FIFO queue, and keeps the order of a group', async () => {
    const queue = await newQueue({ FifoQueue: 'true' });
    const first = await send(queue, { MessageBody: '1', MessageGroupId: 'g', MessageDeduplicationId: 'a' });
    const copy = await send(queue, { MessageBody: '1', MessageGroupId: 'g', MessageDeduplicationId: 'a' });
    await send(queue, { MessageBody: '2', MessageGroupId: 'g', MessageDeduplicationId: 'b' });
    expect(copy.MessageId).toBe(first.MessageId);
    const bodies: (string | undefined)[] = [];
    for (let [message] = await receive(queue); message; [message] = await receive(queue)) {
      bodies.push(message.Body);
      const Entries = [{ Id: 'x', ReceiptHandle: message.ReceiptHandle }];
      await clients.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue, Entries }));
    }
    expect(bodies).toEqual(['1', '2']);
  });

  test('gives queue URLs at its own endpoint', async () => {
    const queue = await newQueue();
    const QueueName = queue.split('/').at(-1);
    expect(queue).toBe(`${cloud.endpoint}/000000000000/${QueueName}`);
    expect((await clients.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(queue);
    const listed = await clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: QueueName }));
    expect(listed.QueueUrls).toContain(queue);
  });

  test('answers a call for a missing queue with the error that the SDK knows', async () => {
    const call = clients.sqs.send(new GetQueueUrlCommand({ QueueName: 'missing' }));
    await expect(call).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  test('gives one message to one of those who wait, and lets the others go on waiting', async () => {
    const queue = await newQueue();
    const hangingUp = new AbortController();
    const polling = Promise.withResolvers<void>();
    let calls = 0;
    onCall = () => {
      calls += 1;
      if (calls === 3) polling.resolve();
    };
    const poll = () =>
      clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 20 }), {
        abortSignal: hangingUp.signal,
      });
    const polls = [poll(), poll(), poll()];
    const all = Promise.allSettled(polls);
    await polling.promise;
    await send(queue, { MessageBody: 'one' });
    await Promise.race(polls);
    await receive(queue);
    hangingUp.abort();
    const outcomes = (await all).map((poll) =>
      poll.status === 'fulfilled' ? poll.value.Messages?.[0]?.Body : poll.reason.name,
    );
    expect(outcomes.toSorted()).toEqual(['AbortError', 'AbortError', 'one']);
  });

  test('gives no message to a caller who hung up while waiting', async () => {
    const queue = await newQueue();
    const hangingUp = new AbortController();
    const polling = new Promise<void>((resolve) => {
      onCall = () => resolve();
    });
    const poll = new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 20 });
    const given = clients.sqs.send(poll, { abortSignal: hangingUp.signal });
    await polling;
    hangingUp.abort();
    await expect(given).rejects.toMatchObject({ name: 'AbortError' });
    await receive(queue);
    await send(queue, {});
    await expect(receive(queue)).resolves.toHaveLength(1);
  });
});

function attributes(count: number): Record<string, { DataType: string; StringValue: string }> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'x' }]),
  );
}
