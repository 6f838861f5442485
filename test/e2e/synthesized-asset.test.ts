import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { CloudEvent } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import sources from '../../bin/sources.ts';
import { resources } from '../../lib/core/resources.ts';
import { type CreatedResources, createResources } from '../../lib/local/create-resources.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { localConnection } from '../../lib/local/local-connection.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { secretArn } from '../../lib/local/secrets-manager.ts';
import { sqsRecord } from '../../lib/local/sqs-event.ts';
import { subscribeQueue } from '../../lib/local/subscribe-queue.ts';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import { type CloudClients, cloudClients } from '../local/cloud-clients.ts';
import { type AssetProcess, assetProcess } from './asset-process.ts';
import { type SynthesizedApp, synthesizeApp } from './synthesized-app.ts';

const GITHUB = 'It is a secret to everybody';
const STRIPE = 'whsec_e2e';

const PUBLIC_URL = 'https://abc123.execute-api.us-east-1.amazonaws.com';

let folder: string;
let cloud: EmbeddedCloud;
let clients: CloudClients;
let created: CreatedResources;
let app: SynthesizedApp;
let ingest: AssetProcess;

/** What a deployment would fill into the template: here the embedded cloud's. */
function deployed(): Record<string, string> {
  const secrets = Object.keys(sources).map((name) => [
    `ReceiverSecrets${name.replaceAll('-', '')}`,
    secretArn(name),
  ]);
  return {
    'AWS::AccountId': '000000000000',
    'AWS::Region': 'us-east-1',
    'ReceiverGatewayApi.ApiEndpoint': PUBLIC_URL,
    ReceiverDeliveriesQueue: created.queue.url,
    ReceiverDeliveriesDeadLetters: created.deadLetters.url,
    ReceiverLedgerTable: created.table,
    ReceiverEventsTopic: created.topicArn,
    ReceiverObjectsBucket: created.bucket,
    ...Object.fromEntries(secrets),
  };
}

/** The asset alone in a folder outside the project, with the template's environment and what Lambda sets. */
async function start(name: 'Ingest' | 'Process'): Promise<AssetProcess> {
  const asset = join(folder, name);
  await app.copyAsset(name, asset);
  return assetProcess(asset, {
    ...app.environment(name, deployed()),
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
  });
}

interface Call {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly receivedAt?: number;
}

/** An HTTP API's event, payload 2.0. */
function gatewayEvent({ path, headers, body, receivedAt = Date.now() }: Call): object {
  return {
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: {
      'content-type': 'application/json',
      host: 'abc123.execute-api.us-east-1.amazonaws.com',
      ...headers,
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'abc123',
      domainName: 'abc123.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'abc123',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: randomUUID(),
      routeKey: `POST ${path}`,
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: receivedAt,
    },
    body,
    isBase64Encoded: false,
  };
}

const hmac = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex');

/** By GitHub's own description, not by our code: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries */
function fromGithub(body: string, secret: string = GITHUB): Call {
  return {
    path: '/github',
    headers: {
      'x-github-event': 'issues',
      'x-github-delivery': randomUUID(),
      'x-github-hook-id': '1',
      'x-hub-signature-256': `sha256=${hmac(secret, body)}`,
    },
    body,
  };
}

/** By Stripe's own description: https://docs.stripe.com/webhooks#verify-manually */
function fromStripe(signedAt: number, receivedAt: number): Call {
  const body = JSON.stringify({
    id: `evt_${randomUUID()}`,
    object: 'event',
    type: 'invoice.paid',
    created: signedAt / 1000,
    data: { object: { id: 'in_1', object: 'invoice' } },
  });
  const t = signedAt / 1000;
  return {
    path: '/stripe',
    headers: { 'stripe-signature': `t=${t},v1=${hmac(STRIPE, `${t}.${body}`)}` },
    body,
    receivedAt,
  };
}

function issue(title: string): string {
  return JSON.stringify({
    action: 'opened',
    issue: { id: 1, number: 1, title, updated_at: '2026-01-01T00:00:00Z' },
    repository: { id: 7, full_name: 'acme/shop' },
    sender: { id: 3 },
  });
}

async function status(call: Call): Promise<unknown> {
  const answer = await ingest.invoke(gatewayEvent(call));
  return (answer as { readonly statusCode: number }).statusCode;
}

async function received(url: string): Promise<readonly Message[]> {
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      WaitTimeSeconds: 5,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
}

async function removed({ ReceiptHandle }: Message): Promise<void> {
  await clients.sqs.send(new DeleteMessageCommand({ QueueUrl: created.queue.url, ReceiptHandle }));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-asset-'));
  const bundles = join(folder, 'bundles');
  const secrets = memorySecretStore(
    { github: { signing: [GITHUB] }, stripe: { signing: [STRIPE] } },
    Date.now,
  );
  [cloud] = await Promise.all([startEmbeddedCloud({ secrets }), bundleFunctions({ outdir: bundles })]);
  clients = cloudClients(cloud.endpoint);
  created = await createResources(localConnection(cloud.endpoint), resources({ fifo: false }));
  app = await synthesizeApp(bundles, join(folder, 'cdk.out'));
  ingest = await start('Ingest');
}, 120_000);

afterAll(async () => {
  await ingest?.stop();
  clients?.destroy();
  await cloud?.close();
  await rm(folder, { recursive: true });
});

describe('the app as it stands', () => {
  test('has a route for each of its sources', () => {
    const routes = Object.values(app.template.Resources).filter(
      ({ Type }) => Type === 'AWS::ApiGatewayV2::Route',
    );
    expect(routes.map(({ Properties }) => Properties.RouteKey)).toEqual(
      expect.arrayContaining(Object.keys(sources).map((name) => `POST /${name}`)),
    );
  });
});

describe('the staged ingest function, alone on Node 24', () => {
  test('runs on the version of Node that Lambda has', () => {
    expect(ingest.node).toMatch(/^v24\./);
  });

  test('accepts a signed delivery, and it is on the queue', async () => {
    const call = fromGithub(issue('signed'));
    expect(await status(call)).toBe(200);
    const [message] = await received(created.queue.url);
    expect(message?.Body).toBe(call.body);
  });

  test('refuses a forged one', async () => {
    expect(await status(fromGithub(issue('forged'), 'another secret'))).toBe(401);
  });

  test('refuses one whose body was changed by a byte', async () => {
    const call = fromGithub(issue('changed'));
    expect(await status({ ...call, body: call.body.replace('opened', 'openee') })).toBe(401);
  });

  test('measures the tolerance against the time at which the gateway got the request', async () => {
    const signedAt = Date.UTC(2020, 0, 1);
    expect(await status(fromStripe(signedAt, signedAt + 299_000))).toBe(200);
    expect(await status(fromStripe(signedAt, signedAt + 301_000))).toBe(401);
    expect(await status(fromStripe(signedAt, Date.now()))).toBe(401);
  });

  test('answers 503 to a source whose secret nobody has put yet', async () => {
    const [third = ''] = Object.keys(sources).filter((name) => !['github', 'stripe'].includes(name));
    expect(await status({ path: `/${third}`, headers: {}, body: '{}' })).toBe(503);
  });

  test('puts a body too large for a message into the bucket', async () => {
    expect(await status(fromGithub(issue('x'.repeat(1_200_000))))).toBe(200);
    const { Contents = [] } = await clients.s3.send(
      new ListObjectsV2Command({ Bucket: created.bucket, Prefix: 'bodies/github/' }),
    );
    expect(Contents).toHaveLength(1);
  });

  test('writes one line for each request, and no secret, signature or body', () => {
    const log = ingest.log().join('\n');
    expect(log).toContain('"outcome":"accepted"');
    expect(log).toContain('"reason":"wrong-signature"');
    for (const secret of [GITHUB, STRIPE, 'sha256=', 'acme/shop']) expect(log).not.toContain(secret);
  });
});

describe('the staged process function, alone on Node 24', () => {
  test('publishes what ingest has queued as a CloudEvent', async () => {
    const subscription = await subscribeQueue(localConnection(cloud.endpoint), {
      topicArn: created.topicArn,
      queueName: 'subscriber',
      delivery: 'message',
    });
    for (const left of await received(created.queue.url)) await removed(left);
    expect(await status(fromGithub(issue('published')))).toBe(200);
    const worker = await start('Process');
    try {
      const Records = (await received(created.queue.url)).map((message) =>
        sqsRecord(message, created.queue.arn),
      );
      expect(await worker.invoke({ Records })).toEqual({ batchItemFailures: [] });
    } finally {
      await worker.stop();
    }
    const [event] = await received(subscription.url);
    expect(new CloudEvent(JSON.parse(event?.Body ?? '{}'))).toMatchObject({
      type: 'github.issues.opened',
      source: 'headgate:000000000000:us-east-1:Headgate.Receiver:github',
      data: { payload: { action: 'opened', issue: { title: 'published' } } },
    });
  });
});
