import type {
  BatchResultErrorEntry,
  PublishBatchCommandInput,
  PublishBatchRequestEntry,
  PublishBatchResponse,
} from '@aws-sdk/client-sns';
import type { Attempt } from './call-fates.ts';
import type { SimulatedService } from './simulated-client.ts';
import type { SimulatedQueue } from './simulated-queue.ts';
import type { Stage } from './stage.ts';

/** In it, a FIFO topic drops what comes again under the same deduplication id. */
const DEDUPLICATION_MS = 300_000;

export interface TopicOptions {
  readonly kind: 'standard' | 'fifo';
  readonly subscriptions: readonly Subscription[];
  /** A text that the topic takes from nobody. */
  readonly poison: string;
  /** Told of each message that the topic has taken, and of whether the one who sent it can know that. */
  readonly published: (message: string, attempt: Attempt, said: 'published' | 'failed') => void;
}

interface Subscription {
  readonly queue: SimulatedQueue;
  /** `message`: it alone (raw delivery). `notification`: in what SNS puts around it. */
  readonly form: 'message' | 'notification';
}

/** At least once to each subscriber's queue, in any order; a FIFO topic once, and in the order of its groups. */
export function simulatedTopic(stage: Stage, options: TopicOptions): SimulatedService {
  const { faults, temper, story } = stage;
  const deliver = options.kind === 'fifo' ? inOrder(stage) : inAnyOrder(stage);
  const isRepeat = options.kind === 'fifo' ? deduplication(stage) : () => false;

  function take(entry: PublishBatchRequestEntry, attempt: Attempt, said: 'published' | 'failed'): void {
    const { Message: message = '' } = entry;
    const repeat = isRepeat(entry);
    story.tell(() => `  the topic takes ${told(message)}${repeat ? ', and drops it as a repeat' : ''}`);
    options.published(message, attempt, said);
    if (!repeat) for (const subscription of options.subscriptions) deliver(entry, subscription);
  }

  function takeOne(entry: PublishBatchRequestEntry, attempt: Attempt): BatchResultErrorEntry | undefined {
    const { Id, Message: message = '' } = entry;
    if (message.includes(options.poison)) return { Id, Code: 'InvalidParameter', SenderFault: true };
    const fault = faults.oneOf(stage.nth(`message ${eventIdOf(message)}`), [
      ['fails alone', temper.calls / 3],
      ['is said to fail, but is published', temper.calls / 3],
      ['is throttled alone', temper.calls / 6],
    ]);
    switch (fault) {
      case undefined:
        take(entry, attempt, 'published');
        return undefined;
      case 'is said to fail, but is published':
        take(entry, attempt, 'failed');
        return { Id, Code: 'InternalError', SenderFault: false };
      case 'fails alone':
        return { Id, Code: 'InternalError', SenderFault: false };
      case 'is throttled alone':
        return { Id, Code: 'Throttled', SenderFault: true };
    }
  }

  return {
    name: 'sns',
    about: (_operation, input) =>
      entriesOf(input)
        .map(({ Message = '' }) => eventIdOf(Message))
        .join(' '),
    answer(operation, input, attempt): PublishBatchResponse {
      if (operation !== 'PublishBatch') throw new TypeError(`nobody calls ${operation}`);
      const entries = entriesOf(input);
      const Failed = entries.flatMap((entry) => takeOne(entry, attempt) ?? []);
      const failed = new Set(Failed.map(({ Id }) => Id));
      return { Failed, Successful: entries.filter(({ Id }) => !failed.has(Id)).map(({ Id }) => ({ Id })) };
    },
  };
}

function entriesOf(input: unknown): readonly PublishBatchRequestEntry[] {
  return (input as PublishBatchCommandInput).PublishBatchRequestEntries ?? [];
}

type Deliver = (entry: PublishBatchRequestEntry, subscription: Subscription) => void;

function inAnyOrder(stage: Stage): Deliver {
  const { time, dice, faults, temper } = stage;
  return (entry, { queue, form }) => {
    const id = eventIdOf(entry.Message);
    const name = stage.nth(`${id} to ${queue.name}`);
    const send = (): void => queue.send(id, { body: bodyOf(entry, form) });
    const waitMs = delayOf(stage, name);
    time.after(waitMs, send);
    if (faults.happens(`${name} comes twice`, temper.doubles))
      time.after(waitMs + dice.between(1, 90_000, `${name}: again`), send);
  };
}

function inOrder(stage: Stage): Deliver {
  const { time } = stage;
  const lastOf = new Map<string, number>();
  return (entry, { queue, form }) => {
    const { MessageGroupId: group = '' } = entry;
    const id = eventIdOf(entry.Message);
    const lane = `${queue.name} ${group}`;
    const due = time.now() + delayOf(stage, stage.nth(`${id} to ${queue.name}`));
    const inLane = Math.max(due, lastOf.get(lane) ?? 0);
    lastOf.set(lane, inLane);
    time.at(inLane, () => queue.send(id, { body: bodyOf(entry, form), group }));
  };
}

function delayOf({ dice, faults, temper }: Stage, name: string): number {
  const most = faults.happens(`${name} takes its time`, temper.doubles) ? 60_000 : 60;
  return dice.between(5, most, `${name}: delay`);
}

function bodyOf({ Message: message = '' }: PublishBatchRequestEntry, form: Subscription['form']): string {
  return form === 'message' ? message : JSON.stringify({ Type: 'Notification', Message: message });
}

function deduplication({ time }: Stage): (entry: PublishBatchRequestEntry) => boolean {
  const taken = new Map<string, number>();
  return ({ MessageDeduplicationId: id = '' }) => {
    const before = taken.get(id) ?? Number.NEGATIVE_INFINITY;
    if (time.now() - before < DEDUPLICATION_MS) return true;
    taken.set(id, time.now());
    return false;
  };
}

/** Of a CloudEvent in the form that ours have. */
function eventIdOf(message = ''): string {
  return /^\{"specversion":"1.0","id":"([^"]*)"/.exec(message)?.[1] ?? 'no event';
}

function told(message: string): string {
  const [, sequence] = /"sequence":"(\d+)"/.exec(message) ?? [];
  const [, verdict] = /"verdict":"(\w+)"/.exec(message) ?? [];
  return `${eventIdOf(message)}: ${verdict}${sequence === undefined ? '' : `, sequence ${sequence}`}`;
}
