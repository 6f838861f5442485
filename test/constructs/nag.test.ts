import type { App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { afterAll, describe, expect, test } from 'vitest';
import { SubscriberQueue } from '../../lib/constructs/subscriber-queue.ts';
import type { WebhookReceiverProps } from '../../lib/constructs/webhook-receiver-props.ts';
import { app, receiverStack, removeOutputs } from './receiver-stack.ts';

afterAll(removeOutputs);

/** `rule path` of each finding that nobody has given a reason for. */
function findings(of: App): readonly string[] {
  const { violations } = new AwsSolutionsChecks(of, { verbose: true }).validateScope(of);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
  );
}

/** Every exception, with where it was taken. */
function exceptions(
  of: IConstruct,
): readonly { readonly rule: string; readonly reason: string; readonly path: string }[] {
  return of.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([rule, reason]) => ({ rule: rule.replace(/^annotation::/i, ''), reason, path: node.path })),
  );
}

const variants: Record<
  string,
  Partial<WebhookReceiverProps> | ((stack: Stack) => Partial<WebhookReceiverProps>)
> = {
  'with nothing but sources': {},
  'with a FIFO topic': { fifo: true },
  'with a key of the user': (stack) => ({
    encryptionKey: new Key(stack, 'Mine', { enableKeyRotation: true }),
  }),
  'with a domain': (stack) => ({
    domainName: 'hooks.example.com',
    certificate: Certificate.fromCertificateArn(
      stack,
      'C',
      'arn:aws:acm:eu-west-1:123456789012:certificate/c',
    ),
  }),
  'in an imported VPC': (stack) => ({
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-west-1a'],
      privateSubnetIds: ['subnet-1'],
    }),
  }),
};

describe('cdk-nag finds nothing', () => {
  test.each(Object.entries(variants))('%s', (_, given) => {
    const of = app();
    receiverStack(given, of);
    expect(findings(of)).toEqual([]);
  });

  test('in a subscriber’s queue', () => {
    const of = app();
    const { stack, receiver } = receiverStack({}, of);
    new SubscriberQueue(stack, 'Orders', { topic: receiver.topic });
    new SubscriberQueue(stack, 'Encrypted', {
      topic: receiver.topic,
      encryptionKey: new Key(stack, 'Mine', { enableKeyRotation: true }),
    });
    expect(findings(of)).toEqual([]);
  });
});

test('cdk-nag would find what is wrong', () => {
  const of = app();
  const { stack } = receiverStack({}, of);
  new CfnTopic(stack, 'Open');
  expect(findings(of)).toEqual(['AwsSolutions-SNS3 Hooks/Open']);
});

test('every exception names one rule and has a reason', () => {
  const { stack } = receiverStack();
  const taken = exceptions(stack);
  expect(
    taken
      .map(({ rule, path }) => `${rule} ${path}`)
      .map((text) => text.replaceAll(/[0-9A-F]{8}\./g, '.'))
      .toSorted(),
  ).toEqual([
    'AwsSolutions-APIG4 Hooks/Receiver/Gateway',
    'AwsSolutions-IAM5[Resource::<ReceiverObjectsBucket.Arn>/bodies/*] Hooks/Receiver/Ingest/Role',
    'AwsSolutions-IAM5[Resource::<ReceiverObjectsBucket.Arn>/bodies/*] Hooks/Receiver/Process/Role',
    'AwsSolutions-IAM5[Resource::<ReceiverObjectsBucket.Arn>/events/*] Hooks/Receiver/Process/Role',
    'AwsSolutions-IAM5[Resource::<ReceiverObjectsBucket.Arn>/spill/*] Hooks/Receiver/Ingest/Role',
    'AwsSolutions-S1 Hooks/Receiver/Objects/Bucket',
    'AwsSolutions-SMG4 Hooks/Receiver/Secrets',
  ]);
  for (const { reason } of taken) expect(reason).toMatch(/^[A-Z].{40,}\.$/s);
});

test('no exception is taken in vain', () => {
  const of = app();
  receiverStack({}, of);
  const strict = new AwsSolutionsChecks(of);
  Object.assign(strict, { isAcknowledged: () => false });
  const found = strict.validateScope(of).violations.map(({ ruleName }) => ruleName);
  expect(new Set(exceptions(of).map(({ rule }) => rule))).toEqual(new Set(found));
});
