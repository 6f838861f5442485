import { type MessageAttributeValue, type SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { type DeliveryMessage, METADATA_ATTRIBUTE } from '../core/delivery.ts';
import { type Connection, clientSettings } from './client-settings.ts';

/** A client that gives up in time for the ingest function to spill what could not be queued. */
export function sqsClient(connection?: Connection): SQSClient {
  return new SQSClient({
    ...clientSettings({ attempts: 2, timeoutMs: 2_000 }, connection),
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
  const all = Object.entries({ [METADATA_ATTRIBUTE]: message.metadata, ...attributes });
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
