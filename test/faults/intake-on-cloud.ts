import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ingestHandler } from '../../lib/aws/ingest-handler.ts';
import { s3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { secretsManagerClient, secretsManagerSecrets } from '../../lib/aws/secrets-manager-secrets.ts';
import { sqsClient } from '../../lib/aws/sqs-client.ts';
import { sqsDeliveryQueue } from '../../lib/aws/sqs-delivery-queue.ts';
import {
  type Delivery,
  type DeliveryMessage,
  decodeDelivery,
  withStoredBody,
} from '../../lib/core/delivery.ts';
import { openInlet } from '../../lib/core/inlet.ts';
import type { Report } from '../../lib/core/report.ts';
import type { Source, SourceName } from '../../lib/core/source.ts';
import { gatewayEvent } from '../../lib/local/gateway-event.ts';
import { lambdaContext } from '../../lib/local/lambda-context.ts';
import type { SecretValue } from '../../lib/local/secret-store.ts';
import { secretArn } from '../../lib/local/secrets-manager.ts';
import { startTestCloud, type TestCloud } from '../aws/cloud.ts';
import { type Sent, sourceOf } from '../core/intake-cases.ts';
import { noCertificates, noConfirmations, signingProvider } from '../core/intake-world.ts';

/** The ingest function as it runs on AWS, on a cloud of its own. */
export interface IntakeOnCloud {
  readonly cloud: TestCloud;
  readonly reports: readonly Report[];
  send(sent: Sent): Promise<APIGatewayProxyStructuredResultV2>;
  /** What lies on the queue and in the spill, as the processor and the sweep will read it. */
  safe(): Promise<readonly Delivery[]>;
}

export function startIntake(secret: string): Promise<IntakeOnCloud> {
  return startIntakeOf(sourceOf(signingProvider()), { signing: [secret] });
}

/** @param stored what the source's secret holds. */
export async function startIntakeOf(source: Source, stored: SecretValue): Promise<IntakeOnCloud> {
  const cloud = await startTestCloud({ secrets: { [source.name]: stored } });
  const { connection } = cloud;
  const reports: Report[] = [];
  const secrets = secretsManagerSecrets({
    client: secretsManagerClient(3_000, connection),
    limitMs: 3_000,
    arns: new Map([[source.name, secretArn(source.name)]]),
    now: Date.now,
  });
  const handle = ingestHandler({
    inlets: [await openInlet(source)],
    ports: {
      secrets,
      installer: secrets,
      queue: sqsDeliveryQueue({
        client: sqsClient(3_000, connection),
        queueUrl: cloud.queue.url,
        limitMs: 3_000,
      }),
      objects: s3ObjectStore({ bucket: cloud.bucket, connection, limitMs: 3_000 }),
      certificates: noCertificates,
      confirmations: noConfirmations,
    },
    publicUrl: 'https://hooks.example.com',
    now: Date.now,
    report: (report) => reports.push(report),
  });
  const send = (sent: Sent): Promise<APIGatewayProxyStructuredResultV2> =>
    handle(eventOf(sent), lambdaContext({ name: 'ingest', timeoutMs: 10_000 }, Date.now));
  return { cloud, reports, send, safe: async () => [...(await queued(cloud)), ...(await spilled(cloud))] };
}

function eventOf({ body, headers = {} }: Sent): ReturnType<typeof gatewayEvent> {
  return gatewayEvent(
    {
      method: 'POST',
      path: '/acme',
      query: '',
      rawHeaders: Object.entries(headers).flat(),
      body: Buffer.from(body),
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
      port: 1,
      requestId: 'd1',
      receivedAt: Date.now(),
    },
    'POST /acme',
  );
}

async function queued(cloud: TestCloud): Promise<readonly Delivery[]> {
  const { Messages = [] } = await cloud.clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: cloud.queue.url,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
    }),
  );
  const messages = Messages.map(({ Body = '', MessageAttributes }) => ({
    body: Body,
    metadata: MessageAttributes?.headgate?.StringValue ?? '',
    group: '' as SourceName,
  }));
  return Promise.all(messages.map((message) => read(message, cloud)));
}

async function spilled(cloud: TestCloud): Promise<readonly Delivery[]> {
  const list = new ListObjectsV2Command({ Bucket: cloud.bucket, Prefix: 'spill/' });
  const { Contents = [] } = await cloud.clients.s3.send(list);
  return Promise.all(
    Contents.map(async ({ Key = '' }) => read(JSON.parse((await object(Key, cloud)).toString()), cloud)),
  );
}

async function read(message: DeliveryMessage, cloud: TestCloud): Promise<Delivery> {
  const decoded = decodeDelivery(message);
  const whole =
    decoded.kind === 'stored' ? withStoredBody(decoded, await object(decoded.key, cloud)) : decoded;
  if (whole.kind === 'malformed') throw new Error(whole.explanation);
  return whole.delivery;
}

async function object(key: string, cloud: TestCloud): Promise<Buffer> {
  const { Body } = await cloud.clients.s3.send(new GetObjectCommand({ Bucket: cloud.bucket, Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}
