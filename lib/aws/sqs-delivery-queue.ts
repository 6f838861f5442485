import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { DeliveryQueue } from '../core/ports.ts';
import { confirmed } from './confirmed.ts';
import { type QueueOptions, sendInput } from './sqs-client.ts';
import { withinLimit } from './within-limit.ts';

/**
 * The standard queue of deliveries. A message's group is its source: fair queues then keep a noisy source from delaying the others.
 * @example sqsDeliveryQueue({ client: sqsClient(1_000), queueUrl, limitMs: 1_000 })
 */
export function sqsDeliveryQueue({ client, queueUrl, limitMs }: QueueOptions): DeliveryQueue {
  return {
    async send(message, wait) {
      const input = {
        ...sendInput(queueUrl, message),
        ...(wait === undefined ? {} : { DelaySeconds: wait.seconds }),
      };
      const sent = withinLimit(limitMs, (within) => client.send(new SendMessageCommand(input), within));
      await confirmed('sqs:SendMessage', sent);
    },
  };
}
