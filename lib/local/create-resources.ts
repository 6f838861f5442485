import type { Resources } from '../core/resources.ts';
import { ensureQueue, type Queue } from './ensure-queue.ts';
import type { LocalConnection } from './local-connection.ts';

/** What the functions' environment names (`ENVIRONMENT` in core/resources). */
export interface CreatedResources {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly table: string;
  readonly topicArn: string;
  readonly bucket: string;
}

const TABLE = 'headgate-ledger';
const BUCKET = 'headgate-objects';

/**
 * Makes the embedded cloud hold what the description says; what is there already is kept, with its attributes brought up to
 * date. A topic that changes between standard and FIFO is another topic, as on AWS.
 * @example await createResources(localConnection(cloud.endpoint), resources({ fifo: false }))
 */
export async function createResources(
  connection: LocalConnection,
  resources: Resources,
): Promise<CreatedResources> {
  const [queues, topicArn] = await Promise.all([
    createQueues(connection, resources),
    createTopic(connection, resources.topic),
    createTable(connection, resources.table),
    createBucket(connection),
  ]);
  return { ...queues, table: TABLE, topicArn, bucket: BUCKET };
}

async function createQueues(
  connection: LocalConnection,
  { queue, deadLetters }: Resources,
): Promise<Pick<CreatedResources, 'queue' | 'deadLetters'>> {
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  const client = new SQSClient(connection);
  try {
    const dead = await ensureQueue(client, 'headgate-dead-letters', {
      MessageRetentionPeriod: String(deadLetters.retentionSeconds),
      MaximumMessageSize: String(queue.maxMessageBytes),
    });
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: dead.arn,
      maxReceiveCount: queue.maxReceiveCount,
    });
    const deliveries = await ensureQueue(client, 'headgate-deliveries', {
      VisibilityTimeout: String(queue.visibilitySeconds),
      MessageRetentionPeriod: String(queue.retentionSeconds),
      MaximumMessageSize: String(queue.maxMessageBytes),
      RedrivePolicy,
    });
    return { queue: deliveries, deadLetters: dead };
  } finally {
    client.destroy();
  }
}

async function createTopic(connection: LocalConnection, { fifo }: Resources['topic']): Promise<string> {
  const { SNSClient, CreateTopicCommand } = await import('@aws-sdk/client-sns');
  const client = new SNSClient(connection);
  try {
    const command = new CreateTopicCommand(
      fifo
        ? { Name: 'headgate-events.fifo', Attributes: { FifoTopic: 'true' } }
        : { Name: 'headgate-events' },
    );
    const { TopicArn } = await client.send(command);
    if (TopicArn === undefined) throw new Error('CreateTopic gave no ARN');
    return TopicArn;
  } finally {
    client.destroy();
  }
}

async function createTable(
  connection: LocalConnection,
  { partitionKey, expiry }: Resources['table'],
): Promise<void> {
  const dynamodb = await import('@aws-sdk/client-dynamodb');
  const client = new dynamodb.DynamoDBClient(connection);
  try {
    const table = new dynamodb.CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: partitionKey, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
    });
    await unlessItThrows('ResourceInUseException', () => client.send(table));
    await dynamodb.waitUntilTableExists(
      { client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 1 },
      { TableName: TABLE },
    );
    const TimeToLiveSpecification = { AttributeName: expiry, Enabled: true };
    const expire = new dynamodb.UpdateTimeToLiveCommand({ TableName: TABLE, TimeToLiveSpecification });
    await unlessItThrows('ValidationException', () => client.send(expire));
  } finally {
    client.destroy();
  }
}

async function createBucket(connection: LocalConnection): Promise<void> {
  const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ ...connection, forcePathStyle: true });
  try {
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  } finally {
    client.destroy();
  }
}

/** How the services say that what we want is already so. */
async function unlessItThrows(name: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== name) throw error;
  }
}
