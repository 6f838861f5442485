import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ENVIRONMENT, OBJECT_PREFIX, type Resources } from '../core/resources.ts';
import { BundledFunction, ENCRYPT, type FunctionSettings } from './bundled-function.ts';
import { secretArns } from './source-secrets.ts';

/** What DynamoDB asks of a customer's key on behalf of whoever reads and writes a table. */
const TABLE_KEY = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:DescribeKey',
];

export interface ProcessFunctionProps extends FunctionSettings {
  readonly limits: Resources['functions']['process'];
  readonly reservedConcurrency: number | undefined;
  /** Begins the `source` of every event. */
  readonly origin: string;
  readonly ledgerRetentionSeconds: number;
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;
  readonly table: dynamodb.ITable;
  readonly topic: sns.ITopic;
  readonly bucket: s3.IBucket;
  /** By source. */
  readonly secrets: ReadonlyMap<string, secretsmanager.ISecret>;
}

/** The function behind the queue: claims, orders and publishes. */
export function processFunction(scope: Construct, id: string, props: ProcessFunctionProps): lambda.Function {
  const { queue, deadLetterQueue, table, topic, bucket } = props;
  const secrets = secretsOfApis(props);
  const process = new BundledFunction(scope, id, {
    ...props,
    ...props.limits,
    bundle: 'process',
    // A delivery waits by a delayed copy on the queue. By default Lambda takes the sixteenth for a loop and gives the delivery up.
    loops: 'allowed',
    description: 'Headgate: publishes the events of queued webhooks, each once and in order',
    environment: {
      [ENVIRONMENT.queueUrl]: queue.queueUrl,
      [ENVIRONMENT.deadLettersUrl]: deadLetterQueue.queueUrl,
      [ENVIRONMENT.table]: table.tableName,
      [ENVIRONMENT.topicArn]: topic.topicArn,
      [ENVIRONMENT.bucket]: bucket.bucketName,
      [ENVIRONMENT.origin]: props.origin,
      [ENVIRONMENT.ledgerRetention]: String(props.ledgerRetentionSeconds),
      ...(secrets.size === 0 ? {} : { [ENVIRONMENT.secrets]: secretArns(scope, secrets) }),
    },
  });
  allowQueues(process, props);
  process.allow(['dynamodb:UpdateItem', 'dynamodb:BatchGetItem'], [table.tableArn]);
  process.allowKey('dynamodb', TABLE_KEY, table.encryptionKey);
  process.allow(['sns:Publish'], [topic.topicArn]);
  process.allowKey('sns', ENCRYPT, topic.masterKey);
  process.allowObjects('s3:GetObject', bucket, OBJECT_PREFIX.bodies);
  process.allowObjects('s3:PutObject', bucket, OBJECT_PREFIX.events);
  process.allowSecrets(secrets.values());
  new lambda.EventSourceMapping(process, 'Queue', {
    target: process.function,
    eventSourceArn: queue.queueArn,
    batchSize: props.limits.batchSize,
    maxConcurrency: props.limits.concurrency,
    reportBatchItemFailures: true,
  });
  return process.function;
}

/** Of the sources whose provider's API is asked: their secrets hold its credentials. */
function secretsOfApis({ sources, secrets }: ProcessFunctionProps): ProcessFunctionProps['secrets'] {
  const asking = new Set<string>(
    sources.filter(({ reconcile }) => reconcile !== undefined).map(({ name }) => name),
  );
  return new Map([...secrets].filter(([source]) => asking.has(source)));
}

/** The event source mapping reads and deletes with the function's role; the function itself sends delayed copies and dead letters. */
function allowQueues(process: BundledFunction, { queue, deadLetterQueue }: ProcessFunctionProps): void {
  process.allow(
    [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ChangeMessageVisibility',
      'sqs:SendMessage',
    ],
    [queue.queueArn],
  );
  process.allow(['sqs:SendMessage'], [deadLetterQueue.queueArn]);
  process.allowKey('sqs', ENCRYPT, queue.encryptionMasterKey);
  process.allowKey('sqs', ENCRYPT, deadLetterQueue.encryptionMasterKey);
}
