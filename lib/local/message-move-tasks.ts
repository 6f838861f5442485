import { randomUUID } from 'node:crypto';
import { fauxqsPart, type SqsMessage, type SqsQueue } from './fauxqs-parts.ts';
import type { FauxqsStores } from './fauxqs-stores.ts';
import type { Refusal } from './message-rules.ts';

/** A redrive, done at once: by the time the caller has its answer, the messages are in the other queue. */
interface MoveTask {
  readonly SourceArn: string;
  readonly DestinationArn: string;
  readonly Status: 'COMPLETED';
  readonly ApproximateNumberOfMessagesMoved: number;
  readonly ApproximateNumberOfMessagesToMove: number;
  readonly StartedTimestamp: number;
}

export interface MessageMoveTasks {
  start(input: Readonly<Record<string, unknown>>): { readonly TaskHandle: string } | Refusal;
  list(input: Readonly<Record<string, unknown>>): { readonly Results: readonly MoveTask[] };
}

/** `StartMessageMoveTask` and `ListMessageMoveTasks`, which fauxqs lacks. What was moved is remembered until the end. */
export async function messageMoveTasks(stores: FauxqsStores): Promise<MessageMoveTasks> {
  const { SqsStore } = await fauxqsPart('sqs/sqsStore.js');
  const tasks: MoveTask[] = [];
  // As in SQS, a redriven message is a new one: new id, new time, no receives.
  const copy = (message: SqsMessage): SqsMessage =>
    SqsStore.createMessage(
      message.body,
      message.messageAttributes,
      undefined,
      message.messageGroupId,
      undefined,
    );

  const move = (source: SqsQueue, destination: SqsQueue): number => {
    source.processTimers();
    const messages = source.isFifo() ? [...source.fifoMessages.values()].flat() : source.messages;
    source.messages = [];
    source.fifoMessages.clear();
    for (const message of messages) {
      source.persistence?.deleteMessage(message.messageId);
      destination.enqueue(copy(message));
    }
    return messages.length;
  };

  return {
    start: (input) => {
      const source = stores.sqs.getQueueByArn(String(input.SourceArn));
      if (source === undefined)
        return refusal('ResourceNotFoundException', 'The source queue does not exist.');
      const destinations = destinationsOf(stores, source, input.DestinationArn);
      const [destination] = destinations;
      if (destination === undefined || destinations.length > 1) {
        return refusal(
          'InvalidParameterValue',
          'Name the destination: the source is the dead-letter queue of no queue, or of several.',
        );
      }
      const moved = stores.atomically(() => move(source, destination));
      tasks.unshift({
        SourceArn: source.arn,
        DestinationArn: destination.arn,
        Status: 'COMPLETED',
        ApproximateNumberOfMessagesMoved: moved,
        ApproximateNumberOfMessagesToMove: moved,
        StartedTimestamp: Date.now(),
      });
      return { TaskHandle: randomUUID() };
    },
    list: (input) => ({
      Results: tasks
        .filter((task) => task.SourceArn === input.SourceArn)
        .slice(0, typeof input.MaxResults === 'number' ? input.MaxResults : 1),
    }),
  };
}

function destinationsOf({ sqs }: FauxqsStores, source: SqsQueue, named: unknown): SqsQueue[] {
  if (typeof named === 'string') return [sqs.getQueueByArn(named)].filter((queue) => queue !== undefined);
  return [...sqs.allQueues()].filter((queue) => queue.attributes.RedrivePolicy?.includes(`"${source.arn}"`));
}

function refusal(code: string, message: string): Refusal {
  return { code, message };
}
