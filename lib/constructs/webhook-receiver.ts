import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ConfigurationError } from '../core/errors.ts';
import type { MetricName } from '../core/metric.ts';
import { OBJECT_PREFIX, routes } from '../core/resources.ts';
import { parseSources, type Source } from '../core/source.ts';
import type { FunctionSettings } from './bundled-function.ts';
import { IngestApi } from './ingest-api.ts';
import { ingestFunction } from './ingest-function.ts';
import { processFunction } from './process-function.ts';
import { type AlarmSettings, ReceiverAlarms } from './receiver-alarms.ts';
import { ReceiverDashboard } from './receiver-dashboard.ts';
import { receiverMetric } from './receiver-metric.ts';
import { receiverName } from './receiver-name.ts';
import { addOutputs } from './receiver-outputs.ts';
import { customDomain, ledgerRetention, receiverSettings } from './receiver-settings.ts';
import { type ReceiverState, receiverState } from './receiver-state.ts';
import type { WebhookReceiverProps } from './webhook-receiver-props.ts';

/**
 * Receives webhooks in your own account: verified, deduplicated, in order, never lost, and published as CloudEvents to a topic.
 *
 * @throws {ConfigurationError} at synth, for what would not deploy or would lose events: what was wrong, and what is allowed.
 * @example
 * const receiver = new WebhookReceiver(this, 'Receiver', { sources });
 * new SubscriberQueue(this, 'Orders', { topic: receiver.topic });
 */
export class WebhookReceiver extends Construct {
  readonly api: apigateway.HttpApi;
  readonly ingestFunction: lambda.Function;
  readonly processFunction: lambda.Function;
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;
  readonly table: dynamodb.ITable;
  readonly topic: sns.ITopic;
  readonly bucket: s3.IBucket;
  /** Undefined when only `alarmActions` were given. */
  readonly alarmTopic: sns.ITopic | undefined;
  /** By source. */
  readonly secrets: Readonly<Record<string, secretsmanager.ISecret>>;
  /** By name, those of a source as `signature-rejections/github`. */
  readonly alarms: ReadonlyMap<string, cloudwatch.Alarm>;
  readonly dashboard: cloudwatch.Dashboard;
  private readonly sources: readonly Source[];
  private readonly publicUrl: string;
  private readonly metricsNamespace: string;

  constructor(scope: Construct, id: string, props: WebhookReceiverProps) {
    super(scope, id);
    const sources = parseSources(props.sources);
    const resources = receiverSettings(props);
    const state = receiverState(this, props, sources, resources);
    const name = receiverName(this);
    const namespace = `Headgate/${name}`;
    const common = functionSettings(props, sources, namespace);
    const gateway = new IngestApi(this, 'Gateway', {
      ...common,
      name,
      limits: resources.gateway,
      domain: customDomain(props),
    });
    const ingest = ingestFunction(this, 'Ingest', {
      ...common,
      ...state,
      limits: resources.functions.ingest,
      reservedConcurrency: props.ingestReservedConcurrency,
      publicUrl: gateway.publicUrl,
    });
    gateway.addRoutes(routes(sources), ingest);
    const { account, region } = Stack.of(this);
    const process = processFunction(this, 'Process', {
      ...common,
      ...state,
      limits: resources.functions.process,
      reservedConcurrency: props.processReservedConcurrency,
      origin: props.origin ?? `headgate:${account}:${region}:${name}`,
      ledgerRetentionSeconds: ledgerRetention(props, sources, state),
    });
    const parts = {
      ...state,
      api: gateway.api,
      sources,
      namespace,
      ingestFunction: ingest,
      processFunction: process,
    };
    const alarms = new ReceiverAlarms(this, 'Alarms', { ...parts, ...alarmSettings(props, state) });
    const page = new ReceiverDashboard(this, 'Dashboard', { ...parts, alarms: [...alarms.byName.values()] });

    ({ api: this.api, ingestFunction: this.ingestFunction, processFunction: this.processFunction } = parts);
    ({ queue: this.queue, deadLetterQueue: this.deadLetterQueue, table: this.table } = state);
    ({ bucket: this.bucket, topic: this.topic, alarmTopic: this.alarmTopic } = state);
    this.secrets = Object.fromEntries(state.secrets);
    ({ byName: this.alarms } = alarms);
    ({ dashboard: this.dashboard } = page);
    this.sources = sources;
    this.publicUrl = gateway.publicUrl;
    this.metricsNamespace = namespace;
    const imported = new Set(Object.keys(props.secrets ?? {}));
    addOutputs(this, { sources, imported, domainTarget: gateway.domainTarget });
  }

  /**
   * The URL that a source's provider calls: its first path.
   * @throws {ConfigurationError} when there is no such source.
   * @example receiver.url('github') // https://hooks.example.com/github
   */
  url(source: string): string {
    return `${this.publicUrl}${this.sourceNamed(source).paths[0]}`;
  }

  /** Lets somebody subscribe to the topic: another account, for example. */
  grantSubscribe(grantee: iam.IGrantable): iam.Grant {
    return this.topic.grantSubscribe(grantee);
  }

  /** Lets a subscriber fetch events too large for a message, by their `dataref`. */
  grantReadEvents(grantee: iam.IGrantable): iam.Grant {
    const grant = iam.Grant.addToPrincipalOrResource({
      grantee,
      actions: ['s3:GetObject'],
      resourceArns: [this.bucket.arnForObjects(`${OBJECT_PREFIX.events}*`)],
      resource: this.bucket,
    });
    return this.bucket.encryptionKey === undefined
      ? grant
      : grant.combine(this.bucket.encryptionKey.grantDecrypt(grantee));
  }

  /**
   * Lets an operator look at dead letters, delete them and put them back on the queue. To redrive is to send to the queue, so
   * whoever has this grant can also queue a delivery that no provider has signed.
   */
  grantRedrive(grantee: iam.IGrantable): iam.Grant {
    const from = this.deadLetterQueue.grant(
      grantee,
      'sqs:StartMessageMoveTask',
      'sqs:CancelMessageMoveTask',
      'sqs:ListMessageMoveTasks',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
    );
    const keys = [this.deadLetterQueue, this.queue].flatMap(({ encryptionMasterKey: key }) =>
      key === undefined ? [] : [key.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey')],
    );
    return keys.reduce(
      (all, one) => all.combine(one),
      from.combine(this.queue.grant(grantee, 'sqs:SendMessage')),
    );
  }

  /**
   * Lets somebody put a source's secret, without reading it.
   * @throws {ConfigurationError} when there is no such source.
   */
  grantWriteSecret(source: string, grantee: iam.IGrantable): iam.Grant {
    const { name } = this.sourceNamed(source);
    const secret = this.secrets[name];
    if (secret === undefined) throw new ConfigurationError(`The source ${name} has no secret.`);
    return secret.grantWrite(grantee);
  }

  /**
   * One of Headgate's own metrics, of all sources together: a sum of counts, or the 99th percentile of times, over 5 minutes.
   * @example receiver.metric('Duplicates', { period: Duration.hours(1) })
   */
  metric(name: MetricName, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return receiverMetric({ namespace: this.metricsNamespace }, name, options);
  }

  /**
   * The same of one source.
   * @throws {ConfigurationError} when there is no such source.
   */
  metricOfSource(
    source: string,
    name: MetricName,
    options: cloudwatch.MetricOptions = {},
  ): cloudwatch.Metric {
    const of = { namespace: this.metricsNamespace, source: this.sourceNamed(source).name };
    return receiverMetric(of, name, options);
  }

  /** Deliveries acknowledged and kept. */
  metricAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Accepted', options);
  }

  /** Events that the topic has confirmed. */
  metricPublished(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Published', options);
  }

  /** From the gateway's request time to the topic's word, in ms. */
  metricPublishLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('PublishLatency', options);
  }

  /** Dead letters that wait. */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(options);
  }

  private sourceNamed(name: string): Source {
    const source = this.sources.find((one) => one.name === name);
    if (source !== undefined) return source;
    const names = this.sources.map((one) => one.name).join(', ');
    throw new ConfigurationError(`There is no source "${name}": there are ${names}.`);
  }
}

function functionSettings(
  props: WebhookReceiverProps,
  sources: readonly Source[],
  metricsNamespace: string,
): FunctionSettings {
  const { logRetention = RetentionDays.ONE_MONTH, removalPolicy = RemovalPolicy.RETAIN } = props;
  const { vpcSubnets, securityGroups } = props;
  const vpc = props.vpc as ec2.IVpc | undefined;
  return { sources, metricsNamespace, logRetention, removalPolicy, vpc, vpcSubnets, securityGroups };
}

function alarmSettings(props: WebhookReceiverProps, { alarmTopic }: ReceiverState): AlarmSettings {
  return {
    thresholds: props.alarmThresholds ?? {},
    runbookUrl: props.runbookUrl,
    actions: [
      ...(alarmTopic === undefined ? [] : [new SnsAction(alarmTopic)]),
      ...(props.alarmActions ?? []),
    ],
  };
}
