import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { InfrastructureError } from '../core/errors.ts';
import type { Visibility } from '../core/ports.ts';
import { confirmed } from './confirmed.ts';
import type { QueueOptions } from './sqs-client.ts';
import { withinLimit } from './within-limit.ts';

/** SQS takes ten entries a call. */
const BATCH = 10;

const CALL = 'sqs:ChangeMessageVisibilityBatch';

/** Waits on the delivery queue, ten messages a call. */
export function sqsVisibility({ client, queueUrl, limitMs }: QueueOptions): Visibility {
  async function hide(
    waits: readonly { readonly receipt: string; readonly seconds: number }[],
  ): Promise<void> {
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: queueUrl,
      Entries: waits.map(({ receipt, seconds }, index) => ({
        Id: String(index),
        ReceiptHandle: receipt,
        VisibilityTimeout: seconds,
      })),
    });
    const changed = withinLimit(limitMs, (within) => client.send(command, within));
    const { Failed: failed = [] } = await confirmed(CALL, changed);
    const [first] = failed;
    if (first === undefined) return;
    throw new InfrastructureError(CALL, first.SenderFault === true ? 'refused' : 'unavailable', {
      explanation: `${failed.length} of ${waits.length} messages, first ${first.Code}`,
    });
  }
  return {
    async hide(waits) {
      const batches: Promise<void>[] = [];
      for (let start = 0; start < waits.length; start += BATCH)
        batches.push(hide(waits.slice(start, start + BATCH)));
      await Promise.all(batches);
    },
  };
}
