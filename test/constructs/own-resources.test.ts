import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { afterAll, describe, expect, test } from 'vitest';
import { flat } from './flat.ts';
import { receiverStack, removeOutputs, resourceOf, resourcesOf, templateOf } from './receiver-stack.ts';

afterAll(removeOutputs);

const variables = (template: Template, name: string): Record<string, string> => {
  const { Environment } = resourceOf(template, 'AWS::Lambda::Function', `Receiver${name}`).Properties;
  const { Variables } = Environment as { Variables: Record<string, unknown> };
  return Object.fromEntries(Object.entries(Variables).map(([key, value]) => [key, flat(value)]));
};

describe('resources of the user', () => {
  const { stack, receiver } = receiverStack((of) => {
    const deadLetterQueue = new Queue(of, 'Dead', { retentionPeriod: Duration.days(12) });
    return {
      table: new TableV2(of, 'Table', {
        partitionKey: { name: 'key', type: AttributeType.STRING },
        timeToLiveAttribute: 'expires',
      }),
      topic: new Topic(of, 'Topic', { fifo: true }),
      queue: new Queue(of, 'Queue', {
        visibilityTimeout: Duration.minutes(4),
        retentionPeriod: Duration.days(10),
        deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 100 },
      }),
      deadLetterQueue,
      bucket: new Bucket(of, 'Bucket', {
        lifecycleRules: [
          { prefix: 'bodies/', expiration: Duration.days(30) },
          { prefix: 'reports/', expiration: Duration.days(1) },
          { tagFilters: { temporary: 'yes' }, expiration: Duration.days(1) },
          { enabled: false, expiration: Duration.days(1) },
          { abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ],
      }),
      secrets: { chat: Secret.fromSecretNameV2(of, 'Secret', 'chat-secret') },
    };
  });
  const template = Template.fromStack(stack);

  test('are used, and none is made in their place', () => {
    expect(variables(template, 'Process')).toMatchObject({
      HEADGATE_TABLE: '<Table>',
      HEADGATE_TOPIC_ARN: '<Topic>',
      HEADGATE_QUEUE_URL: '<Queue>',
      HEADGATE_DEAD_LETTERS_URL: '<Dead>',
      HEADGATE_BUCKET: '<Bucket>',
    });
    template.resourceCountIs('AWS::SQS::Queue', 2);
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    template.resourceCountIs('AWS::SecretsManager::Secret', 2);
    // The user's and the one for alarms.
    template.resourceCountIs('AWS::SNS::Topic', 2);
    expect([receiver.queue.node.path, receiver.bucket.node.path]).toEqual(['Hooks/Queue', 'Hooks/Bucket']);
  });

  test('a secret imported by name is allowed with the random ending of its ARN', () => {
    expect(variables(template, 'Ingest').HEADGATE_SECRETS).toContain(
      '"chat":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:chat-secret"',
    );
    const { Properties } = resourceOf(template, 'AWS::IAM::Policy', 'ReceiverIngestRole');
    expect(JSON.stringify(Properties)).toContain('secret:chat-secret-??????');
    const commands = Object.keys(template.findOutputs('*')).filter((id) => id.startsWith('ReceiverSecret'));
    expect(commands).toHaveLength(2);
  });

  test('the ledger remembers as long as these queues keep a delivery', () => {
    expect(variables(template, 'Process').HEADGATE_LEDGER_RETENTION_SECONDS).toBe(
      String((10 + 12 + 1) * 86_400),
    );
  });
});

test('a key of the user encrypts everything, and no other is made', () => {
  const template = templateOf((stack) => ({ encryptionKey: new Key(stack, 'Mine') }));
  template.resourceCountIs('AWS::KMS::Key', 1);
  const mine = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Mine'), 'Arn'] };
  template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: mine });
  template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: mine });
  template.allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: mine });
  template.hasResourceProperties('AWS::DynamoDB::Table', {
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: mine },
  });
  template.hasResourceProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: mine },
        },
      ],
    },
  });
});

test('no key is made when neither topic is ours', () => {
  const template = templateOf((stack) => ({
    topic: new Topic(stack, 'Topic'),
    alarmTopic: new Topic(stack, 'Alarms'),
  }));
  template.resourceCountIs('AWS::KMS::Key', 0);
});

test('both functions run in the VPC of the user, in the given subnets and groups', () => {
  const template = templateOf((stack) => {
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['eu-west-1a'],
      isolatedSubnetIds: ['subnet-0123456789abcdef0'],
      isolatedSubnetRouteTableIds: ['rtb-0123456789abcdef0'],
      privateSubnetIds: ['subnet-0123456789abcdef1'],
      privateSubnetRouteTableIds: ['rtb-0123456789abcdef1'],
    });
    return {
      vpc,
      vpcSubnets: { subnets: vpc.isolatedSubnets },
      securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
    };
  });
  template.allResourcesProperties('AWS::Lambda::Function', {
    VpcConfig: { SubnetIds: ['subnet-0123456789abcdef0'], SecurityGroupIds: ['sg-0123456789abcdef0'] },
  });
});

describe('a domain of the user', () => {
  const { stack, receiver } = receiverStack((of) => ({
    domainName: 'hooks.example.com',
    certificate: Certificate.fromCertificateArn(of, 'C', 'arn:aws:acm:eu-west-1:123456789012:certificate/c'),
    hostedZone: HostedZone.fromHostedZoneAttributes(of, 'Zone', {
      hostedZoneId: 'Z1',
      zoneName: 'example.com',
    }),
  }));
  const template = Template.fromStack(stack);

  test('is what providers call and signatures cover', () => {
    expect(receiver.url('chat')).toBe('https://hooks.example.com/chat');
    expect(variables(template, 'Ingest').HEADGATE_PUBLIC_URL).toBe('https://hooks.example.com');
  });

  test('leads to the API, whose own address is off', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'hooks.example.com',
      DomainNameConfigurations: [
        { CertificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/c', EndpointType: 'REGIONAL' },
      ],
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', {
      Stage: '$default',
      ApiMappingKey: Match.absent(),
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'hooks.example.com.',
      Type: 'A',
      AliasTarget: { DNSName: { 'Fn::GetAtt': [Match.anyValue(), 'RegionalDomainName'] } },
    });
  });

  test('is told what to point to', () => {
    const outputs = Object.entries(template.findOutputs('*'));
    const [, target] = outputs.find(([id]) => id.startsWith('ReceiverDomainTarget')) ?? [];
    expect(flat(target?.Value)).toBe('<ReceiverGatewayDomain.RegionalDomainName>');
  });

  test('keeps its logical id, or deployments would make it twice', () => {
    expect(resourcesOf(template, 'AWS::ApiGatewayV2::DomainName').map(([id]) => id)).toEqual([
      'ReceiverGatewayDomain8B5F5823',
    ]);
  });

  test('without a zone gets no record', () => {
    const other = templateOf((of) => ({
      domainName: 'hooks.example.com',
      certificate: Certificate.fromCertificateArn(
        of,
        'C',
        'arn:aws:acm:eu-west-1:123456789012:certificate/c',
      ),
    }));
    expect(resourcesOf(other, 'AWS::Route53::RecordSet')).toEqual([]);
  });
});
