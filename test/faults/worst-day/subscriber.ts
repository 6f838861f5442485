import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamodbLedger } from '../../../lib/aws/dynamodb-ledger.ts';
import { storeSettings } from '../../../lib/core/subscriber/store.ts';
import {
  type DatarefOptions,
  followDataref,
  type HeadgateEvent,
  type HoldOptions,
  InfrastructureError,
  latest,
  once,
  parseEvents,
  type ReadRecord,
  type SubscriberStore,
} from '../../../lib/events.ts';
import { BUCKET } from './receiver.ts';
import { pause, type Sandbox } from './sandbox.ts';
import { objectStore, type SimulatedBucket } from './simulated-bucket.ts';
import { awsPatience, type CloudWorld, type SimulatedService, simulatedClient } from './simulated-client.ts';
import { type SimulatedFunction, simulatedFunction } from './simulated-function.ts';

/** How long a call of a subscriber's may take, in ms. */
const LIMIT_MS = 2_000;

export interface SubscriberOptions {
  readonly name: string;
  readonly table: SimulatedService;
  readonly bucket: SimulatedBucket;
  readonly own: OwnStore;
  readonly handle: SubscriberHandler;
}

/** What a subscriber keeps of its own: calls to it fail like any others. */
export interface OwnStore extends SimulatedService {
  /** Told when a subscriber is about to keep something. */
  begin(event: HeadgateEvent): void;
}

/** What it does with an event. `keep` writes to what it keeps of its own. @returns whether the message has to come again. */
export type SubscriberHandler = (
  store: SubscriberStore,
  event: HeadgateEvent,
  keep: (event: HeadgateEvent) => Promise<unknown>,
  options: HoldOptions,
) => Promise<'done' | 'again'>;

class Keep {
  readonly input: HeadgateEvent;
  constructor(event: HeadgateEvent) {
    this.input = event;
  }
}

interface OwnClient {
  send(command: Keep): Promise<unknown>;
}

/** A subscriber as our examples write it: with what `headgate/events` exports, in a function of its own. */
export function subscriberFunction(
  world: CloudWorld,
  { name, table, bucket, own, handle }: SubscriberOptions,
): SimulatedFunction<SQSEvent, SQSBatchResponse> {
  return simulatedFunction(world.stage, {
    name,
    timeoutSeconds: 30,
    open: (sandbox) => {
      const store = storeOf(world, sandbox, name, table);
      const objects = objectStore(world, sandbox, bucket, LIMIT_MS);
      const client = simulatedClient<OwnClient>(world, sandbox, own, awsPatience(LIMIT_MS));
      const keep = (event: HeadgateEvent): Promise<unknown> => {
        own.begin(event);
        return client.send(new Keep(event));
      };
      const reference: DatarefOptions = {
        buckets: [BUCKET],
        fetchObject: (_bucket, key) => objects.get(key),
      };
      const take = async (record: ReadRecord, deadline: number): Promise<readonly string[]> => {
        if (record.kind === 'unreadable') throw record.error;
        try {
          const event = await followDataref(record.event, reference);
          return (await handle(store, event, keep, { deadline })) === 'again' ? [record.messageId] : [];
        } catch (error) {
          if (error instanceof InfrastructureError || isRefusal(error)) return [record.messageId];
          throw error;
        }
      };
      return async (batch: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
        const deadline = sandbox.now() + context.getRemainingTimeInMillis();
        const failed: string[] = [];
        for (const record of parseEvents(batch)) failed.push(...(await take(record, deadline)));
        return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
      };
    },
  });
}

/** Applies what is newer, and forgets what is gone. */
export const applyLatest: SubscriberHandler = async (store, event, keep, options) => {
  const outcome = await latest(store, event, (state) => keep(state), options);
  return outcome.kind === 'busy' ? 'again' : 'done';
};

/** Does something about each event. */
export const handleOnce: SubscriberHandler = async (store, event, keep, options) => {
  const outcome = await once(store, event, (one) => keep(one), options);
  return outcome.kind === 'busy' ? 'again' : 'done';
};

/** As `dynamodbStore` makes it, but for time and tokens. */
function storeOf(
  world: CloudWorld,
  sandbox: Sandbox,
  name: string,
  table: SimulatedService,
): SubscriberStore {
  const { stage } = world;
  const ledger = dynamodbLedger({
    client: simulatedClient<DynamoDBClient>(world, sandbox, table, awsPatience(LIMIT_MS)),
    table: 'subscribers',
    pause: (ms) => pause(stage, sandbox, ms),
    limits: { write: LIMIT_MS, read: LIMIT_MS },
  });
  return {
    ...storeSettings({ subscriber: name }),
    write: ledger.write,
    now: sandbox.now,
    token: () => stage.nth(`token of ${sandbox.name}`),
  };
}

/** What a service of the subscriber's own answers with, or fails to answer. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && ('$metadata' in error || error.name === 'TimeoutError');
}
