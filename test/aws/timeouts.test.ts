import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { s3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { secretsManagerClient, secretsManagerSecrets } from '../../lib/aws/secrets-manager-secrets.ts';
import { sqsClient } from '../../lib/aws/sqs-client.ts';
import { sqsDeliveryQueue } from '../../lib/aws/sqs-delivery-queue.ts';
import type { SourceName } from '../../lib/core/source.ts';
import { localConnection } from '../../lib/local/local-connection.ts';
import { plainProvider, sourceOf } from '../core/intake-cases.ts';

/** Takes every call and never answers. */
let silent: Server;
let requests = 0;
beforeAll(async () => {
  silent = createServer(() => {
    requests += 1;
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterAll(async () => {
  silent.closeAllConnections();
  silent.close();
  await once(silent, 'close');
});

test('an AWS that never answers is given up, twice asked, while the function still has time', async () => {
  const connection = localConnection(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const source = sourceOf(plainProvider());
  const message = { body: '{}', metadata: '{}', group: 'acme' as SourceName };
  const arns = new Map([[source.name, 'arn']]);
  const secrets = secretsManagerSecrets({ client: secretsManagerClient(connection), arns, now: Date.now });
  const queueUrl = `${connection.endpoint}/1/q`;
  const answers = await Promise.allSettled([
    sqsDeliveryQueue({ client: sqsClient(connection), queueUrl }).send(message),
    s3ObjectStore({ bucket: 'b', connection }).put('k', Buffer.from('x')),
    secrets.read(source),
  ]);
  const failures = answers.map((answer) => answer.status === 'rejected' && answer.reason);
  const unavailable = { name: 'InfrastructureError', nature: 'unavailable' };
  expect(failures).toMatchObject([
    { ...unavailable, call: 'sqs:SendMessage' },
    { ...unavailable, call: 's3:PutObject' },
    { ...unavailable, call: 'secretsmanager:GetSecretValue' },
  ]);
  expect(requests).toBe(6);
});
