import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { REASON_ATTRIBUTE, REASON_LIMIT } from '../core/delivery.ts';
import type { DeadLetters } from '../core/ports.ts';
import { confirmed } from './confirmed.ts';
import { type QueueOptions, sendInput } from './sqs-client.ts';
import { withinLimit } from './within-limit.ts';

/** The dead-letter queue; the reason is an attribute, for whoever decides about a redrive. */
export function sqsDeadLetters({ client, queueUrl, limitMs }: QueueOptions): DeadLetters {
  return {
    async send(message, reason) {
      const input = sendInput(queueUrl, message, { [REASON_ATTRIBUTE]: printable(reason) });
      const sent = withinLimit(limitMs, (within) => client.send(new SendMessageCommand(input), within));
      await confirmed('sqs:SendMessage', sent);
    },
  };
}

/** ASCII, so that characters are bytes. */
function printable(reason: string): string {
  return reason.replace(/[^ -~]/g, '?').slice(0, REASON_LIMIT);
}
