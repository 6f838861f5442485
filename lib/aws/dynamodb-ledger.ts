import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { ConditionalWrite, Row, RowKey, WriteAnswer } from '../core/conditional-write.ts';
import { InfrastructureError } from '../core/errors.ts';
import type { Ledger } from '../core/ports.ts';
import { type Connection, clientSettings } from './client-settings.ts';
import { confirmed } from './confirmed.ts';
import { toRow, updateItem } from './update-item.ts';
import { type SendOptions, withinLimit } from './within-limit.ts';

/** DynamoDB takes a hundred keys a call. */
const BATCH = 100;

/** Of a read whose keys DynamoDB leaves over. */
const READ_ATTEMPTS = 5;

const READ = 'dynamodb:BatchGetItem';

/** By what the table is keyed, as `resources` says. */
const PARTITION_KEY = 'key';

type Item = Readonly<Record<string, AttributeValue>>;

export interface LedgerOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Waits between attempts of a read; ms. */
  readonly pause: (ms: number) => Promise<void>;
  /** The longest that a write, or a whole read, may take, in ms. Without them the client alone decides. */
  readonly limits?: { readonly write: number; readonly read: number };
}

/** @param limitMs of a write. */
export function dynamodbClient(limitMs: number, connection?: Connection): DynamoDBClient {
  return new DynamoDBClient(clientSettings(limitMs, connection));
}

/**
 * The ledger's table. A write is one UpdateItem; its answer always holds the row, so that no decision needs a read.
 *
 * The client repeats a write whose answer was lost, and the repetition may be refused by what the first one did: a refusal with
 * one's own token in the row means that the write was done.
 */
export function dynamodbLedger(options: LedgerOptions): Ledger {
  return {
    write: (write) => writeRow(options, write),
    async read(keys) {
      const distinct = [...new Set(keys)];
      const batches: (readonly RowKey[])[] = [];
      for (let start = 0; start < distinct.length; start += BATCH) {
        batches.push(distinct.slice(start, start + BATCH));
      }
      const read = withinLimit(options.limits?.read, (within) =>
        Promise.all(batches.map((batch) => readItems(options, batch, within))),
      );
      return new Map((await confirmed(READ, read)).flat().map(toEntry));
    },
  };
}

async function writeRow(
  { client, table, limits }: LedgerOptions,
  write: ConditionalWrite,
): Promise<WriteAnswer> {
  const command = new UpdateItemCommand(updateItem(table, PARTITION_KEY, write));
  const sent = withinLimit(limits?.write, (within) => client.send(command, within));
  const answer = sent.catch((error: unknown) => {
    if (error instanceof ConditionalCheckFailedException) return error;
    throw error;
  });
  const output = await confirmed('dynamodb:UpdateItem', answer);
  if (output instanceof ConditionalCheckFailedException) {
    return {
      kind: 'refused',
      row: output.Item === undefined ? undefined : toRow(output.Item, PARTITION_KEY),
    };
  }
  return { kind: 'written', row: toRow(output.Attributes ?? {}, PARTITION_KEY) };
}

async function readItems(
  { client, table, pause }: LedgerOptions,
  keys: readonly RowKey[],
  within: SendOptions | undefined,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let open: Item[] = keys.map((key) => ({ [PARTITION_KEY]: { S: key } }));
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
    if (attempt > 0) await pause(50 * 2 ** attempt);
    const request = { RequestItems: { [table]: { Keys: open, ConsistentRead: true } } };
    const output = await client.send(new BatchGetItemCommand(request), within);
    items.push(...(output.Responses?.[table] ?? []));
    open = output.UnprocessedKeys?.[table]?.Keys ?? [];
    if (open.length === 0) return items;
  }
  throw new InfrastructureError(READ, 'throttled', {
    explanation: `${open.length} of ${keys.length} keys unread after ${READ_ATTEMPTS} attempts`,
  });
}

function toEntry(item: Item): readonly [RowKey, Row] {
  return [item[PARTITION_KEY]?.S as RowKey, toRow(item, PARTITION_KEY)];
}
