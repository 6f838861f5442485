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

/** DynamoDB takes a hundred keys a call. */
const BATCH = 100;

/** Of a read whose keys DynamoDB leaves over. */
const READ_ATTEMPTS = 5;

/** By what the table is keyed, as `resources` says. */
const PARTITION_KEY = 'key';

type Item = Readonly<Record<string, AttributeValue>>;

export function dynamodbClient(connection?: Connection): DynamoDBClient {
  return new DynamoDBClient(clientSettings({ attempts: 3, timeoutMs: 2_000 }, connection));
}

/**
 * The ledger's table. A write is one UpdateItem; its answer always holds the row, so that no decision needs a read.
 *
 * The client repeats a write whose answer was lost, and the repetition may be refused by what the first one did: a refusal with
 * one's own token in the row means that the write was done.
 * @param options.pause waits between attempts of a read; ms.
 */
export function dynamodbLedger(options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly pause: (ms: number) => Promise<void>;
}): Ledger {
  return {
    write: (write) => writeRow(options, write),
    async read(keys) {
      const distinct = [...new Set(keys)];
      const batches: Promise<readonly Item[]>[] = [];
      for (let start = 0; start < distinct.length; start += BATCH) {
        batches.push(readItems(options, distinct.slice(start, start + BATCH)));
      }
      return new Map((await Promise.all(batches)).flat().map(toEntry));
    },
  };
}

async function writeRow(
  { client, table }: { readonly client: DynamoDBClient; readonly table: string },
  write: ConditionalWrite,
): Promise<WriteAnswer> {
  const command = new UpdateItemCommand(updateItem(table, PARTITION_KEY, write));
  const answer = client.send(command).catch((error: unknown) => {
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
  { client, table, pause }: Parameters<typeof dynamodbLedger>[0],
  keys: readonly RowKey[],
): Promise<readonly Item[]> {
  const call = 'dynamodb:BatchGetItem';
  const items: Item[] = [];
  let open: Item[] = keys.map((key) => ({ [PARTITION_KEY]: { S: key } }));
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
    if (attempt > 0) await pause(50 * 2 ** attempt);
    const request = { RequestItems: { [table]: { Keys: open, ConsistentRead: true } } };
    const output = await confirmed(call, client.send(new BatchGetItemCommand(request)));
    items.push(...(output.Responses?.[table] ?? []));
    open = output.UnprocessedKeys?.[table]?.Keys ?? [];
    if (open.length === 0) return items;
  }
  throw new InfrastructureError(call, 'throttled', {
    explanation: `${open.length} of ${keys.length} keys unread after ${READ_ATTEMPTS} attempts`,
  });
}

function toEntry(item: Item): readonly [RowKey, Row] {
  return [item[PARTITION_KEY]?.S as RowKey, toRow(item, PARTITION_KEY)];
}
