import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamodbStore } from '../lib/events.ts';
import { type IssueBoardPorts, showIssues } from './issue-board.ts';

const { EVENTS_TABLE = '', BOARD_TABLE = '', PEOPLE_TOPIC_ARN = '', RECEIVER_BUCKET = '' } = process.env;
const dynamodb = new DynamoDBClient();
const sns = new SNSClient();
const s3 = new S3Client();

/** Sets the issue if its sequence is higher than what is there: so not even a frozen Lambda can take it back. */
async function setIssue(issue: string, sequence: string, content: string): Promise<void> {
  const update = new UpdateItemCommand({
    TableName: BOARD_TABLE,
    Key: { issue: { S: issue } },
    UpdateExpression: 'SET #sequence = :sequence, content = :content',
    ConditionExpression: 'attribute_not_exists(#sequence) OR #sequence <= :sequence',
    ExpressionAttributeNames: { '#sequence': 'sequence' },
    ExpressionAttributeValues: { ':sequence': { S: sequence }, ':content': { S: content } },
  });
  await dynamodb.send(update).catch((error: unknown) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
}

const ports: IssueBoardPorts = {
  store: dynamodbStore({ client: dynamodb, table: EVENTS_TABLE, subscriber: 'issue-board' }),
  board: {
    put: (issue, sequence, { payload }) => setIssue(issue, sequence, JSON.stringify(payload)),
    // A mark in its place, since an older state must not find the place empty.
    remove: (issue, sequence) => setIssue(issue, sequence, 'gone'),
  },
  async notify(text, key) {
    await sns.send(
      new PublishCommand({ TopicArn: PEOPLE_TOPIC_ARN, Subject: text, Message: `${text} (${key})` }),
    );
  },
  bucket: RECEIVER_BUCKET,
  async fetchObject(bucket, key) {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (body === undefined) throw new Error(`s3://${bucket}/${key} has no body`);
    return body.transformToByteArray();
  },
  log: (line) => console.log(JSON.stringify(line)),
};

export function handler(batch: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  return showIssues(batch, Date.now() + context.getRemainingTimeInMillis(), ports);
}
