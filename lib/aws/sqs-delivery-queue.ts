import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeliveryQueue } from '../core/ports.ts';
import { confirmed } from './confirmed.ts';
import { sendInput } from './sqs-client.ts';

/**
 * The standard queue of deliveries. A message's group is its source: fair queues then keep a noisy source from delaying the others.
 * @example sqsDeliveryQueue({ client: sqsClient(), queueUrl: environment.queueUrl })
 */
export function sqsDeliveryQueue(options: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}): DeliveryQueue {
  return {
    async send(message, wait) {
      const input = {
        ...sendInput(options.queueUrl, message),
        ...(wait === undefined ? {} : { DelaySeconds: wait.seconds }),
      };
      await confirmed('sqs:SendMessage', options.client.send(new SendMessageCommand(input)));
    },
  };
}
