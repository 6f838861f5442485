import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { dynamodbClient, dynamodbLedger } from '../lib/aws/dynamodb-ledger.ts';
import { emfLog } from '../lib/aws/emf-log.ts';
import { readProcessEnvironment } from '../lib/aws/environment.ts';
import { type ProcessHandler, processHandler } from '../lib/aws/process-handler.ts';
import { s3ObjectStore } from '../lib/aws/s3-object-store.ts';
import { snsClient, snsEventTopic } from '../lib/aws/sns-event-topic.ts';
import { sqsClient } from '../lib/aws/sqs-client.ts';
import { sqsDeadLetters } from '../lib/aws/sqs-dead-letters.ts';
import { sqsDeliveryQueue } from '../lib/aws/sqs-delivery-queue.ts';
import { sqsVisibility } from '../lib/aws/sqs-visibility.ts';
import type { ClaimToken } from '../lib/core/claim.ts';
import { openInlet } from '../lib/core/inlet.ts';
import { SOURCES_FILE } from '../lib/core/resources.ts';
import { readStagedSources } from '../lib/core/staged-sources.ts';

const sources = readStagedSources(readFileSync(new URL(SOURCES_FILE, import.meta.url), 'utf8'));
const environment = readProcessEnvironment(process.env);
const client = sqsClient();

export const handler: ProcessHandler = processHandler({
  inlets: await Promise.all(sources.map(openInlet)),
  settings: {
    uri: environment.origin,
    bucket: environment.bucket,
    topicKind: environment.topicArn.endsWith('.fifo') ? 'fifo' : 'standard',
    retentionSeconds: environment.ledgerRetentionSeconds,
  },
  ports: {
    ledger: dynamodbLedger({
      client: dynamodbClient(),
      table: environment.table,
      pause: (ms) => setTimeout(ms),
    }),
    topic: snsEventTopic({ client: snsClient(), topicArn: environment.topicArn }),
    deadLetters: sqsDeadLetters({ client, queueUrl: environment.deadLettersUrl }),
    objects: s3ObjectStore({ bucket: environment.bucket }),
    queue: sqsDeliveryQueue({ client, queueUrl: environment.queueUrl }),
    visibility: sqsVisibility({ client, queueUrl: environment.queueUrl }),
  },
  world: { now: Date.now, random: Math.random, token: () => randomUUID() as ClaimToken },
  report: emfLog({
    namespace: environment.metricsNamespace,
    now: Date.now,
    write: (line) => process.stdout.write(`${line}\n`),
  }),
});
