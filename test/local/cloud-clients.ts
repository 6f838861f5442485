import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { localConnection } from '../../lib/local/local-connection.ts';

export interface CloudClients {
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly secrets: SecretsManagerClient;
  destroy(): void;
}

/** One real client for each service; they try once, so that a fault is seen as it is. */
export function cloudClients(endpoint: string): CloudClients {
  const connection = { ...localConnection(endpoint), maxAttempts: 1 };
  const clients = {
    sqs: new SQSClient(connection),
    sns: new SNSClient(connection),
    s3: new S3Client({ ...connection, forcePathStyle: true }),
    dynamodb: new DynamoDBClient(connection),
    secrets: new SecretsManagerClient(connection),
  };
  const destroy = (): void => {
    for (const client of Object.values(clients)) client.destroy();
  };
  return { ...clients, destroy };
}
