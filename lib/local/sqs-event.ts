import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SQSMessageAttribute, SQSRecord, SQSRecordAttributes } from 'aws-lambda';

/**
 * A received message as Lambda hands it to a function: names in lower camel case, binary values in base64.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function sqsRecord(message: Message, queueArn: string): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: { ...message.Attributes } as unknown as SQSRecordAttributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, attribute(value)]),
    ),
    ...(message.MD5OfMessageAttributes === undefined
      ? {}
      : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
}

function attribute({ StringValue, BinaryValue, DataType }: MessageAttributeValue): SQSMessageAttribute {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: (DataType ?? 'String') as SQSMessageAttribute['dataType'],
  };
}

/**
 * The records that a function's answer leaves on the queue (`ReportBatchItemFailures`): those it names; none for an empty
 * answer; all of them when it names one that is not in the batch or the answer has another shape.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedRecords(answer: unknown, records: readonly SQSRecord[]): readonly SQSRecord[] {
  const failures = failuresOf(answer);
  if (failures === undefined) return records;
  const named = new Set(failures.map(identifierOf));
  const known = new Set<unknown>(records.map((record) => record.messageId));
  return [...named].every((id) => known.has(id))
    ? records.filter((record) => named.has(record.messageId))
    : records;
}

/** What is listed as failed; nothing for an empty answer, undefined for one of another shape. */
function failuresOf(answer: unknown): readonly unknown[] | undefined {
  if (answer === undefined || answer === null || answer === '') return [];
  if (typeof answer !== 'object') return undefined;
  const failures = (answer as { readonly batchItemFailures?: unknown }).batchItemFailures ?? [];
  return Array.isArray(failures) ? failures : undefined;
}

function identifierOf(failure: unknown): unknown {
  return typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure
    ? failure.itemIdentifier
    : undefined;
}
