import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Sources } from '../core/source.ts';
import type { AlarmName } from './alarm-name.ts';

/**
 * What `WebhookReceiver` takes. Only `sources` is required.
 *
 * Some props name the CDK's classes beside its interfaces: under `exactOptionalPropertyTypes` those classes are not assignable to them.
 */
export interface WebhookReceiverProps {
  /**
   * Who sends webhooks here, by name: what `bin/sources.ts` exports. One receiver takes 20 with names of 20 characters, some more
   * with shorter ones: a function's environment names the secret of each and holds 4 KB. Synth says when they are too many; then
   * make a second receiver.
   */
  readonly sources: Sources;

  /**
   * The secret of a source that you have already, by the source's name. Its value is `{"signing":["new","old"]}`, or the one
   * secret as plain text.
   *
   * @default - a secret is made for each source, without a value; an output shows the command that puts one
   */
  readonly secrets?: Readonly<Record<string, secretsmanager.ISecret | secretsmanager.Secret>>;

  /**
   * The host name that providers call, for example `hooks.example.com`. The API's own address is turned off then.
   * Needs `certificate`.
   *
   * @default - the API's own address
   */
  readonly domainName?: string;

  /**
   * The certificate for `domainName`, in the stack's own region.
   *
   * @default - none; required with `domainName`
   */
  readonly certificate?: acm.ICertificate;

  /**
   * The zone in which an alias record for `domainName` is made.
   *
   * @default - no record is made: point one to the API's domain yourself
   */
  readonly hostedZone?: route53.IHostedZone;

  /**
   * Whether the topic is FIFO: then the topic itself drops a copy that comes within 5 minutes, and a subscriber's FIFO queue keeps
   * a subject's events in order. Its name is fixed, and it takes fewer events a second.
   *
   * @default - as `topic` is, or false
   */
  readonly fifo?: boolean;

  /**
   * The topic that events are published to. A topic of another account must allow this account to publish.
   *
   * @default - a new topic, encrypted with `encryptionKey` or a key of its own
   */
  readonly topic?: sns.ITopic;

  /**
   * What the `source` of every CloudEvent begins with: a URI without the source's name. Name it before you rename or move the
   * construct, for subscribers take an event with another `source` for another event.
   *
   * @default - `headgate:<account>:<region>:<path of the construct>`
   */
  readonly origin?: string;

  /**
   * The ledger: partition key `key` (string), no sort key, rows expire by `expires`.
   *
   * @default - a new table, on demand, with point-in-time recovery, retained and protected from deletion
   */
  readonly table?: dynamodb.ITable | dynamodb.Table | dynamodb.TableV2;

  /**
   * How long the ledger remembers what was published. A copy that comes later is published again.
   *
   * @default - the shortest that is safe: the longest time in which a provider, the queue or the dead letters can bring a copy,
   *   and a day: 19 days unless a provider retries for longer
   */
  readonly ledgerRetention?: Duration;

  /**
   * The queue of accepted deliveries: standard, for messages of 1,048,576 bytes, with a redrive policy to `deadLetterQueue` and a
   * `maxReceiveCount` of at least 100. Its visibility timeout is at least 50 s, with a FIFO topic less than 250 s. One of this app
   * is checked.
   *
   * @default - a new queue
   */
  readonly queue?: sqs.IQueue;

  /**
   * Where deliveries go that failed for good: standard, for messages of 1,048,576 bytes.
   *
   * @default - a new queue that keeps them for 14 days
   */
  readonly deadLetterQueue?: sqs.IQueue;

  /**
   * Takes large bodies (`bodies/`), spilled deliveries (`spill/`) and large events (`events/`). Expire the first and the last after
   * 30 days or more in a bucket of your own, and `spill/` never. The rules of one of this app are checked.
   *
   * @default - a new bucket
   */
  readonly bucket?: s3.IBucket | s3.Bucket;

  /**
   * Encrypts everything that is made here: topics, queues, table, bucket, secrets. Logs hold no bodies and are not included.
   * The policy of an imported key must let `cloudwatch.amazonaws.com` use `kms:Decrypt` and `kms:GenerateDataKey*`, for the alarms.
   *
   * @default - a new key for the topics, for an AWS managed one would not let alarms speak; the services' own keys for the rest
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The VPC in which the functions run. They need a way to SQS, SNS, S3, DynamoDB and Secrets Manager (endpoints or NAT).
   *
   * @default - no VPC
   */
  readonly vpc?: ec2.IVpc | ec2.Vpc;

  /**
   * The subnets in `vpc`.
   *
   * @default - the VPC's private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The functions' security groups in `vpc`.
   *
   * @default - a new group for each function
   */
  readonly securityGroups?: readonly ec2.ISecurityGroup[];

  /**
   * The memory of the ingest function, in MB; its CPU grows with it.
   *
   * @default 512
   */
  readonly ingestMemorySize?: number;

  /**
   * How many ingest functions run at once, set aside from the account's limit. Must be below the gateway's limits, so that nobody is
   * told 429.
   *
   * @default - as many as the account allows
   */
  readonly ingestReservedConcurrency?: number;

  /**
   * The memory of the process function, in MB.
   *
   * @default 512
   */
  readonly processMemorySize?: number;

  /**
   * How many batches are processed at once: 2 to 1,000. It limits the load on the topic and the ledger.
   *
   * @default 10
   */
  readonly processMaxConcurrency?: number;

  /**
   * How many process functions run at once, set aside from the account's limit: at least `processMaxConcurrency`.
   *
   * @default - as many as the account allows, up to `processMaxConcurrency`
   */
  readonly processReservedConcurrency?: number;

  /**
   * How many requests a second each route takes. Above it the gateway answers 429, which some providers do not retry.
   *
   * @default 5000
   */
  readonly throttleRateLimit?: number;

  /**
   * How many requests each route takes at once.
   *
   * @default 5000
   */
  readonly throttleBurstLimit?: number;

  /**
   * How long the functions' logs and the access log are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * What becomes of table, bucket, queues, topics, secrets, key and logs when they leave the stack. With `DESTROY` the bucket
   * has to be emptied by hand first.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The topic that alarms are sent to. An encrypted one needs a customer key whose policy lets `cloudwatch.amazonaws.com` use it.
   *
   * @default - a new topic, unless `alarmActions` are given
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * What else an alarm does when it goes on and off.
   *
   * @default - nothing but the message to the alarm topic
   */
  readonly alarmActions?: readonly cloudwatch.IAlarmAction[];

  /**
   * Above which value an alarm goes on, by its name; the runbook tells the units. Other names are refused.
   *
   * @default - see docs/runbook.md
   */
  readonly alarmThresholds?: Readonly<Partial<Record<AlarmName, number>>>;

  /**
   * Where you keep the runbook, for the alarms' descriptions to link: an http or https URL of at most 400 characters; `#` and the
   * alarm's name are appended.
   *
   * @default - no link: the descriptions name the entry in the package's docs/runbook.md
   */
  readonly runbookUrl?: string;
}
