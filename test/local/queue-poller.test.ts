import {
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AwsCall, Fault } from '../../lib/local/cloud-service.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { ensureQueue, type Queue } from '../../lib/local/ensure-queue.ts';
import { type QueuePoller, type QueuePollerOptions, startQueuePoller } from '../../lib/local/queue-poller.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { failedRecords, sqsRecord } from '../../lib/local/sqs-event.ts';
import { type CloudClients, cloudClients } from './cloud-clients.ts';

let cloud: EmbeddedCloud;
let clients: CloudClients;
let queue: Queue;
let pollers: QueuePoller[];
let failures: unknown[];
let fault: (call: AwsCall) => Fault | undefined;
let names = 0;

beforeAll(async () => {
  cloud = await startEmbeddedCloud({
    secrets: memorySecretStore({}, Date.now),
    fault: (call) => fault(call),
  });
  clients = cloudClients(cloud.endpoint);
});
afterAll(async () => {
  clients.destroy();
  await cloud.close();
});
beforeEach(async () => {
  pollers = [];
  failures = [];
  fault = () => undefined;
  names += 1;
  queue = await ensureQueue(clients.sqs, `queue-${names}`, { VisibilityTimeout: '0' });
});
afterEach(async () => {
  await Promise.all(pollers.map((poller) => poller.stop()));
});

type Handler = QueuePollerOptions['handler'];

function start(handler: Handler, options: Partial<QueuePollerOptions> = {}): QueuePoller {
  const poller = startQueuePoller({
    client: clients.sqs,
    queueUrl: queue.url,
    queueArn: queue.arn,
    handler,
    lambda: { name: 'process', timeoutMs: 60_000 },
    maximumConcurrency: 1,
    onFailure: (error) => failures.push(error),
    ...options,
  });
  pollers.push(poller);
  return poller;
}

/** A queue that does not give a message again while the test runs; the others give it again at once. */
const queueThatHides = () => ensureQueue(clients.sqs, `hidden-${names}`, {});

/** Starts a poller whose handler answers as told; resolves when as many invocations have been as asked for. */
async function invocations(
  count: number,
  answer: (event: SQSEvent, index: number) => unknown = () => undefined,
  options: Partial<QueuePollerOptions> = {},
): Promise<SQSEvent[]> {
  const events: SQSEvent[] = [];
  const enough = Promise.withResolvers<void>();
  const poller = start(async (event) => {
    events.push(event);
    if (events.length === count) enough.resolve();
    return answer(event, events.length - 1);
  }, options);
  await enough.promise;
  await poller.stop();
  return events;
}

async function send(...bodies: string[]): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
  await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
}

async function left(): Promise<(string | undefined)[]> {
  const command = new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10 });
  return ((await clients.sqs.send(command)).Messages ?? []).map(({ Body }) => Body);
}

const bodiesOf = (event: SQSEvent | undefined) => event?.Records.map(({ body }) => body);
const idOf = (event: SQSEvent, body: string) =>
  event.Records.find((record) => record.body === body)?.messageId;

describe('the queue poller', () => {
  test('invokes with a batch as Lambda makes it, and deletes it', async () => {
    const before = Date.now();
    await clients.sqs.send(
      new SendMessageCommand({
        QueueUrl: queue.url,
        MessageBody: '{"a":"é"}',
        MessageAttributes: {
          headgate: { DataType: 'String', StringValue: 'metadata' },
          bytes: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
        },
      }),
    );
    const [event] = await invocations(1);
    expect(event).toEqual({
      Records: [
        {
          messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          receiptHandle: expect.any(String),
          body: '{"a":"é"}',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          },
          messageAttributes: {
            headgate: {
              stringValue: 'metadata',
              stringListValues: [],
              binaryListValues: [],
              dataType: 'String',
            },
            bytes: { binaryValue: 'AP8=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
          },
          md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
          md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
          eventSource: 'aws:sqs',
          eventSourceARN: queue.arn,
          awsRegion: 'us-east-1',
        },
      ],
    });
    expect(Number(event?.Records[0]?.attributes.SentTimestamp)).toBeGreaterThanOrEqual(before);
    expect(await left()).toEqual([]);
    expect(failures).toEqual([]);
  });

  test('leaves exactly the messages on the queue that the handler reports as failed', async () => {
    await send('a', 'b', 'c');
    const events = await invocations(2, (event, index) =>
      index === 0 ? { batchItemFailures: [{ itemIdentifier: idOf(event, 'b') }] } : undefined,
    );
    expect(events.map(bodiesOf)).toEqual([['a', 'b', 'c'], ['b']]);
    expect(events[1]?.Records[0]?.attributes.ApproximateReceiveCount).toBe('2');
    expect(await left()).toEqual([]);
  });

  test('leaves the whole batch when the handler throws, and reports why', async () => {
    await send('a', 'b');
    const thrown = new Error('broken');
    const events = await invocations(2, (_, index) => (index === 0 ? Promise.reject(thrown) : undefined));
    expect(events.map(bodiesOf)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(failures).toEqual([thrown]);
    expect(await left()).toEqual([]);
  });

  test('leaves the whole batch when the handler needs longer than its function has', async () => {
    await send('a');
    let now = 0;
    const contexts: Context[] = [];
    const over = Promise.withResolvers<void>();
    const poller = start(
      async (_, context) => {
        contexts.push(context);
        if (contexts.length === 2) over.resolve();
        expect(context.getRemainingTimeInMillis()).toBe(1000);
        now += contexts.length === 1 ? 1000 : 999;
      },
      { now: () => now, lambda: { name: 'process', timeoutMs: 1000 } },
    );
    await over.promise;
    await poller.stop();
    expect(contexts[1]?.getRemainingTimeInMillis()).toBe(1);
    expect(String(failures)).toBe('Error: process timed out');
    expect(await left()).toEqual([]);
  });

  test('takes no more than the batch size', async () => {
    await send('a', 'b', 'c');
    const events = await invocations(2, undefined, { batchSize: 2 });
    expect(events.map(bodiesOf)).toEqual([['a', 'b'], ['c']]);
  });

  test('waits for the window to fill a batch of more than one receive', async () => {
    queue = await queueThatHides();
    await send('1', '2', '3', '4', '5', '6', '7', '8', '9', '10');
    await send('11', '12');
    const [event] = await invocations(1, undefined, { batchSize: 12, batchWindowSeconds: 20 });
    expect(event?.Records).toHaveLength(12);
    expect(await left()).toEqual([]);
  });

  test('invokes as often at once as it may, and no more', async () => {
    queue = await queueThatHides();
    await send('a', 'b', 'c', 'd');
    let running = 0;
    let most = 0;
    const three = Promise.withResolvers<void>();
    const four = Promise.withResolvers<void>();
    let total = 0;
    const poller = start(
      async () => {
        running += 1;
        total += 1;
        most = Math.max(most, running);
        if (running === 3) three.resolve();
        if (total === 4) four.resolve();
        await three.promise;
        running -= 1;
      },
      { batchSize: 1, maximumConcurrency: 3 },
    );
    await four.promise;
    await poller.stop();
    expect(most).toBe(3);
  });

  test('splits what would be above the limit of an event', async () => {
    queue = await queueThatHides();
    const megabyte = 'x'.repeat(1_048_000);
    for (let index = 0; index < 8; index += 1) await send(megabyte);
    const events = await invocations(2);
    expect(events.map((event) => event.Records.length).toSorted()).toEqual([2, 6]);
    for (const event of events)
      expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(6_291_556);
    expect(await left()).toEqual([]);
  });

  test('finishes what is under way when it is stopped, and receives no more', async () => {
    queue = await queueThatHides();
    await send('a', 'b');
    const invoked = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const poller = start(
      async () => {
        invoked.resolve();
        await release.promise;
      },
      { batchSize: 1 },
    );
    await invoked.promise;
    const stopped = poller.stop();
    release.resolve();
    await stopped;
    expect(await left()).toEqual(['b']);
    expect(failures).toEqual([]);
  });

  test('stops at once while it waits for messages, and takes none with it', async () => {
    const polling = Promise.withResolvers<void>();
    fault = ({ operation }) => {
      if (operation === 'ReceiveMessage') polling.resolve();
      return undefined;
    };
    const poller = start(() => expect.unreachable('invoked'));
    await polling.promise;
    await poller.stop();
    await send('a');
    expect(await left()).toEqual(['a']);
    expect(failures).toEqual([]);
  });

  test('goes on after SQS has failed, and waits before it does', async () => {
    await send('a');
    const faults: Fault[] = ['fail', 'throttle'];
    fault = ({ operation }) => (operation === 'ReceiveMessage' ? faults.shift() : undefined);
    const waits: number[] = [];
    const [event] = await invocations(1, undefined, {
      wait: async (ms) => {
        waits.push(ms);
      },
    });
    expect(bodiesOf(event)).toEqual(['a']);
    expect(failures.map((error) => (error as Error).name)).toEqual(['InternalFailure', 'RequestThrottled']);
    expect(waits).toEqual([1000, 1000]);
  });

  test('reports a deletion that failed, and invokes again with its messages', async () => {
    await send('a');
    const faults: Fault[] = ['fail'];
    fault = ({ operation }) => (operation === 'DeleteMessageBatch' ? faults.shift() : undefined);
    const events = await invocations(2);
    expect(events.map(bodiesOf)).toEqual([['a'], ['a']]);
    expect(failures).toHaveLength(1);
    expect(await left()).toEqual([]);
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
describe('a batch answer', () => {
  const records = ['a', 'b'].map((MessageId) =>
    sqsRecord({ MessageId } satisfies Message, 'arn:aws:sqs:r:1:q'),
  );

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['a null list', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
  ])('is a success when it is %s', (_, answer) => {
    expect(failedRecords(answer, records)).toEqual([]);
  });

  test.each([
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }],
    ['a wrong key', { batchItemFailures: [{ itemidentifier: 'a' }] }],
    [
      'an unknown identifier beside a known one',
      { batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'x' }] },
    ],
    ['no list', { batchItemFailures: 'a' }],
    ['a string', 'a'],
  ])('fails the whole batch when it holds %s', (_, answer) => {
    expect(failedRecords(answer, records)).toEqual(records);
  });

  test('fails only what it names', () => {
    const answer = { batchItemFailures: [{ itemIdentifier: 'b' }] };
    expect(failedRecords(answer, records).map(({ messageId }) => messageId)).toEqual(['b']);
  });
});
