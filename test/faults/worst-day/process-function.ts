import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamodbLedger } from '../../../lib/aws/dynamodb-ledger.ts';
import { processHandler } from '../../../lib/aws/process-handler.ts';
import { snsEventTopic } from '../../../lib/aws/sns-event-topic.ts';
import { sqsDeadLetters } from '../../../lib/aws/sqs-dead-letters.ts';
import { sqsDeliveryQueue } from '../../../lib/aws/sqs-delivery-queue.ts';
import { sqsVisibility } from '../../../lib/aws/sqs-visibility.ts';
import { withinLimit } from '../../../lib/aws/within-limit.ts';
import { resourceReader } from '../../../lib/core/api/resource-reader.ts';
import type { ClaimToken } from '../../../lib/core/claim.ts';
import type { EventTopic, Ledger, ResourceReader } from '../../../lib/core/ports.ts';
import { resources } from '../../../lib/core/resources.ts';
import { PROCESS_LIMITS } from '../../../lib/core/time-limits.ts';
import { asIs, BUCKET, DEAD_LETTERS_URL, QUEUE_URL, type ReceiverOptions, TABLE, URI } from './receiver.ts';
import { pause, type Sandbox } from './sandbox.ts';
import { apiClient } from './simulated-api.ts';
import { objectStore } from './simulated-bucket.ts';
import { awsPatience, type CloudWorld, simulatedClient } from './simulated-client.ts';
import { type SimulatedFunction, simulatedFunction } from './simulated-function.ts';
import { sourceSecrets } from './source-secrets.ts';

/** The process function: the real handler on the real adapters, in each process anew. */
export function processFunction(
  world: CloudWorld,
  options: ReceiverOptions,
): SimulatedFunction<SQSEvent, SQSBatchResponse> {
  const { inlets, services, topicKind, retentionSeconds, bug } = options;
  const { stage } = world;
  return simulatedFunction(stage, {
    name: 'process',
    timeoutSeconds: resources({ fifo: false }).functions.process.timeoutSeconds,
    open: (sandbox) => {
      const { queue: limitMs } = PROCESS_LIMITS;
      const client = simulatedClient<SQSClient>(world, sandbox, services.sqs, awsPatience(limitMs));
      const queue = { client, queueUrl: QUEUE_URL, limitMs };
      const known = ledgerOf(world, sandbox, options);
      const { ledger, resources: reader } = (bug.processor ?? asIs)({
        ledger: known,
        resources: readerOf(world, sandbox, options, known),
      });
      const topic = topicOf(world, sandbox, options);
      return processHandler({
        inlets,
        settings: { uri: URI, bucket: BUCKET, topicKind, retentionSeconds },
        ports: {
          ledger,
          topic: bug.topic?.(topic, ledger) ?? topic,
          deadLetters: sqsDeadLetters({ ...queue, queueUrl: DEAD_LETTERS_URL }),
          objects: objectStore(world, sandbox, services.bucket, PROCESS_LIMITS.objects),
          queue: sqsDeliveryQueue(queue),
          visibility: sqsVisibility(queue),
          resources: reader,
        },
        world: worldOf(world, sandbox),
        report: () => {},
      });
    },
  });
}

function worldOf(
  { stage }: CloudWorld,
  sandbox: Sandbox,
): { now: () => number; random: () => number; token: () => ClaimToken } {
  return {
    now: sandbox.now,
    random: () => stage.dice.roll(stage.nth(`chance in ${sandbox.name}`)),
    token: () => stage.nth(`token of ${sandbox.name}`) as ClaimToken,
  };
}

function ledgerOf(world: CloudWorld, sandbox: Sandbox, { services, watch }: ReceiverOptions): Ledger {
  const { ledgerWrite: write, ledgerRead: read } = PROCESS_LIMITS;
  const ledger = dynamodbLedger({
    client: simulatedClient<DynamoDBClient>(world, sandbox, services.table, awsPatience(write)),
    table: TABLE,
    pause: (ms) => pause(world.stage, sandbox, ms),
    limits: { write, read },
  });
  return watch(ledger, sandbox);
}

function topicOf(world: CloudWorld, sandbox: Sandbox, { services, topicKind }: ReceiverOptions): EventTopic {
  const { topic: limitMs } = PROCESS_LIMITS;
  return snsEventTopic({
    client: simulatedClient<SNSClient>(world, sandbox, services.topic, awsPatience(limitMs)),
    topicArn: topicKind === 'fifo' ? 'topic.fifo' : 'topic',
    limitMs,
  });
}

/** As `lib/aws/lazy-resources.ts` has it, on a simulated way to the providers. */
function readerOf(
  world: CloudWorld,
  sandbox: Sandbox,
  options: ReceiverOptions,
  ledger: Ledger,
): ResourceReader {
  const { now, random } = worldOf(world, sandbox);
  const reader = resourceReader({
    ledger,
    api: apiClient(world, sandbox, options.services.apis, PROCESS_LIMITS.api),
    secrets: sourceSecrets(world, sandbox, options, PROCESS_LIMITS.secrets),
    now,
    random,
    pause: (ms) => pause(world.stage, sandbox, ms),
  });
  return {
    async read(source, address) {
      try {
        return await withinLimit(PROCESS_LIMITS.fetch, () => reader.read(source, address));
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error;
        return { kind: 'unknown', reason: 'unanswered', cause: error.message };
      }
    },
  };
}
