import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  MessageNotInflight,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { dynamodbClient, dynamodbLedger } from '../../lib/aws/dynamodb-ledger.ts';
import { type ProcessHandler, processHandler } from '../../lib/aws/process-handler.ts';
import { s3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { snsClient, snsEventTopic } from '../../lib/aws/sns-event-topic.ts';
import { sqsClient } from '../../lib/aws/sqs-client.ts';
import { sqsDeadLetters } from '../../lib/aws/sqs-dead-letters.ts';
import { sqsDeliveryQueue } from '../../lib/aws/sqs-delivery-queue.ts';
import { sqsVisibility } from '../../lib/aws/sqs-visibility.ts';
import type { ClaimToken } from '../../lib/core/claim.ts';
import { type Inlet, openInlet } from '../../lib/core/inlet.ts';
import type { DeliveryQueue, Ledger, ObjectStore } from '../../lib/core/ports.ts';
import type { Report } from '../../lib/core/report.ts';
import type { Source } from '../../lib/core/source.ts';
import type { AwsCall, Fault } from '../../lib/local/cloud-service.ts';
import { lambdaContext } from '../../lib/local/lambda-context.ts';
import { failedRecords, sqsRecord } from '../../lib/local/sqs-event.ts';
import { subscribeQueue } from '../../lib/local/subscribe-queue.ts';
import { startTestCloud, type TestCloud } from '../aws/cloud.ts';

/** What the processor and its poller call. Whatever else is called, the test calls to see or to prepare something. */
export const OPERATIONS = [
  'UpdateItem',
  'BatchGetItem',
  'PublishBatch',
  'PutObject',
  'GetObject',
  'SendMessage',
  'ChangeMessageVisibilityBatch',
  'DeleteMessageBatch',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One call of the processor, and what went wrong with it. */
export interface SeenCall {
  readonly operation: Operation;
  readonly fault: Fault | undefined;
}

/** What goes wrong, call by call. */
export interface Plan {
  /** @param index the call's number, from 0. */
  fault(index: number, operation: Operation): Fault | undefined;
  /** Nothing is left but what waits, for as long as a lease: whatever lasts has an end. */
  timePasses(): void;
}

export const CALM: Plan = { fault: () => undefined, timePasses: () => {} };

export interface Published {
  readonly id: string;
  readonly subject?: string;
  readonly sequence?: string;
  readonly repeatof?: string;
  readonly dataref?: string;
}

export interface Settled {
  readonly published: readonly Published[];
  /** The reason of each dead letter. */
  readonly dead: readonly string[];
  readonly calls: readonly SeenCall[];
}

/** A cloud with a subscriber, on which one delivery after the other is processed. */
export interface Station {
  readonly cloud: TestCloud;
  readonly ledger: Ledger;
  readonly objects: ObjectStore;
  /** Hands out the only message on the queue so often, to a worker that does nothing with it. */
  handOut(times: number): Promise<void>;
  /** Takes what is on the queue as the event source mapping would, letting time pass, until nothing is left. */
  settle(plan: Plan): Promise<Settled>;
  close(): Promise<void>;
}

/** The function's timeout, as deployed. */
export const TIMEOUT_MS = 50_000;

/** Longer than any lease, and than any short wait. */
const PASSING_MS = 60_000;

/** It comes back more often only if it never will be done. */
const MOST_ROUNDS = 12;

export async function openStation(topic: 'standard' | 'fifo', sources: readonly Source[]): Promise<Station> {
  const cloud = await startTestCloud({ fifo: topic === 'fifo' });
  const inlets = await Promise.all(sources.map(openInlet));
  const subscription = { topicArn: cloud.topicArn, queueName: 'subscriber', delivery: 'message' } as const;
  const subscriber = await subscribeQueue(cloud.connection, subscription);
  return {
    cloud,
    ledger: dynamodbLedger({ client: cloud.clients.dynamodb, table: cloud.table, pause: (ms) => sleep(ms) }),
    objects: s3ObjectStore({ bucket: cloud.bucket, connection: cloud.connection, limitMs: 3_000 }),
    async handOut(times) {
      for (let time = 0; time < times; time += 1) {
        const [message] = await receive(cloud);
        if (message === undefined) throw new Error('nothing to hand out');
        await showAll(cloud, new Map([['only', message.ReceiptHandle ?? '']]));
      }
    },
    async settle(plan) {
      const calls: SeenCall[] = [];
      cloud.breakCalls((call) => {
        const operation = ofProcessor(call);
        if (operation === undefined) return undefined;
        const fault = plan.fault(calls.length, operation);
        calls.push({ operation, fault });
        return fault;
      });
      await takeAll(cloud, inlets, plan.timePasses);
      cloud.breakCalls(undefined);
      const events = await takeOff(cloud, subscriber.url);
      const dead = await takeOff(cloud, cloud.deadLetters.url);
      return {
        published: events.map(({ Body = '' }) => JSON.parse(Body)),
        dead: dead.map(({ MessageAttributes }) => MessageAttributes?.reason?.StringValue ?? 'none'),
        calls,
      };
    },
    close: cloud.close,
  };
}

function ofProcessor({ operation }: AwsCall): Operation | undefined {
  return OPERATIONS.find((one) => one === operation);
}

/** Batch after batch; when nothing is left but what waits, a minute passes. */
async function takeAll(cloud: TestCloud, inlets: readonly Inlet[], timePasses: () => void): Promise<void> {
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const reports: Report[] = [];
  const { handle, close } = openHandler(cloud, inlets, { now, report: (made) => reports.push(...made) });
  const held = new Map<string, string>();
  // The poller's own client, as patient as the SDK makes it.
  const poller = new SQSClient(cloud.connection);
  try {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      for (let messages = await receive(cloud); messages.length > 0; messages = await receive(cloud)) {
        for (const { MessageId = '', ReceiptHandle = '' } of messages) held.set(MessageId, ReceiptHandle);
        await invoke(messages, { cloud, poller, handle, now });
      }
      if (await isEmpty(cloud)) return;
      timePasses();
      ahead += PASSING_MS;
      await showAll(cloud, held);
    }
  } finally {
    poller.destroy();
    close();
  }
  throw new Error(`not settled after ${MOST_ROUNDS} rounds: ${JSON.stringify(reports.slice(-3))}`);
}

/** Fresh clients each time: one that has failed often tries less. */
function openHandler(
  { connection, topicArn, table, bucket, queue, deadLetters }: TestCloud,
  inlets: readonly Inlet[],
  { now, report }: { readonly now: () => number; readonly report: (reports: readonly Report[]) => void },
): { readonly handle: ProcessHandler; close(): void } {
  const clients = {
    sqs: sqsClient(3_000, connection),
    sns: snsClient(3_000, connection),
    dynamodb: dynamodbClient(3_000, connection),
  };
  const handle = processHandler({
    inlets,
    settings: {
      uri: 'urn:headgate:test',
      bucket,
      topicKind: topicArn.endsWith('.fifo') ? 'fifo' : 'standard',
      retentionSeconds: 86_400,
    },
    ports: {
      ledger: dynamodbLedger({ client: clients.dynamodb, table, pause: (ms) => sleep(ms) }),
      topic: snsEventTopic({ client: clients.sns, topicArn, limitMs: 3_000 }),
      deadLetters: sqsDeadLetters({ client: clients.sqs, queueUrl: deadLetters.url, limitMs: 3_000 }),
      objects: s3ObjectStore({ bucket, connection, limitMs: 3_000 }),
      queue: impatient(sqsDeliveryQueue({ client: clients.sqs, queueUrl: queue.url, limitMs: 3_000 })),
      visibility: sqsVisibility({ client: clients.sqs, queueUrl: queue.url, limitMs: 3_000 }),
      resources: { read: async () => ({ kind: 'unknown', reason: 'unanswered', cause: 'no API here' }) },
    },
    world: { now, random: () => 0, token: () => randomUUID() as ClaimToken },
    report,
  });
  const close = (): void => {
    for (const client of Object.values(clients)) client.destroy();
  };
  return { handle, close };
}

/** The emulated queue's clock cannot be moved, so its delays are left out: what comes back too early waits in another way. */
function impatient(queue: DeliveryQueue): DeliveryQueue {
  return { send: (message) => queue.send(message) };
}

async function invoke(
  messages: readonly Message[],
  worker: {
    readonly cloud: TestCloud;
    readonly poller: SQSClient;
    readonly handle: ProcessHandler;
    readonly now: () => number;
  },
): Promise<void> {
  const { cloud, poller, handle, now } = worker;
  const records = messages.map((message) => sqsRecord(message, cloud.queue.arn));
  const answer = await handle(
    { Records: records },
    lambdaContext({ name: 'process', timeoutMs: TIMEOUT_MS }, now),
  );
  const failed = new Set(failedRecords(answer, records));
  const Entries = records
    .filter((record) => !failed.has(record))
    .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
  if (Entries.length === 0) return;
  // What is not deleted comes again; the event source mapping does not mind.
  await poller.send(new DeleteMessageBatchCommand({ QueueUrl: cloud.queue.url, Entries })).catch(() => {});
}

async function receive({ clients, queue }: TestCloud): Promise<readonly Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queue.url,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
  });
  return (await clients.sqs.send(command)).Messages ?? [];
}

async function isEmpty({ clients, queue }: TestCloud): Promise<boolean> {
  const command = new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: ['All'] });
  const { Attributes: attributes = {} } = await clients.sqs.send(command);
  const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } = attributes;
  return visible === '0' && hidden === '0';
}

/** Ends every wait. */
async function showAll({ clients, queue }: TestCloud, held: Map<string, string>): Promise<void> {
  for (const ReceiptHandle of held.values()) {
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: queue.url,
      ReceiptHandle,
      VisibilityTimeout: 0,
    });
    try {
      await clients.sqs.send(command);
    } catch (error) {
      // It does not wait any more, or is done, whatever the poller was told.
      if (!(error instanceof MessageNotInflight)) throw error;
    }
  }
  held.clear();
}

async function takeOff({ clients }: TestCloud, url: string): Promise<readonly Message[]> {
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) return all;
    all.push(...Messages);
    for (const { ReceiptHandle } of Messages)
      await clients.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
  }
}
