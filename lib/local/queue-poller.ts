import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { LAMBDA_PAYLOAD_LIMIT } from '../core/resources.ts';
import { type LambdaFunction, lambdaContext } from './lambda-context.ts';
import { failedRecords, sqsRecord } from './sqs-event.ts';

export interface QueuePollerOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly handler: (event: SQSEvent, context: Context) => Promise<unknown>;
  readonly lambda: LambdaFunction;
  /** Most messages an invocation. @default 10 */
  readonly batchSize?: number;
  /** How long a batch that is not full waits for more. @default 0 */
  readonly batchWindowSeconds?: number;
  /** Most invocations at once. @default 2 */
  readonly maximumConcurrency?: number;
  /** Told what went wrong: the handler threw, ran out of time, or SQS did not answer. The messages stay on the queue. */
  readonly onFailure: (error: unknown) => void;
  /** Epoch ms. @default Date.now */
  readonly now?: () => number;
  /** Waits before the next receive when one has failed; ends early when told to stop. */
  readonly wait?: (ms: number, stopping: AbortSignal) => Promise<void>;
}

export interface QueuePoller {
  /** Receives no more, and resolves when the invocations under way have ended. */
  stop(): Promise<void>;
}

const RECEIVE_AT_MOST = 10;
const LONG_POLL_SECONDS = 20;
const RETRY_MS = 1000;

/**
 * Lambda's event source mapping: receives from the queue, invokes the handler with the batch, deletes what it has not
 * reported as failed. What failed comes again when its visibility timeout ends.
 */
export function startQueuePoller(options: QueuePollerOptions): QueuePoller {
  const stopping = new AbortController();
  const loops = Array.from({ length: options.maximumConcurrency ?? 2 }, () => poll(options, stopping.signal));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function poll(options: QueuePollerOptions, stopping: AbortSignal): Promise<void> {
  const wait = options.wait ?? waitUnlessStopping;
  while (!stopping.aborted) {
    try {
      const messages = await nextBatch(options, stopping);
      const records = messages.map((message) => sqsRecord(message, options.queueArn));
      for (const batch of eventsOf(records)) await invoke(options, batch);
    } catch (error) {
      if (stopping.aborted) return;
      options.onFailure(error);
      await wait(RETRY_MS, stopping);
    }
  }
}

async function waitUnlessStopping(ms: number, stopping: AbortSignal): Promise<void> {
  // The only thing that `sleep` can throw is that it was told to stop.
  await sleep(ms, undefined, { signal: stopping }).catch(() => {});
}

/** The window opens with the first message. What has been received is a batch, whatever happens to the window. */
async function nextBatch(options: QueuePollerOptions, stopping: AbortSignal): Promise<Message[]> {
  const { batchSize = 10, batchWindowSeconds = 0, now = Date.now, onFailure } = options;
  const messages = await receive(options, Math.min(batchSize, RECEIVE_AT_MOST), LONG_POLL_SECONDS, stopping);
  const closes = now() + batchWindowSeconds * 1000;
  const secondsLeft = (): number => Math.min(Math.ceil((closes - now()) / 1000), LONG_POLL_SECONDS);
  while (messages.length > 0 && messages.length < batchSize && secondsLeft() > 0 && !stopping.aborted) {
    const room = Math.min(batchSize - messages.length, RECEIVE_AT_MOST);
    try {
      messages.push(...(await receive(options, room, secondsLeft(), stopping)));
    } catch (error) {
      if (!stopping.aborted) onFailure(error);
      break;
    }
  }
  return messages;
}

async function receive(
  { client, queueUrl }: QueuePollerOptions,
  most: number,
  seconds: number,
  stopping: AbortSignal,
): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: most,
    WaitTimeSeconds: seconds,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
  });
  return (await client.send(command, { abortSignal: stopping })).Messages ?? [];
}

/** The records in as few events as Lambda's limit allows. */
function eventsOf(records: readonly SQSRecord[]): SQSRecord[][] {
  const events: SQSRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const bytes = Buffer.byteLength(JSON.stringify(record)) + 1;
    if (bytes > room || events.length === 0) {
      events.push([]);
      room = LAMBDA_PAYLOAD_LIMIT - '{"Records":[]}'.length;
    }
    events.at(-1)?.push(record);
    room -= bytes;
  }
  return events;
}

async function invoke(options: QueuePollerOptions, records: SQSRecord[]): Promise<void> {
  const context = lambdaContext(options.lambda, options.now ?? Date.now);
  try {
    const answer = await options.handler({ Records: records }, context);
    // AWS would have ended it, and its messages would come again.
    if (context.getRemainingTimeInMillis() === 0) throw new Error(`${options.lambda.name} timed out`);
    const failed = new Set(failedRecords(answer, records));
    const done = records.filter((record) => !failed.has(record));
    for (let start = 0; start < done.length; start += RECEIVE_AT_MOST) {
      await remove(options, done.slice(start, start + RECEIVE_AT_MOST));
    }
  } catch (error) {
    options.onFailure(error);
  }
}

async function remove(
  { client, queueUrl }: QueuePollerOptions,
  records: readonly SQSRecord[],
): Promise<void> {
  const Entries = records.map((record, index) => ({
    Id: String(index),
    ReceiptHandle: record.receiptHandle,
  }));
  const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  const [first] = Failed;
  if (first !== undefined) {
    throw new Error(
      `SQS did not delete ${Failed.length} of ${Entries.length} messages: ${first.Code} ${first.Message}`,
    );
  }
}
