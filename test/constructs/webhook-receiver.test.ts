import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebhookReceiver } from '../../lib/constructs/webhook-receiver.ts';
import { parseSecrets } from '../../lib/core/secret.ts';
import { flat } from './flat.ts';
import {
  receiverStack,
  removeOutputs,
  resourceOf,
  resourcesOf,
  templateOf,
  withReconciled,
} from './receiver-stack.ts';

afterAll(removeOutputs);

describe('with nothing but sources', () => {
  let template: Template;
  let receiver: WebhookReceiver;
  beforeAll(() => {
    const made = receiverStack();
    receiver = made.receiver;
    template = Template.fromStack(made.stack);
  });

  test('the functions run on Node 24 and arm64, log as JSON into groups of their own, and are not traced', () => {
    const functions = resourcesOf(template, 'AWS::Lambda::Function');
    expect(functions).toHaveLength(2);
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: {
          LogFormat: 'JSON',
          LogGroup: { Ref: expect.stringMatching(/^Receiver(Ingest|Process)Logs/) },
        },
      });
      expect(Properties).not.toHaveProperty('TracingConfig');
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  test('the environment names what each function talks to, and holds no source', () => {
    const variables = (name: string): Record<string, string> => {
      const { Environment } = resourceOf(template, 'AWS::Lambda::Function', `Receiver${name}`).Properties;
      return Object.fromEntries(
        Object.entries((Environment as { Variables: object }).Variables).map(([key, value]) => [
          key,
          flat(value),
        ]),
      );
    };
    expect(variables('Ingest')).toEqual({
      HEADGATE_BUCKET: '<ReceiverObjectsBucket>',
      HEADGATE_METRICS_NAMESPACE: 'Headgate/Hooks.Receiver',
      HEADGATE_PUBLIC_URL: '<ReceiverGatewayApi.ApiEndpoint>',
      HEADGATE_QUEUE_URL: '<ReceiverDeliveriesQueue>',
      HEADGATE_SECRETS:
        '{"chat":"<ReceiverSecretschat>","bot":"<ReceiverSecretsbot>","calls":"<ReceiverSecretscalls>"}',
    });
    expect(variables('Process')).toEqual({
      HEADGATE_BUCKET: '<ReceiverObjectsBucket>',
      HEADGATE_DEAD_LETTERS_URL: '<ReceiverDeliveriesDeadLetters>',
      HEADGATE_LEDGER_RETENTION_SECONDS: '1641600',
      HEADGATE_METRICS_NAMESPACE: 'Headgate/Hooks.Receiver',
      HEADGATE_ORIGIN: 'headgate:123456789012:eu-west-1:Hooks.Receiver',
      HEADGATE_QUEUE_URL: '<ReceiverDeliveriesQueue>',
      HEADGATE_TABLE: '<ReceiverLedgerTable>',
      HEADGATE_TOPIC_ARN: '<ReceiverEventsTopic>',
    });
  });

  test('process may send delayed copies to its own queue as often as it takes', () => {
    expect(resourceOf(template, 'AWS::Lambda::Function', 'ReceiverProcess').Properties.RecursiveLoop).toBe(
      'Allow',
    );
    expect(resourceOf(template, 'AWS::Lambda::Function', 'ReceiverIngest').Properties.RecursiveLoop).toBe(
      'Terminate',
    );
  });

  test('only failed deliveries of a batch come back to the queue', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('everything at rest is encrypted', () => {
    for (const [, { Properties }] of resourcesOf(template, 'AWS::SQS::Queue')) {
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
    }
    for (const [, { Properties }] of resourcesOf(template, 'AWS::SNS::Topic')) {
      expect(flat(Properties.KmsMasterKeyId)).toBe('<ReceiverTopicKey.Arn>');
    }
    template.hasResourceProperties('AWS::S3::Bucket', { BucketEncryption: Match.anyValue() });
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  test('the ledger can be restored to any second, costs by use, and is safe from deletion', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    });
  });

  test('the bucket expires bodies and events, never what was spilled', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: Match.absent(),
      LifecycleConfiguration: {
        Rules: ['bodies/', 'events/'].map((Prefix) =>
          Match.objectLike({
            Prefix,
            Status: 'Enabled',
            ExpirationInDays: 30,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          }),
        ),
      },
    });
  });

  test('a secret is made without a value, and what it holds instead is no secret', () => {
    const secrets = resourcesOf(template, 'AWS::SecretsManager::Secret');
    expect(secrets).toHaveLength(3);
    for (const [, { Properties }] of secrets) {
      const placeholder = { text: String(Properties.SecretString), createdAt: 0 };
      const read = { current: placeholder, overlapSeconds: 86_400, now: 1_000 };
      expect(parseSecrets(read).signing).toEqual([]);
      expect(
        parseSecrets({ ...read, current: { text: 'whsec_1', createdAt: 1 }, previous: placeholder }).signing,
      ).toHaveLength(1);
    }
  });

  test('the access log tells what was called and how it went, not what was sent', () => {
    const { Properties } = resourceOf(template, 'AWS::ApiGatewayV2::Stage', 'ReceiverGateway');
    const { Format, DestinationArn } = Properties.AccessLogSettings as {
      Format: string;
      DestinationArn: unknown;
    };
    const fields = Object.values(JSON.parse(Format) as Record<string, string>);
    expect(flat(DestinationArn)).toBe('<ReceiverGatewayAccessLogs.Arn>');
    expect(fields).toEqual(
      expect.arrayContaining(['$context.requestId', '$context.routeKey', '$context.status']),
    );
    expect(fields.filter((field) => /path|query|header|body|authorizer|userAgent/i.test(field))).toEqual([]);
  });

  test('logs are kept for a month', () => {
    const groups = resourcesOf(template, 'AWS::Logs::LogGroup');
    expect(groups.map(([, { Properties }]) => Properties.RetentionInDays)).toEqual([30, 30, 30]);
  });

  test('no resource but a FIFO topic has a fixed name', () => {
    const names = Object.values(template.toJSON().Resources as Record<string, { Properties: object }>)
      .flatMap(({ Properties }) => Object.keys(Properties))
      .filter((name) =>
        /^(QueueName|TopicName|TableName|BucketName|FunctionName|RoleName|AlarmName|DashboardName|LogGroupName)$/.test(
          name,
        ),
      );
    // The event source mapping and the permission name the function they belong to.
    expect(names.toSorted()).toEqual(['FunctionName', 'FunctionName']);
  });

  test('outputs tell each URL, how each secret is put, both topics, and what the runbook needs', () => {
    const outputs = Object.fromEntries(
      Object.entries(template.findOutputs('*')).map(([id, { Value }]) => [
        id.replace(/[0-9A-F]{8}$/, ''),
        flat(Value),
      ]),
    );
    expect(outputs).toMatchObject({
      ReceiverUrlchat: '<ReceiverGatewayApi.ApiEndpoint>/chat',
      ReceiverUrlbot: '<ReceiverGatewayApi.ApiEndpoint>/bot',
      ReceiverSecretchat:
        'aws secretsmanager put-secret-value --secret-id <ReceiverSecretschat> --secret-string file:///dev/stdin',
      ReceiverTopicArn: '<ReceiverEventsTopic>',
      ReceiverAlarmTopicArn: '<ReceiverAlarmMessagesTopic>',
      ReceiverQueueUrl: '<ReceiverDeliveriesQueue>',
      ReceiverQueueArn: '<ReceiverDeliveriesQueue.Arn>',
      ReceiverDeadLetterQueueArn: '<ReceiverDeliveriesDeadLetters.Arn>',
      ReceiverBucketName: '<ReceiverObjectsBucket>',
    });
    expect(Object.keys(outputs)).toHaveLength(12);
  });

  test('no command to copy holds a secret, which a shell would remember; its description says what to type', () => {
    const secrets = Object.entries(template.findOutputs('*')).filter(([id]) =>
      id.startsWith('ReceiverSecret'),
    );
    expect(secrets).toHaveLength(3);
    for (const [, { Value, Description }] of secrets) {
      expect(flat(Value)).not.toContain('signing');
      expect(Description).toContain('{"signing":["<the secret>"]}');
      expect(Description).toContain('Ctrl-D');
    }
    const [[, asked] = []] = Object.entries(
      templateOf({ sources: withReconciled() }).findOutputs('*'),
    ).filter(([id]) => id.startsWith('ReceiverSecretasked'));
    expect(asked?.Description).toContain('"api":"<…>"}, where "api" is "user:password"');
  });

  test('metrics carry the receiver’s namespace, and a source’s its name', () => {
    expect(receiver.metricPublishLatency().toMetricConfig().metricStat).toMatchObject({
      namespace: 'Headgate/Hooks.Receiver',
      metricName: 'PublishLatency',
      statistic: 'p99',
    });
    expect(
      receiver.metricOfSource('chat', 'SignatureRejections', { period: Duration.hours(1) }).toMetricConfig()
        .metricStat,
    ).toMatchObject({
      statistic: 'Sum',
      period: Duration.hours(1),
      dimensions: [{ name: 'Source', value: 'chat' }],
    });
  });

  test('asking for a source that is not there names those that are', () => {
    expect(() => receiver.url('github')).toThrow('There is no source "github": there are chat, bot, calls.');
    expect(() => receiver.metricOfSource('github', 'Accepted')).toThrow('there are chat, bot, calls');
  });
});

describe('what the user sets', () => {
  test('retention, removal, memory, concurrency and throttling arrive where they belong', () => {
    const template = templateOf({
      logRetention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
      ingestMemorySize: 1024,
      ingestReservedConcurrency: 50,
      processMaxConcurrency: 20,
      processReservedConcurrency: 20,
      throttleRateLimit: 100,
      throttleBurstLimit: 200,
      ledgerRetention: Duration.days(90),
      origin: 'https://hooks.example.com',
    });
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays).toBe(365);
    }
    template.allResources('AWS::SQS::Queue', { DeletionPolicy: 'Delete' });
    template.allResources('AWS::SNS::Topic', { DeletionPolicy: 'Delete' });
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 1024,
      ReservedConcurrentExecutions: 50,
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: 20,
      Environment: {
        Variables: {
          HEADGATE_LEDGER_RETENTION_SECONDS: '7776000',
          HEADGATE_ORIGIN: 'https://hooks.example.com',
        },
      },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: 20 },
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
    });
  });

  test('a FIFO topic deduplicates by group', () => {
    const template = templateOf({ fifo: true });
    template.hasResourceProperties('AWS::SNS::Topic', {
      FifoTopic: true,
      TopicName: Match.stringLikeRegexp('\\.fifo$'),
      FifoThroughputScope: 'MessageGroup',
      ContentBasedDeduplication: Match.absent(),
    });
  });
});

describe('grants', () => {
  const { stack, receiver } = receiverStack();
  const role = new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  receiver.grantRedrive(role);
  receiver.grantWriteSecret('chat', role);
  receiver.grantReadEvents(role);
  receiver.grantSubscribe(new AccountPrincipal('210987654321'));
  const template = Template.fromStack(stack);

  test('an operator may redrive, put a secret and read large events', () => {
    const { Properties } = resourceOf(template, 'AWS::IAM::Policy', 'OperatorDefaultPolicy');
    const { Statement } = Properties.PolicyDocument as {
      Statement: { Action: string | string[]; Resource: unknown }[];
    };
    expect(Statement.map(({ Action, Resource }) => `${[Action].flat().join()} ${flat(Resource)}`)).toEqual([
      'sqs:CancelMessageMoveTask,sqs:DeleteMessage,sqs:GetQueueAttributes,sqs:ListMessageMoveTasks,sqs:ReceiveMessage,sqs:StartMessageMoveTask <ReceiverDeliveriesDeadLetters.Arn>',
      'sqs:SendMessage <ReceiverDeliveriesQueue.Arn>',
      'secretsmanager:PutSecretValue,secretsmanager:UpdateSecret,secretsmanager:UpdateSecretVersionStage <ReceiverSecretschat>',
      's3:GetObject <ReceiverObjectsBucket.Arn>/events/*',
    ]);
  });

  test('another account may subscribe', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sns:Subscribe',
            Effect: 'Allow',
            Principal: { AWS: Match.anyValue() },
          }),
        ]),
      },
    });
  });
});
