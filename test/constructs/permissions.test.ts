import type { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flat } from './flat.ts';
import {
  removeOutputs,
  resourceOf,
  resourcesOf,
  templateOf,
  withReconciled,
  withSetup,
} from './receiver-stack.ts';

afterAll(removeOutputs);

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/**
 * `action resource` of all that a function may do, and ` via service` where only on behalf of one, sorted: nothing may be left out,
 * so every other grant counts too.
 */
function permissions(template: Template, role: string): readonly string[] {
  const { Properties } = resourceOf(template, 'AWS::IAM::Role', role);
  expect(Properties).not.toHaveProperty('ManagedPolicyArns');
  expect(Properties).not.toHaveProperty('Policies');
  return resourcesOf(template, 'AWS::IAM::Policy')
    .filter(([, policy]) => (policy.Properties.Roles as unknown[]).some((one) => flat(one) === `<${role}>`))
    .flatMap(
      ([, policy]) => (policy.Properties.PolicyDocument as { Statement: readonly Statement[] }).Statement,
    )
    .flatMap((statement) => {
      expect(statement).toMatchObject({ Effect: 'Allow' });
      return list(statement.Action).flatMap((action) =>
        list(statement.Resource).map((one) => `${action} ${flat(one)}${condition(statement)}`),
      );
    })
    .sort();
}

function condition({ Condition }: Statement): string {
  if (Condition === undefined) return '';
  const { StringEquals, ...others } = Condition as { StringEquals?: Record<string, string> };
  const { 'kms:ViaService': service, ...more } = StringEquals ?? {};
  expect([others, more]).toEqual([{}, {}]);
  return ` via ${service}`;
}

function list<T>(one: T | readonly T[]): readonly T[] {
  return Array.isArray(one) ? one : [one as T];
}

const INGEST = [
  'logs:CreateLogStream <ReceiverIngestLogs.Arn>',
  'logs:PutLogEvents <ReceiverIngestLogs.Arn>',
  's3:PutObject <ReceiverObjectsBucket.Arn>/bodies/*',
  's3:PutObject <ReceiverObjectsBucket.Arn>/spill/*',
  'secretsmanager:GetSecretValue <ReceiverSecretsbot>',
  'secretsmanager:GetSecretValue <ReceiverSecretscalls>',
  'secretsmanager:GetSecretValue <ReceiverSecretschat>',
  'sqs:SendMessage <ReceiverDeliveriesQueue.Arn>',
];

const PROCESS = [
  'dynamodb:BatchGetItem <ReceiverLedgerTable.Arn>',
  'dynamodb:UpdateItem <ReceiverLedgerTable.Arn>',
  'kms:Decrypt <ReceiverTopicKey.Arn> via sns.eu-west-1.amazonaws.com',
  'kms:GenerateDataKey <ReceiverTopicKey.Arn> via sns.eu-west-1.amazonaws.com',
  'logs:CreateLogStream <ReceiverProcessLogs.Arn>',
  'logs:PutLogEvents <ReceiverProcessLogs.Arn>',
  's3:GetObject <ReceiverObjectsBucket.Arn>/bodies/*',
  's3:PutObject <ReceiverObjectsBucket.Arn>/events/*',
  'sns:Publish <ReceiverEventsTopic>',
  'sqs:ChangeMessageVisibility <ReceiverDeliveriesQueue.Arn>',
  'sqs:DeleteMessage <ReceiverDeliveriesQueue.Arn>',
  'sqs:GetQueueAttributes <ReceiverDeliveriesQueue.Arn>',
  'sqs:ReceiveMessage <ReceiverDeliveriesQueue.Arn>',
  'sqs:SendMessage <ReceiverDeliveriesDeadLetters.Arn>',
  'sqs:SendMessage <ReceiverDeliveriesQueue.Arn>',
];

describe('by default', () => {
  let template: Template;
  beforeAll(() => {
    template = templateOf();
  });

  test('ingest may write to the queue and two places of the bucket, read its secrets and log', () => {
    expect(permissions(template, 'ReceiverIngestRole')).toEqual(INGEST);
  });

  test('process may work off the queue, keep the ledger, publish, read bodies, write large events and log', () => {
    expect(permissions(template, 'ReceiverProcessRole')).toEqual(PROCESS);
  });

  test('no other role is made, and only Lambda takes on these two', () => {
    const roles = resourcesOf(template, 'AWS::IAM::Role');
    expect(roles).toHaveLength(2);
    for (const [, role] of roles) {
      expect(role.Properties.AssumeRolePolicyDocument).toMatchObject({
        Statement: [
          { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
        ],
      });
    }
  });

  test('only this API may call ingest', () => {
    const called = resourcesOf(template, 'AWS::Lambda::Permission');
    expect(
      called.map(([, { Properties }]) => [
        flat(Properties.Principal),
        flat(Properties.FunctionName),
        flat(Properties.SourceArn),
      ]),
    ).toEqual([
      [
        'apigateway.amazonaws.com',
        '<ReceiverIngestFunction.Arn>',
        'arn:aws:execute-api:eu-west-1:123456789012:<ReceiverGatewayApi>/*/*',
      ],
    ]);
  });

  test('subscribers and alarms are let in by nobody but CloudWatch, and nothing without TLS', () => {
    const policies = ['AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy'].flatMap(
      (type) =>
        resourcesOf(template, type).flatMap(
          ([, { Properties }]) =>
            (Properties.PolicyDocument as { Statement: readonly Statement[] }).Statement,
        ),
    );
    const allowed = policies.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toEqual([
      expect.objectContaining({
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '123456789012' },
          ArnLike: { 'aws:SourceArn': expect.anything() },
        },
      }),
    ]);
    const refused = policies.filter(
      ({ Condition }) => JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
    );
    expect(refused).toHaveLength(5);
  });
});

describe('with a key of the user', () => {
  let template: Template;
  beforeAll(() => {
    template = templateOf((stack) => ({ encryptionKey: new kms.Key(stack, 'Mine') }));
  });

  const mine = (service: string, ...actions: string[]) =>
    actions.map((action) => `kms:${action} <Mine.Arn> via ${service}.eu-west-1.amazonaws.com`);

  test('ingest may use the key through SQS and S3 to write, and through Secrets Manager to read', () => {
    expect(permissions(template, 'ReceiverIngestRole')).toEqual(
      [
        ...INGEST,
        ...mine('sqs', 'Decrypt', 'GenerateDataKey'),
        ...mine('s3', 'Decrypt', 'GenerateDataKey'),
        ...mine('secretsmanager', 'Decrypt'),
      ].sort(),
    );
  });

  test('process may use it through each service as that asks, and encrypt for the ledger alone', () => {
    expect(permissions(template, 'ReceiverProcessRole')).toEqual(
      [
        ...PROCESS.filter((one) => !one.startsWith('kms:')),
        ...mine('sqs', 'Decrypt', 'GenerateDataKey'),
        ...mine('s3', 'Decrypt', 'GenerateDataKey'),
        ...mine('sns', 'Decrypt', 'GenerateDataKey'),
        ...mine(
          'dynamodb',
          ...['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'],
        ),
      ].sort(),
    );
  });
});

describe('with a source in set-up', () => {
  const all = (actions: readonly string[], secrets: readonly string[]): readonly string[] =>
    actions.flatMap((action) =>
      secrets.map((secret) => `secretsmanager:${action} <ReceiverSecrets${secret}>`),
    );
  const reading = all(['GetSecretValue'], ['done', 'waiting']);
  const storing = all(['PutSecretValue', 'UpdateSecretVersionStage'], ['waiting']);

  test('ingest may store the secret of that one, and of no other', () => {
    expect(permissions(templateOf({ sources: withSetup('install-secret') }), 'ReceiverIngestRole')).toEqual(
      [...INGEST, ...reading, ...storing].sort(),
    );
  });

  test('ingest may store none again once it is out of set-up', () => {
    expect(permissions(templateOf({ sources: withSetup(undefined) }), 'ReceiverIngestRole')).toEqual(
      [...INGEST, ...reading].sort(),
    );
  });

  test('process may do no more than without', () => {
    const template = templateOf({ sources: withSetup('install-secret') });
    expect(permissions(template, 'ReceiverProcessRole')).toEqual(PROCESS);
  });

  test('ingest may encrypt by a key of the user, through Secrets Manager', () => {
    const template = templateOf((stack) => ({
      sources: withSetup('install-secret'),
      encryptionKey: new kms.Key(stack, 'Mine'),
    }));
    expect(permissions(template, 'ReceiverIngestRole')).toContain(
      'kms:GenerateDataKey <Mine.Arn> via secretsmanager.eu-west-1.amazonaws.com',
    );
  });

  test('the secrets themselves are the same in and out of set-up: no deployment touches what is stored', () => {
    const secretsOf = (setup: 'install-secret' | undefined) =>
      templateOf({ sources: withSetup(setup) }).findResources('AWS::SecretsManager::Secret');
    expect(secretsOf('install-secret')).toEqual(secretsOf(undefined));
    expect(Object.keys(secretsOf(undefined))).toHaveLength(5);
  });
});

describe('of sources whose provider’s API is asked', () => {
  test('process may read the secrets, which hold its credentials, and no others', () => {
    expect(permissions(templateOf({ sources: withReconciled() }), 'ReceiverProcessRole')).toEqual(
      [...PROCESS, 'secretsmanager:GetSecretValue <ReceiverSecretsasked>'].sort(),
    );
  });

  test('process may use the key of the secrets through Secrets Manager, to read', () => {
    const template = templateOf((stack) => ({
      sources: withReconciled(),
      encryptionKey: new kms.Key(stack, 'Mine'),
    }));
    expect(permissions(template, 'ReceiverProcessRole')).toEqual(
      expect.arrayContaining(['kms:Decrypt <Mine.Arn> via secretsmanager.eu-west-1.amazonaws.com']),
    );
  });

  test('process knows where the secrets are, and of no others', () => {
    const template = templateOf({ sources: withReconciled() });
    const { Environment } = resourceOf(template, 'AWS::Lambda::Function', 'ReceiverProcess').Properties;
    const { HEADGATE_SECRETS } = (Environment as { Variables: Record<string, unknown> }).Variables;
    expect(flat(HEADGATE_SECRETS)).toBe('{"asked":"<ReceiverSecretsasked>"}');
  });
});

test('in a VPC the functions may also keep their network interfaces', () => {
  const template = templateOf((stack) => ({
    vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 1 }),
  }));
  const more = [
    'ec2:AssignPrivateIpAddresses *',
    'ec2:CreateNetworkInterface *',
    'ec2:DeleteNetworkInterface *',
    'ec2:DescribeNetworkInterfaces *',
    'ec2:DescribeSubnets *',
    'ec2:UnassignPrivateIpAddresses *',
  ];
  expect(permissions(template, 'ReceiverIngestRole')).toEqual([...INGEST, ...more].sort());
  expect(permissions(template, 'ReceiverProcessRole')).toEqual([...PROCESS, ...more].sort());
});

test('a table of the user is named by its own ARN, with its own key', () => {
  const template = templateOf((stack) => ({
    table: dynamodb.Table.fromTableAttributes(stack, 'Theirs', {
      tableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/theirs',
      encryptionKey: kms.Key.fromKeyArn(stack, 'TheirKey', 'arn:aws:kms:eu-west-1:123456789012:key/theirs'),
    }),
  }));
  expect(permissions(template, 'ReceiverProcessRole')).toEqual(
    expect.arrayContaining([
      'dynamodb:UpdateItem arn:aws:dynamodb:eu-west-1:123456789012:table/theirs',
      'kms:Decrypt arn:aws:kms:eu-west-1:123456789012:key/theirs via dynamodb.eu-west-1.amazonaws.com',
    ]),
  );
});
