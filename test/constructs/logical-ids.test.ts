import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, test } from 'vitest';
import { SubscriberQueue } from '../../lib/constructs/subscriber-queue.ts';
import { receiverStack, removeOutputs } from './receiver-stack.ts';

afterAll(removeOutputs);

const STATEFUL = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
]);

/** Another id is another resource: the old one stays behind with all that is in it, and providers call an address that is gone. */
const FROZEN = {
  OrdersDeadLetters6314E60F: 'AWS::SQS::Queue',
  OrdersQueueC538DD4C: 'AWS::SQS::Queue',
  ReceiverAlarmMessagesTopic0064FFE3: 'AWS::SNS::Topic',
  ReceiverDeliveriesDeadLetters1EF2E340: 'AWS::SQS::Queue',
  ReceiverDeliveriesQueueC5A93595: 'AWS::SQS::Queue',
  ReceiverEventsTopicCE5126F2: 'AWS::SNS::Topic',
  ReceiverGatewayAccessLogs2FD29AF2: 'AWS::Logs::LogGroup',
  ReceiverGatewayApi2099EE66: 'AWS::ApiGatewayV2::Api',
  ReceiverIngestLogs186BE75F: 'AWS::Logs::LogGroup',
  ReceiverLedgerTable29147905: 'AWS::DynamoDB::Table',
  ReceiverObjectsBucket0F54DFA4: 'AWS::S3::Bucket',
  ReceiverProcessLogs8EF83731: 'AWS::Logs::LogGroup',
  ReceiverSecretsbot20618C7E: 'AWS::SecretsManager::Secret',
  ReceiverSecretscalls7DC4212B: 'AWS::SecretsManager::Secret',
  ReceiverSecretschat8FC86BED: 'AWS::SecretsManager::Secret',
  ReceiverTopicKey6B757602: 'AWS::KMS::Key',
};

describe('the logical ids of what holds state never change', () => {
  const { stack, receiver } = receiverStack();
  new SubscriberQueue(stack, 'Orders', { topic: receiver.topic });
  const { Resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string; DeletionPolicy?: string; UpdateReplacePolicy?: string }>;
  };
  const stateful = Object.entries(Resources).filter(([, { Type }]) => STATEFUL.has(Type));

  test('each is the one of the first release', () => {
    expect(Object.fromEntries(stateful.map(([id, { Type }]) => [id, Type]))).toEqual(FROZEN);
  });

  test('each but the API, which holds nothing but its address, is retained', () => {
    const deleted = stateful.filter(
      ([, { DeletionPolicy, UpdateReplacePolicy }]) =>
        DeletionPolicy !== 'Retain' || UpdateReplacePolicy !== 'Retain',
    );
    expect(deleted.map(([, { Type }]) => Type)).toEqual(['AWS::ApiGatewayV2::Api']);
  });
});
