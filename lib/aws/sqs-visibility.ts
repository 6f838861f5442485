import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { InfrastructureError } from '../core/errors.ts';
import type { Visibility } from '../core/ports.ts';
import { confirmed } from './confirmed.ts';

/** SQS takes ten entries a call. */
const BATCH = 10;

const CALL = 'sqs:ChangeMessageVisibilityBatch';

/** Waits on the delivery queue, ten messages a call. */
export function sqsVisibility(options: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}): Visibility {
  async function hide(
    waits: readonly { readonly receipt: string; readonly seconds: number }[],
  ): Promise<void> {
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: options.queueUrl,
      Entries: waits.map(({ receipt, seconds }, index) => ({
        Id: String(index),
        ReceiptHandle: receipt,
        VisibilityTimeout: seconds,
      })),
    });
    const { Failed: failed = [] } = await confirmed(CALL, options.client.send(command));
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
