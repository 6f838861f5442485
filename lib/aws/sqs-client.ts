import { type MessageAttributeValue, type SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { type DeliveryMessage, METADATA_ATTRIBUTE, WAITING_ATTRIBUTE } from '../core/delivery.ts';
import { type Connection, clientSettings } from './client-settings.ts';

/** One queue, and how long a call to it may take, in ms. */
export interface QueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly limitMs: number;
}

export function sqsClient(limitMs: number, connection?: Connection): SQSClient {
  return new SQSClient({
    ...clientSettings(limitMs, connection),
    // The queue's URL names the queue; where SQS is, is the endpoint's business.
    useQueueUrlAsEndpoint: false,
  });
}

/** The call that sends a message, with more attributes; SQS takes no empty one. */
export function sendInput(
  queueUrl: string,
  message: DeliveryMessage,
  attributes: Readonly<Record<string, string>> = {},
): SendMessageCommandInput {
  const { metadata, waitingSince } = message;
  const waiting = waitingSince === undefined ? {} : { [WAITING_ATTRIBUTE]: String(waitingSince) };
  const all = Object.entries({ [METADATA_ATTRIBUTE]: metadata, ...waiting, ...attributes });
  const filled = all.filter(([, value]) => value !== '');
  return {
    QueueUrl: queueUrl,
    MessageBody: message.body,
    MessageAttributes: Object.fromEntries(filled.map(([name, value]) => [name, text(value)])),
    ...(message.group === '' ? {} : { MessageGroupId: message.group }),
  };
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}
