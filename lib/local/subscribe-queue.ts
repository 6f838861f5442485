import { ensureQueue, type Queue } from './ensure-queue.ts';
import type { LocalConnection } from './local-connection.ts';

export interface QueueSubscription {
  readonly topicArn: string;
  /** Gets `.fifo` behind it when the topic is FIFO. */
  readonly queueName: string;
  /** `message`: the bare message and its attributes; `envelope`: SNS's JSON around it. */
  readonly delivery: 'message' | 'envelope';
  /** SNS's filter policy over message attributes. @default - every message */
  readonly filterPolicy?: Readonly<Record<string, readonly unknown[]>>;
}

/**
 * Makes a queue that receives what is published on a topic. What is there already is kept, but for the filter.
 * @example await subscribeQueue(connection, { topicArn, queueName: 'outbox', delivery: 'message' }) // { url, arn }
 */
export async function subscribeQueue(
  connection: LocalConnection,
  subscription: QueueSubscription,
): Promise<Queue> {
  const [{ SQSClient }, sns] = await Promise.all([
    import('@aws-sdk/client-sqs'),
    import('@aws-sdk/client-sns'),
  ]);
  const { topicArn, queueName, delivery, filterPolicy } = subscription;
  const queues = new SQSClient(connection);
  const topics = new sns.SNSClient(connection);
  try {
    const suffix = topicArn.endsWith('.fifo') ? '.fifo' : '';
    const queue = await ensureQueue(queues, `${queueName}${suffix}`, {});
    const { Subscriptions = [] } = await topics.send(
      new sns.ListSubscriptionsByTopicCommand({ TopicArn: topicArn }),
    );
    const old = Subscriptions.find(({ Endpoint }) => Endpoint === queue.arn)?.SubscriptionArn;
    if (old !== undefined) await topics.send(new sns.UnsubscribeCommand({ SubscriptionArn: old }));
    await topics.send(
      new sns.SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: queue.arn,
        Attributes: {
          RawMessageDelivery: String(delivery === 'message'),
          ...(filterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(filterPolicy) }),
        },
      }),
    );
    return queue;
  } finally {
    queues.destroy();
    topics.destroy();
  }
}
