import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { given } from './given.ts';

export interface SubscriberQueueProps {
  /**
   * The receiver's topic: `receiver.topic`, or in another stack, account or region `Topic.fromTopicArn(…)`. Of another account it
   * must let yours subscribe: `receiver.grantSubscribe(new AccountPrincipal('123456789012'))`.
   */
  readonly topic: sns.ITopic;

  /**
   * Which events come: by the attributes `provider`, `source`, `type`, `verdict` and `origin`.
   *
   * @default - all
   */
  readonly filterPolicy?: Readonly<Record<string, sns.SubscriptionFilter>>;

  /**
   * Encrypts both queues. Its policy gets a statement that lets this topic use it; an imported key needs one already.
   *
   * @default - a key that SQS manages, which works across accounts
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * For how long a received message is hidden from others: longer than your consumer takes, for Lambda six times its timeout.
   *
   * @default Duration.minutes(6)
   */
  readonly visibilityTimeout?: Duration;

  /**
   * How often a message is received before it goes to the dead letters.
   *
   * @default 10
   */
  readonly maxReceiveCount?: number;

  /**
   * What becomes of the queues when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A subscriber's queue of events: encrypted, with dead letters, also for what SNS could not hand over. FIFO when the topic is.
 * Each message is one CloudEvent as it was published, without SNS's envelope: read it with `headgate/events`.
 *
 * @example
 * new SubscriberQueue(this, 'Orders', { topic: receiver.topic, filterPolicy: { provider: SubscriptionFilter.stringFilter({ allowlist: ['shopify'] }) } })
 */
export class SubscriberQueue extends Construct {
  readonly queue: sqs.Queue;
  readonly deadLetterQueue: sqs.Queue;
  readonly subscription: sns.Subscription;

  constructor(scope: Construct, id: string, props: SubscriberQueueProps) {
    super(scope, id);
    const { topic, encryptionKey, filterPolicy } = props;
    this.deadLetterQueue = this.create('DeadLetters', props, { retentionPeriod: Duration.days(14) });
    this.queue = this.create('Queue', props, {
      retentionPeriod: Duration.days(14),
      visibilityTimeout: props.visibilityTimeout ?? Duration.minutes(6),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: props.maxReceiveCount ?? 10 },
    });
    const allowed = this.queue.addToResourcePolicy(
      fromTopic(topic, { actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
    );
    encryptionKey?.addToResourcePolicy(
      fromTopic(topic, { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'] }),
    );
    const region = topic.env.region === this.queue.env.region ? undefined : topic.env.region;
    this.subscription = new sns.Subscription(this, 'Subscription', {
      topic,
      protocol: sns.SubscriptionProtocol.SQS,
      endpoint: this.queue.queueArn,
      rawMessageDelivery: true,
      deadLetterQueue: this.deadLetterQueue,
      ...given({ region, filterPolicy }),
    });
    // What comes before the queue lets the topic in would be lost.
    if (allowed.policyDependable !== undefined)
      this.subscription.node.addDependency(allowed.policyDependable);
  }

  private create(
    id: string,
    { topic, encryptionKey, removalPolicy }: SubscriberQueueProps,
    props: sqs.QueueProps,
  ): sqs.Queue {
    return new sqs.Queue(this, id, {
      enforceSSL: true,
      removalPolicy: removalPolicy ?? RemovalPolicy.RETAIN,
      encryption: encryptionKey === undefined ? sqs.QueueEncryption.SQS_MANAGED : sqs.QueueEncryption.KMS,
      ...given({
        encryptionMasterKey: encryptionKey,
        fifo: topic.fifo || undefined,
        // Each subject is a group: its events stay in order, and no other waits for them.
        fifoThroughputLimit: topic.fifo ? sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID : undefined,
        deduplicationScope: topic.fifo ? sqs.DeduplicationScope.MESSAGE_GROUP : undefined,
      }),
      ...props,
    });
  }
}

/** The topic alone, and no other topic of SNS, may do so. */
function fromTopic(
  topic: sns.ITopic,
  allowed: { readonly actions: string[]; readonly resources: string[] },
): iam.PolicyStatement {
  return new iam.PolicyStatement({
    ...allowed,
    principals: [new iam.ServicePrincipal('sns.amazonaws.com')],
    conditions: { ArnEquals: { 'aws:SourceArn': topic.topicArn } },
  });
}
