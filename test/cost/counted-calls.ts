import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, SQSBatchResponse } from 'aws-lambda';
import { sqsRecord } from '../../lib/local/sqs-event.ts';
import type { TestCloud } from '../aws/cloud.ts';
import type { AssetProcess } from '../e2e/asset-process.ts';

/** How often each AWS call was made: `{ 'sqs:SendMessage': 10 }`. */
export type Calls = Readonly<Record<string, number>>;

/** The AWS calls that a function makes while `work` is done; nobody else may call meanwhile. */
export async function callsDuring(cloud: TestCloud, work: () => Promise<unknown>): Promise<Calls> {
  const before = cloud.calls.length;
  await work();
  return tally(cloud.calls.slice(before));
}

/** Hands the deliveries to the ingest function, one after the other; each must be accepted. */
export async function deliver(
  ingest: AssetProcess,
  events: readonly APIGatewayProxyEventV2[],
): Promise<void> {
  for (const event of events) {
    const { statusCode } = (await ingest.invoke(event)) as APIGatewayProxyStructuredResultV2;
    if (statusCode !== 200) throw new Error(`answered ${statusCode}: ${ingest.log().join('\n')}`);
  }
}

/** What the processor does with all that is queued. */
export interface Drained {
  /** The function's own; that Lambda receives and deletes is not among them. */
  readonly calls: Calls;
  readonly batches: number;
}

/** Hands the queue's messages to the processor as Lambda does, at most ten at a time; each must be done at once. */
export async function drain(process: AssetProcess, cloud: TestCloud): Promise<Drained> {
  const made: string[] = [];
  let batches = 0;
  for (let messages = await receive(cloud); messages.length > 0; messages = await receive(cloud)) {
    const before = cloud.calls.length;
    const Records = messages.map((message) => sqsRecord(message, cloud.queue.arn));
    const { batchItemFailures } = (await process.invoke({ Records })) as SQSBatchResponse;
    if (batchItemFailures.length > 0) throw new Error(`messages come back: ${process.log().join('\n')}`);
    made.push(...cloud.calls.slice(before));
    batches += 1;
    await remove(cloud, messages);
  }
  return { calls: tally(made), batches };
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

async function remove({ clients, queue }: TestCloud, messages: readonly Message[]): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await clients.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }));
}

function tally(calls: readonly string[]): Calls {
  const counts: Record<string, number> = {};
  for (const call of calls) counts[call] = (counts[call] ?? 0) + 1;
  return counts;
}
