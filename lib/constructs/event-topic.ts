import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { given } from './given.ts';

export interface EventTopicProps {
  readonly kind: 'standard' | 'fifo';
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey: kms.IKey;
}

/** Where the events come out. */
export class EventTopic extends Construct {
  readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, props: EventTopicProps) {
    super(scope, id);
    this.topic = new sns.Topic(this, 'Topic', {
      masterKey: props.encryptionKey,
      enforceSSL: true,
      // SHA-256 for subscribers over HTTP; SNS's own default is still SHA-1.
      signatureVersion: '2',
      ...given({
        fifo: props.kind === 'fifo' || undefined,
        // The group is the subject and a copy of an event has the same one, so deduplication by group loses nothing.
        fifoThroughputScope: props.kind === 'fifo' ? sns.FifoThroughputScope.MESSAGE_GROUP : undefined,
      }),
    });
    this.topic.applyRemovalPolicy(props.removalPolicy);
  }
}
