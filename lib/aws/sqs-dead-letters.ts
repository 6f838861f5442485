import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { REASON_ATTRIBUTE, REASON_LIMIT } from '../core/delivery.ts';
import type { DeadLetters } from '../core/ports.ts';
import { confirmed } from './confirmed.ts';
import { sendInput } from './sqs-client.ts';

/** The dead-letter queue; the reason is an attribute, for whoever decides about a redrive. */
export function sqsDeadLetters(options: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}): DeadLetters {
  return {
    async send(message, reason) {
      const input = sendInput(options.queueUrl, message, { [REASON_ATTRIBUTE]: printable(reason) });
      await confirmed('sqs:SendMessage', options.client.send(new SendMessageCommand(input)));
    },
  };
}

/** ASCII, so that characters are bytes. */
function printable(reason: string): string {
  return reason.replace(/[^ -~]/g, '?').slice(0, REASON_LIMIT);
}
