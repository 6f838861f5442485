import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ReceiverParts } from './receiver-parts.ts';

/** A part of the receiver that an alarm tells people to look at. */
export type Place = 'api' | 'ingest' | 'process' | 'queue' | 'dead-letters' | 'topic' | 'secrets';

/** What the place is, and its page in the AWS console. */
export function consoleLink(scope: Construct, place: Place, parts: ReceiverParts): string {
  const { region, account } = Stack.of(scope);
  const page = (service: string, fragment: string): string =>
    `https://${region}.console.aws.amazon.com/${service}/home?region=${region}#/${fragment}`;
  const queue = (name: string): string =>
    page('sqs/v3', `queues/https%3A%2F%2Fsqs.${region}.amazonaws.com%2F${account}%2F${name}`);
  switch (place) {
    case 'api':
      return `API: ${page('apigateway', `apis/${parts.api.apiId}`)}`;
    case 'ingest':
      return `Function: ${page('lambda', `functions/${parts.ingestFunction.functionName}`)}`;
    case 'process':
      return `Function: ${page('lambda', `functions/${parts.processFunction.functionName}`)}`;
    case 'queue':
      return `Queue: ${queue(parts.queue.queueName)}`;
    case 'dead-letters':
      return `Queue: ${queue(parts.deadLetterQueue.queueName)}`;
    case 'topic':
      return `Topic: ${page('sns/v3', `topic/${parts.topic.topicArn}`)}`;
    case 'secrets':
      return `Secrets: ${page('secretsmanager', 'listsecrets')}`;
  }
}
