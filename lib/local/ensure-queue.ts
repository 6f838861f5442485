import type { QueueAttributeName, SQSClient } from '@aws-sdk/client-sqs';

export interface Queue {
  readonly url: string;
  readonly arn: string;
}

type Attributes = Partial<Record<QueueAttributeName, string>>;

/** Creates the queue, or brings the attributes of the one of that name up to date. A name ending in `.fifo` makes a FIFO queue. */
export async function ensureQueue(client: SQSClient, name: string, attributes: Attributes): Promise<Queue> {
  const sqs = await import('@aws-sdk/client-sqs');
  const fifo: Attributes = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  let url: string | undefined;
  try {
    url = (await client.send(new sqs.GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
    await client.send(new sqs.SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }));
  } catch (error) {
    if (!(error instanceof sqs.QueueDoesNotExist)) throw error;
    const command = new sqs.CreateQueueCommand({ QueueName: name, Attributes: { ...attributes, ...fifo } });
    url = (await client.send(command)).QueueUrl;
  }
  const found = new sqs.GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] });
  const arn = (await client.send(found)).Attributes?.QueueArn;
  if (url === undefined || arn === undefined) throw new Error(`Queue ${name} has no URL or no ARN`);
  return { url, arn };
}
