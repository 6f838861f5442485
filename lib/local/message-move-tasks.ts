import { randomUUID } from 'node:crypto';
import { fauxqsPart, type SqsMessage, type SqsQueue } from './fauxqs-parts.ts';
import type { FauxqsStores } from './fauxqs-stores.ts';
import type { Refusal } from './message-rules.ts';

/** A redrive, done at once: by the time the caller has its answer, the messages are in the other queue. */
interface MoveTask {
  readonly SourceArn: string;
  readonly DestinationArn: string;
  readonly Status: 'COMPLETED' | 'FAILED';
  readonly FailureReason?: 'CouldNotDetermineMessageSource';
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

  const move = (from: SqsQueue, messages: readonly SqsMessage[], to: SqsQueue): void => {
    from.messages = [];
    from.fifoMessages.clear();
    for (const message of messages) {
      from.persistence?.deleteMessage(message.messageId);
      to.enqueue(copy(message));
    }
  };

  const run = (from: SqsQueue, to: SqsQueue, named: boolean): Omit<MoveTask, 'StartedTimestamp'> => {
    from.processTimers();
    const messages = from.isFifo() ? [...from.fifoMessages.values()].flat() : from.messages;
    const known = named || messages.every((message) => cameFrom(to, message));
    if (known) move(from, messages, to);
    return {
      SourceArn: from.arn,
      DestinationArn: to.arn,
      ...(known
        ? { Status: 'COMPLETED' }
        : { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' }),
      ApproximateNumberOfMessagesMoved: known ? messages.length : 0,
      ApproximateNumberOfMessagesToMove: messages.length,
    };
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
      const named = typeof input.DestinationArn === 'string';
      const task = stores.atomically(() => run(source, destination, named));
      tasks.unshift({ ...task, StartedTimestamp: Date.now() });
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

/**
 * Whether SQS moved the message to the dead letters. One that was sent there has no queue to go back to, and SQS's task fails at
 * it. fauxqs keeps no source, but a message brings the receives for which it was moved.
 */
function cameFrom(queue: SqsQueue, { approximateReceiveCount }: SqsMessage): boolean {
  const policy: unknown = JSON.parse(queue.attributes.RedrivePolicy ?? '{}');
  const { maxReceiveCount } = policy as { readonly maxReceiveCount?: unknown };
  return approximateReceiveCount > Number(maxReceiveCount);
}

function refusal(code: string, message: string): Refusal {
  return { code, message };
}
