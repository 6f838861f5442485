import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { afterAll, describe, expect, test } from 'vitest';
import { SubscriberQueue } from '../../lib/constructs/subscriber-queue.ts';
import { flat } from './flat.ts';
import { app, removeOutputs, resourcesOf } from './receiver-stack.ts';

afterAll(removeOutputs);

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:events';

function subscriber(
  of: (stack: Stack) => Omit<ConstructorParameters<typeof SubscriberQueue>[2], 'topic'>,
  topic = TOPIC,
): Template {
  const stack = new Stack(app(), 'Orders', { env: { account: '210987654321', region: 'eu-central-1' } });
  new SubscriberQueue(stack, 'Orders', { topic: Topic.fromTopicArn(stack, 'Topic', topic), ...of(stack) });
  return Template.fromStack(stack);
}

const fromTopic = (topic: string, Action: unknown) =>
  Match.objectLike({
    Effect: 'Allow',
    Action,
    Principal: { Service: 'sns.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': topic } },
  });

describe('a subscriber of another account and region', () => {
  const template = subscriber(() => ({
    filterPolicy: { verdict: SubscriptionFilter.stringFilter({ allowlist: ['fresh', 'gone'] }) },
  }));

  test('subscribes its queue to the topic, without envelope, with dead letters and a filter', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      TopicArn: TOPIC,
      Region: 'eu-west-1',
      Protocol: 'sqs',
      RawMessageDelivery: true,
      FilterPolicy: { verdict: ['fresh', 'gone'] },
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersDeadLetters'), 'Arn'] },
      },
    });
  });

  test('lets this topic into both queues, and nobody without TLS', () => {
    const policies = resourcesOf(template, 'AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(2);
    template.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          fromTopic(TOPIC, 'sqs:SendMessage'),
        ]),
      },
    });
  });

  test('loses nothing meanwhile: the topic is let in before it sends', () => {
    const [[, subscription] = []] = resourcesOf(template, 'AWS::SNS::Subscription');
    const { DependsOn } = subscription as unknown as { DependsOn: string[] };
    expect(DependsOn.map((id) => flat({ Ref: id }))).toContain('<OrdersQueuePolicy>');
  });

  test('is encrypted without a key that SNS could not use', () => {
    template.allResourcesProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      KmsMasterKeyId: Match.absent(),
    });
  });
});

test('with a key of its own the subscriber lets this topic use it, and no other', () => {
  const template = subscriber((stack) => ({ encryptionKey: new Key(stack, 'Mine') }));
  template.allResourcesProperties('AWS::SQS::Queue', {
    KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Mine'), 'Arn'] },
  });
  template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: { Statement: Match.arrayWith([fromTopic(TOPIC, ['kms:Decrypt', 'kms:GenerateDataKey'])]) },
  });
});

test('the queues of a FIFO topic are FIFO, with an order for each subject', () => {
  const template = subscriber(() => ({}), `${TOPIC}.fifo`);
  template.allResourcesProperties('AWS::SQS::Queue', {
    FifoQueue: true,
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  });
});
