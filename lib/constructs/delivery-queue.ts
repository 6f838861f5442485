import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Resources } from '../core/resources.ts';
import { checkOwnDeadLetters, checkOwnQueue } from './check-own-queue.ts';
import { given } from './given.ts';

export interface DeliveryQueueProps {
  readonly resources: Resources;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey: kms.IKey | undefined;
  /** The user's own. */
  readonly queue: sqs.IQueue | undefined;
  readonly deadLetterQueue: sqs.IQueue | undefined;
}

/** Accepted deliveries on their way to the process function, and those that failed for good. */
export class DeliveryQueue extends Construct {
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;

  constructor(scope: Construct, id: string, props: DeliveryQueueProps) {
    super(scope, id);
    const { queue, deadLetters } = props.resources;
    this.deadLetterQueue =
      props.deadLetterQueue ??
      this.create('DeadLetters', props, { retentionPeriod: Duration.seconds(deadLetters.retentionSeconds) });
    this.queue =
      props.queue ??
      // Standard: its fair queues keep a noisy source (message group) from delaying the others.
      this.create('Queue', props, {
        visibilityTimeout: Duration.seconds(queue.visibilitySeconds),
        retentionPeriod: Duration.seconds(queue.retentionSeconds),
        maxMessageSizeBytes: queue.maxMessageBytes,
        deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: queue.maxReceiveCount },
      });
    if (props.deadLetterQueue !== undefined) checkOwnDeadLetters(props.deadLetterQueue, props.resources);
    if (props.queue !== undefined) checkOwnQueue(props.queue, this.deadLetterQueue, props.resources);
  }

  private create(
    id: string,
    { encryptionKey, removalPolicy }: DeliveryQueueProps,
    props: sqs.QueueProps,
  ): sqs.Queue {
    return new sqs.Queue(this, id, {
      enforceSSL: true,
      removalPolicy,
      encryption: encryptionKey === undefined ? sqs.QueueEncryption.SQS_MANAGED : sqs.QueueEncryption.KMS,
      ...given({ encryptionMasterKey: encryptionKey }),
      ...props,
    });
  }
}

/** How long messages can lie in it, in seconds: known of a queue of this app, SQS's longest of an imported one. */
export function retentionOf(queue: sqs.IQueue): number {
  const resource = queue.node.defaultChild;
  if (!(resource instanceof sqs.CfnQueue)) return Duration.days(14).toSeconds();
  return resource.messageRetentionPeriod ?? Duration.days(4).toSeconds();
}
