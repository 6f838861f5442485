import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EpochMs } from '../core/request.ts';
import { type StoreOptions, type SubscriberStore, storeSettings } from '../core/subscriber/store.ts';
import { dynamodbLedger } from './dynamodb-ledger.ts';

/**
 * A store in a DynamoDB table of yours, with the string `key` as its partition key and `expires` as its TTL attribute. Needs
 * `dynamodb:UpdateItem` alone. Several subscribers can share a table, by different names.
 *
 * @param options.client how long it waits and how often it tries again is yours to set.
 * @param options.now the time, in ms since the epoch; by default the machine's.
 * @throws {ConfigurationError}
 * @example dynamodbStore({ client: new DynamoDBClient(), table: 'billing-events', subscriber: 'billing' })
 */
export function dynamodbStore(
  options: StoreOptions & {
    readonly client: DynamoDBClient;
    readonly table: string;
    readonly now?: () => EpochMs;
  },
): SubscriberStore {
  const { client, table, now = Date.now } = options;
  const ledger = dynamodbLedger({ client, table, pause: setTimeout });
  return { ...storeSettings(options), write: ledger.write, now, token: randomUUID };
}
