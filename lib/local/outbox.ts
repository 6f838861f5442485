import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { OutboxFile } from './outbox-file.ts';

export interface OutboxOptions {
  /** Must be patient: a receive takes up to 20 s. */
  readonly client: SQSClient;
  /** A queue that gets the topic's bare messages. */
  readonly queueUrl: string;
  readonly file: OutboxFile;
  /** Told when SQS or the disk failed; the messages stay on the queue. */
  readonly onFailure: (error: unknown) => void;
}

export interface Outbox {
  /** Receives no more, and resolves when what was received is in the file. */
  stop(): Promise<void>;
}

const RETRY_MS = 1_000;

/** A subscriber of the topic: what was published becomes a line of the file. */
export function startOutbox(options: OutboxOptions): Outbox {
  const stopping = new AbortController();
  const loop = receive(options, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await loop;
      options.file.close();
    },
  };
}

async function receive(options: OutboxOptions, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      const messages = await nextMessages(options, stopping);
      if (messages.length > 0) await keep(messages, options);
    } catch (error) {
      if (stopping.aborted) return;
      options.onFailure(error);
      // The only thing that `sleep` can throw is that it was told to stop.
      await sleep(RETRY_MS, undefined, { signal: stopping }).catch(() => {});
    }
  }
}

async function nextMessages(
  { client, queueUrl }: OutboxOptions,
  stopping: AbortSignal,
): Promise<readonly Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 20,
  });
  return (await client.send(command, { abortSignal: stopping })).Messages ?? [];
}

async function keep(messages: readonly Message[], { client, queueUrl, file }: OutboxOptions): Promise<void> {
  file.append(messages.map(({ MessageId: id = '', Body: text = '' }) => ({ id, text })));
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const { Successful = [] } = await client.send(
    new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
  );
  file.forget(Successful.map(({ Id }) => messages[Number(Id)]?.MessageId ?? ''));
}
