import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimToken } from '../core/claim.ts';
import type { Inlet } from '../core/inlet.ts';
import type { EpochMs } from '../core/request.ts';
import { PROCESS_LIMITS, type ProcessLimits } from '../core/time-limits.ts';
import type { Connection } from './client-settings.ts';
import { dynamodbClient, dynamodbLedger } from './dynamodb-ledger.ts';
import type { ProcessEnvironment } from './environment.ts';
import { lazyResources } from './lazy-resources.ts';
import { type ProcessHandler, type ProcessWiring, processHandler } from './process-handler.ts';
import { s3ObjectStore } from './s3-object-store.ts';
import { snsClient, snsEventTopic, topicKind } from './sns-event-topic.ts';
import { sqsClient } from './sqs-client.ts';
import { sqsDeadLetters } from './sqs-dead-letters.ts';
import { sqsDeliveryQueue } from './sqs-delivery-queue.ts';
import { sqsVisibility } from './sqs-visibility.ts';

export interface WiredProcess {
  readonly handler: ProcessHandler;
  /** Closes the clients' connections. */
  close(): void;
}

/**
 * The process function on AWS's clients.
 * @param wiring.connection where AWS is, when not where the environment says.
 * @param wiring.limits of its calls, in ms, when AWS is slower there.
 * @example export const { handler } = wireProcess({ inlets, environment, now: Date.now, report })
 */
export function wireProcess(wiring: {
  readonly inlets: readonly Inlet[];
  readonly environment: Omit<ProcessEnvironment, 'metricsNamespace'>;
  readonly connection?: Connection;
  readonly limits?: ProcessLimits;
  readonly now: () => EpochMs;
  readonly report: ProcessWiring['report'];
}): WiredProcess {
  const { inlets, environment, connection, limits = PROCESS_LIMITS, now, report } = wiring;
  const { bucket, topicArn, table, queueUrl, deadLettersUrl } = environment;
  const clients = {
    sqs: sqsClient(limits.queue, connection),
    sns: snsClient(limits.topic, connection),
    dynamodb: dynamodbClient(limits.ledgerWrite, connection),
  };
  const ledger = dynamodbLedger({
    client: clients.dynamodb,
    table,
    pause: (ms) => sleep(ms),
    limits: { write: limits.ledgerWrite, read: limits.ledgerRead },
  });
  const world = { now, random: Math.random, token: () => randomUUID() as ClaimToken };
  const resources = lazyResources({
    ledger,
    secrets: environment.secrets,
    limits,
    ...world,
    ...(connection && { connection }),
  });
  const queue = { client: clients.sqs, queueUrl, limitMs: limits.queue };
  const handler = processHandler({
    inlets,
    settings: {
      uri: environment.origin,
      bucket,
      topicKind: topicKind(topicArn),
      retentionSeconds: environment.ledgerRetentionSeconds,
    },
    ports: {
      ledger,
      topic: snsEventTopic({ client: clients.sns, topicArn, limitMs: limits.topic }),
      deadLetters: sqsDeadLetters({ ...queue, queueUrl: deadLettersUrl }),
      objects: s3ObjectStore({ bucket, limitMs: limits.objects, ...(connection && { connection }) }),
      queue: sqsDeliveryQueue(queue),
      visibility: sqsVisibility(queue),
      resources,
    },
    world,
    report,
  });
  return {
    handler,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
      resources.close();
    },
  };
}
