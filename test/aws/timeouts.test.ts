import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientSettings } from '../../lib/aws/client-settings.ts';
import { dynamodbClient, dynamodbLedger } from '../../lib/aws/dynamodb-ledger.ts';
import { s3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { secretVersions } from '../../lib/aws/secret-versions.ts';
import { secretsManagerClient, secretsManagerSecrets } from '../../lib/aws/secrets-manager-secrets.ts';
import { snsClient, snsEventTopic } from '../../lib/aws/sns-event-topic.ts';
import { sqsClient } from '../../lib/aws/sqs-client.ts';
import { sqsDeadLetters } from '../../lib/aws/sqs-dead-letters.ts';
import { sqsDeliveryQueue } from '../../lib/aws/sqs-delivery-queue.ts';
import { sqsVisibility } from '../../lib/aws/sqs-visibility.ts';
import type { RowKey } from '../../lib/core/conditional-write.ts';
import type { SourceName } from '../../lib/core/source.ts';
import { INTAKE_LIMITS, PROCESS_LIMITS } from '../../lib/core/time-limits.ts';
import { type LocalConnection, localConnection } from '../../lib/local/local-connection.ts';
import { plainProvider, sourceOf } from '../core/intake-cases.ts';

let server: Server;
let requests: number;
let answer: RequestListener;
beforeAll(async () => {
  server = createServer((request, response) => {
    requests += 1;
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});
beforeEach(() => {
  requests = 0;
});

const limitMs = 700;
const source = sourceOf(plainProvider());
const message = { body: '{}', metadata: '{}', group: 'acme' as SourceName };
const published = { message: '{}', attributes: {}, group: 'g', deduplicationId: 'd' };
const pause = async (): Promise<void> => {};

function connection(): LocalConnection {
  return localConnection(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** Every call that a function makes. */
const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  'sqs:SendMessage': () => sqsDeliveryQueue(queue()).send(message),
  'sqs:SendMessage of a dead letter': () => sqsDeadLetters(queue()).send(message, 'collision'),
  'sqs:ChangeMessageVisibilityBatch': () => sqsVisibility(queue()).hide([{ receipt: 'r', seconds: 1 }]),
  'sns:PublishBatch': () => {
    const client = snsClient(limitMs, connection());
    return snsEventTopic({ client, topicArn: 'arn:aws:sns:eu-west-1:1:t', limitMs }).publish([published]);
  },
  'dynamodb:UpdateItem': () => ledger().write({ key: 'k' as RowKey, set: { a: 1 } }),
  'dynamodb:BatchGetItem': () => ledger().read(['k' as RowKey]),
  's3:PutObject': () => store().put('k', Buffer.from('x')),
  's3:GetObject': () => store().get('k'),
  'secretsmanager:GetSecretValue': () =>
    secretsManagerSecrets({
      client: secretsManagerClient(limitMs, connection()),
      arns: new Map([[source.name, 'arn']]),
      limitMs,
      now: Date.now,
    }).read(source),
  'secretsmanager:PutSecretValue': () => versions().offer('{"signing":["a"]}'),
  'secretsmanager:UpdateSecretVersionStage': () => versions().promote('new', 'old'),
};

function versions() {
  const client = secretsManagerClient(limitMs, connection());
  return secretVersions({ client, arns: new Map([[source.name, 'arn']]), limitMs, now: Date.now }, source);
}

function queue() {
  const connected = connection();
  return { client: sqsClient(limitMs, connected), queueUrl: `${connected.endpoint}/1/q`, limitMs };
}

function ledger() {
  const limits = { write: limitMs, read: limitMs };
  return dynamodbLedger({ client: dynamodbClient(limitMs, connection()), table: 't', pause, limits });
}

function store() {
  return s3ObjectStore({ bucket: 'b', limitMs, connection: connection() });
}

describe.each(Object.keys(calls))('%s', (name) => {
  const call = () => calls[name]?.();
  const unavailable = { name: 'InfrastructureError', nature: 'unavailable', call: name.split(' ')[0] };

  test('is asked twice of an AWS that never answers, and given up', async () => {
    answer = () => {};
    await expect(call()).rejects.toMatchObject(unavailable);
    expect(requests).toBe(2);
  });

  test('is given up when the answer begins, and never ends', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    };
    await expect(call()).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining('Timeout'),
    });
  });

  test('is given up when AWS asks for a pause that is longer than the limit', async () => {
    answer = (_request, response) => {
      response.writeHead(503, { 'retry-after': '4', 'x-amz-retry-after': '4000' }).end();
    };
    await expect(call()).rejects.toMatchObject({ name: 'InfrastructureError' });
    expect(requests).toBe(1);
  });
});

test('two attempts and the pause between them fit into each limit', () => {
  for (const limit of [...Object.values(INTAKE_LIMITS), ...Object.values(PROCESS_LIMITS)]) {
    const { maxAttempts, requestHandler } = clientSettings(limit);
    expect(maxAttempts * requestHandler.requestTimeout + 100).toBeLessThanOrEqual(limit);
    expect(requestHandler.requestTimeout).toBeGreaterThanOrEqual(300);
  }
});
