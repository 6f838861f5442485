import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dynamodbClient, dynamodbLedger } from '../aws/dynamodb-ledger.ts';
import { type IngestHandler, ingestHandler } from '../aws/ingest-handler.ts';
import { type ProcessHandler, processHandler } from '../aws/process-handler.ts';
import { s3ObjectStore } from '../aws/s3-object-store.ts';
import { secretsManagerClient, secretsManagerSecrets } from '../aws/secrets-manager-secrets.ts';
import { snsClient, snsEventTopic } from '../aws/sns-event-topic.ts';
import { sqsClient } from '../aws/sqs-client.ts';
import { sqsDeadLetters } from '../aws/sqs-dead-letters.ts';
import { sqsDeliveryQueue } from '../aws/sqs-delivery-queue.ts';
import { sqsVisibility } from '../aws/sqs-visibility.ts';
import type { ClaimToken } from '../core/claim.ts';
import type { Inlet } from '../core/inlet.ts';
import type { Report } from '../core/report.ts';
import { ledgerRetentionSeconds } from '../core/resources.ts';
import type { CreatedResources } from './create-resources.ts';
import type { LocalConnection } from './local-connection.ts';
import { secretArn } from './secrets-manager.ts';

/** What both functions are wired with. */
export interface RunnerWiring {
  readonly connection: LocalConnection;
  readonly created: CreatedResources;
  readonly inlets: readonly Inlet[];
  readonly report: (reports: readonly Report[]) => void;
}

/** The functions of `functions/`, as they are, but for where AWS is and where the reports go. */
export interface RunnerFunctions {
  ingest(options: { readonly publicUrl: string }): IngestHandler;
  readonly process: ProcessHandler;
  /** Closes the clients' connections. */
  close(): void;
}

/** @example runnerFunctions({ connection, created, inlets, report }).ingest({ publicUrl: 'http://127.0.0.1:8787' }) */
export function runnerFunctions(wiring: RunnerWiring): RunnerFunctions {
  const { connection, created, inlets, report } = wiring;
  const clients = {
    sqs: sqsClient(connection),
    sns: snsClient(connection),
    dynamodb: dynamodbClient(connection),
    secrets: secretsManagerClient(connection),
  };
  const queue = sqsDeliveryQueue({ client: clients.sqs, queueUrl: created.queue.url });
  const objects = s3ObjectStore({ bucket: created.bucket, connection });
  const arns = new Map(inlets.map(({ source: { name } }) => [name, secretArn(name)]));
  const secrets = secretsManagerSecrets({ client: clients.secrets, arns, now: Date.now });
  return {
    ingest: ({ publicUrl }) =>
      ingestHandler({
        inlets,
        ports: { secrets, queue, objects },
        publicUrl,
        now: Date.now,
        report: (one) => report([one]),
      }),
    process: processHandler({
      inlets,
      settings: {
        uri: 'urn:headgate:local',
        bucket: created.bucket,
        topicKind: created.topicArn.endsWith('.fifo') ? 'fifo' : 'standard',
        retentionSeconds: ledgerRetentionSeconds(inlets.map(({ source }) => source)),
      },
      ports: {
        ledger: dynamodbLedger({ client: clients.dynamodb, table: created.table, pause: (ms) => sleep(ms) }),
        topic: snsEventTopic({ client: clients.sns, topicArn: created.topicArn }),
        deadLetters: sqsDeadLetters({ client: clients.sqs, queueUrl: created.deadLetters.url }),
        objects,
        queue,
        visibility: sqsVisibility({ client: clients.sqs, queueUrl: created.queue.url }),
      },
      world: { now: Date.now, random: Math.random, token: () => randomUUID() as ClaimToken },
      report,
    }),
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
