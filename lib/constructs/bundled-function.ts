import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../core/resources.ts';
import type { Source } from '../core/source.ts';
import { acknowledge, wildcardResource } from './acknowledge.ts';
import { checkEnvironment } from './function-environment.ts';
import { given } from './given.ts';
import { secretArnForPolicy } from './source-secrets.ts';
import { stageFunction } from './stage-function.ts';

/** Where another folder of bundles can be named, for tests: `node.setContext(BUNDLES_CONTEXT, folder)`. */
export const BUNDLES_CONTEXT = 'headgate:bundles';

/** What SQS, SNS and S3 ask of the key when something is written. */
export const ENCRYPT: readonly string[] = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** Services that use a customer's key on behalf of a function, as KMS names them. */
type EncryptingService = 'sqs' | 'sns' | 's3' | 'dynamodb' | 'secretsmanager';

/** What both functions have in common. */
export interface FunctionSettings {
  readonly sources: readonly Source[];
  /** Of our own metrics. */
  readonly metricsNamespace: string;
  readonly logRetention: logs.RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly vpc: ec2.IVpc | undefined;
  readonly vpcSubnets: ec2.SubnetSelection | undefined;
  readonly securityGroups: readonly ec2.ISecurityGroup[] | undefined;
}

export interface BundledFunctionProps extends FunctionSettings {
  /** Names the bundle: `dist/functions/<bundle>/`. */
  readonly bundle: 'ingest' | 'process';
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly reservedConcurrency: number | undefined;
  /** `allowed` where the function sends to the queue that calls it. */
  readonly loops: 'stopped' | 'allowed';
}

/** A Lambda function from a bundle made beforehand, with a role and a log group of its own. */
export class BundledFunction extends Construct {
  readonly function: lambda.Function;
  /** Holds what was allowed here, nothing else: no managed policy. */
  private readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const environment = { ...props.environment, [ENVIRONMENT.metricsNamespace]: props.metricsNamespace };
    checkEnvironment(this, environment);
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: props.removalPolicy,
    });
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    if (props.vpc !== undefined) this.allowNetworkInterfaces();
    this.function = stage(this, props, (code) => this.create({ ...props, environment }, code, logGroup));
  }

  /** Adds one statement to the function's own policy. */
  allow(actions: readonly string[], resources: readonly string[], conditions: iam.Conditions = {}): void {
    this.role.addToPolicy(
      new iam.PolicyStatement({ actions: [...actions], resources: [...resources], conditions }),
    );
  }

  /** The same for objects of one place in a bucket. */
  allowObjects(action: 's3:GetObject' | 's3:PutObject', bucket: s3.IBucket, prefix: string): void {
    const objects = bucket.arnForObjects(`${prefix}*`);
    this.allow([action], [objects]);
    this.allowKey('s3', action === 's3:GetObject' ? ['kms:Decrypt'] : ENCRYPT, bucket.encryptionKey);
    acknowledge(this.role, {
      [wildcardResource(this, objects)]:
        `Every object has a name of its own; the prefix ${prefix} is all that is allowed.`,
    });
  }

  /** Reading these secrets, and no others. */
  allowSecrets(secrets: Iterable<secretsmanager.ISecret>): void {
    const all = [...secrets];
    if (all.length === 0) return;
    this.allow(['secretsmanager:GetSecretValue'], all.map(secretArnForPolicy));
    for (const secret of all) this.allowKey('secretsmanager', ['kms:Decrypt'], secret.encryptionKey);
  }

  /** The key of an encrypted resource must allow what the resource's own permission implies: through its service, and not directly. */
  allowKey(service: EncryptingService, actions: readonly string[], key: kms.IKey | undefined): void {
    if (key === undefined) return;
    const through = `${service}.${Stack.of(this).region}.amazonaws.com`;
    this.allow(actions, [key.keyArn], { StringEquals: { 'kms:ViaService': through } });
  }

  private create(props: BundledFunctionProps, code: lambda.Code, logGroup: logs.ILogGroup): lambda.Function {
    const { securityGroups, vpc, vpcSubnets, reservedConcurrency } = props;
    return new lambda.Function(this, 'Function', {
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code,
      role: this.role,
      description: props.description,
      environment: props.environment,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMb,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      // Start, end and report lines of each call cost more than the call; failures of the platform still come.
      systemLogLevelV2: lambda.SystemLogLevel.WARN,
      recursiveLoop: lambda.RecursiveLoop[props.loops === 'allowed' ? 'ALLOW' : 'TERMINATE'],
      ...given({
        vpc,
        vpcSubnets,
        reservedConcurrentExecutions: reservedConcurrency,
        securityGroups: securityGroups === undefined ? undefined : [...securityGroups],
      }),
    });
  }

  private allowNetworkInterfaces(): void {
    this.allow(
      [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      ['*'],
    );
    acknowledge(this.role, {
      'AwsSolutions-IAM5[Resource::*]':
        'Lambda makes the network interfaces of a function in a VPC with its role, and asks for these actions on every resource.',
    });
  }
}

/** The CDK copies the staged folder when the function is made, so it lives no longer than that (unless told not to copy). */
function stage(
  scope: Construct,
  props: BundledFunctionProps,
  use: (code: lambda.Code) => lambda.Function,
): lambda.Function {
  const into = mkdtempSync(join(tmpdir(), 'headgate-'));
  try {
    stageFunction({ bundle: join(bundlesFolder(scope), props.bundle), sources: props.sources, into });
    return use(lambda.Code.fromAsset(into));
  } finally {
    if (scope.node.tryGetContext(DISABLE_ASSET_STAGING_CONTEXT) === undefined)
      rmSync(into, { recursive: true });
  }
}

/** From `dist/lib/constructs` as published, from `lib/constructs` in a clone. */
function bundlesFolder(scope: Construct): string {
  const other: unknown = scope.node.tryGetContext(BUNDLES_CONTEXT);
  if (typeof other === 'string') return other;
  const published = import.meta.filename.endsWith('.js');
  return join(import.meta.dirname, published ? '../../functions' : '../../dist/functions');
}
