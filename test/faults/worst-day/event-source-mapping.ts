import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { failedRecords, sqsRecord } from '../../../lib/local/sqs-event.ts';
import type { SimulatedFunction } from './simulated-function.ts';
import type { QueuedLetter, SimulatedQueue } from './simulated-queue.ts';
import type { Stage } from './stage.ts';

export interface MappingOptions {
  readonly queue: SimulatedQueue;
  readonly to: SimulatedFunction<SQSEvent, SQSBatchResponse>;
  readonly batchSize: number;
  /** Invocations at once. */
  readonly concurrency: number;
  /** Told of each message that is deleted, since the function answered that it is done. */
  readonly deleted: (letter: QueuedLetter) => void;
}

/** Lambda's poller: it hands out batches, and deletes what the function does not name as failed. */
export function mapQueue(stage: Stage, { queue, to, batchSize, concurrency, deleted }: MappingOptions): void {
  const { time, dice, faults, temper } = stage;
  let polling = false;
  const poll = (): void => {
    if (polling) return;
    polling = true;
    const waitMs = dice.between(2, 80, stage.nth(`poll of ${queue.name}`));
    time.after(waitMs, () => {
      polling = false;
      take();
    });
  };
  const take = (): void => {
    if (to.busy >= concurrency) return;
    const size = 1 + Math.floor(dice.roll(stage.nth(`batch of ${queue.name}`)) * batchSize);
    const letters = queue.receive(size);
    if (letters.length === 0) return;
    const records = letters.map((letter) =>
      sqsRecord(toMessage(letter), `arn:aws:sqs:eu-west-1:1:${queue.name}`),
    );
    const about = letters.map(({ receipt }) => receipt).join(' ');
    to.invoke({ Records: records }, about, (ended) => {
      if (ended.kind === 'answered') {
        const failed = new Set(failedRecords(ended.answer, records).map(({ messageId }) => messageId));
        for (const letter of letters) if (!failed.has(letter.id)) remove(letter);
      }
      poll();
    });
    poll();
  };
  const remove = (letter: QueuedLetter): void => {
    if (faults.happens(`${letter.receipt} is not deleted, though it is done`, temper.calls / 2)) return;
    if (queue.remove(letter.receipt)) deleted(letter);
  };
  queue.onVisible(poll);
}

function toMessage(letter: QueuedLetter): Parameters<typeof sqsRecord>[0] {
  return {
    MessageId: letter.id,
    ReceiptHandle: letter.receipt,
    Body: letter.body,
    Attributes: {
      ApproximateReceiveCount: String(letter.receives),
      ...(letter.group === undefined ? {} : { MessageGroupId: letter.group }),
    },
    ...(letter.attributes && { MessageAttributes: letter.attributes }),
  };
}
