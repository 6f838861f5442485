import { RemovalPolicy } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Resources } from '../core/resources.ts';
import type { Source } from '../core/source.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import { EventTopic } from './event-topic.ts';
import { LedgerTable } from './ledger-table.ts';
import { ObjectBucket } from './object-bucket.ts';
import { SourceSecrets } from './source-secrets.ts';
import type { WebhookReceiverProps } from './webhook-receiver-props.ts';

/** Everything of a receiver that outlives a deployment. The ids here are frozen: another one is another resource. */
export interface ReceiverState {
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;
  readonly table: dynamodb.ITable;
  readonly bucket: s3.IBucket;
  readonly topic: sns.ITopic;
  /** Undefined when only the user's own alarm actions are wanted. */
  readonly alarmTopic: sns.ITopic | undefined;
  readonly secrets: ReadonlyMap<string, secretsmanager.ISecret>;
}

/** Makes what the user did not bring. */
export function receiverState(
  scope: Construct,
  props: WebhookReceiverProps,
  sources: readonly Source[],
  resources: Resources,
): ReceiverState {
  const { encryptionKey, removalPolicy = RemovalPolicy.RETAIN } = props;
  const kept = { encryptionKey, removalPolicy };
  const key = topicKey(scope, kept);
  const { queue, deadLetterQueue } = new DeliveryQueue(scope, 'Deliveries', {
    ...kept,
    resources,
    queue: props.queue,
    deadLetterQueue: props.deadLetterQueue,
  });
  const { table } = new LedgerTable(scope, 'Ledger', {
    ...kept,
    keys: resources.table,
    table: props.table as dynamodb.ITable | undefined,
  });
  const { bucket } = new ObjectBucket(scope, 'Objects', {
    ...kept,
    objects: resources.objects,
    bucket: props.bucket as s3.IBucket | undefined,
  });
  const { bySource: secrets } = new SourceSecrets(scope, 'Secrets', {
    ...kept,
    sources,
    secrets: (props.secrets ?? {}) as Readonly<Record<string, secretsmanager.ISecret>>,
  });
  const kind = resources.topic.fifo ? 'fifo' : 'standard';
  const topic =
    props.topic ?? new EventTopic(scope, 'Events', { kind, removalPolicy, encryptionKey: key() }).topic;
  const alarmTopic =
    props.alarmTopic ??
    (props.alarmActions === undefined
      ? new AlarmTopic(scope, 'AlarmMessages', { removalPolicy, encryptionKey: key() }).topic
      : undefined);
  return { queue, deadLetterQueue, table, bucket, topic, alarmTopic, secrets };
}

/** The user's key, or one of our own, made when the first topic asks for it. */
function topicKey(
  scope: Construct,
  {
    encryptionKey,
    removalPolicy,
  }: { readonly encryptionKey: kms.IKey | undefined; readonly removalPolicy: RemovalPolicy },
): () => kms.IKey {
  let made = encryptionKey;
  return () => {
    made ??= new kms.Key(scope, 'TopicKey', {
      description: 'Headgate: events and alarms in their topics',
      enableKeyRotation: true,
      removalPolicy,
    });
    return made;
  };
}
