import {
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  ConditionalCheckFailedException,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { holds, type Item, updated } from './dynamodb-expression.ts';
import type { SimulatedService } from './simulated-client.ts';
import type { Stage } from './stage.ts';

/** One table, keyed by the string `key`. */
export interface SimulatedTable extends SimulatedService {
  readonly rows: ReadonlyMap<string, Item>;
  /** DynamoDB deletes what has expired when it gets round to it: each row now, or much later. */
  deleteExpired(): void;
}

export function simulatedTable(stage: Stage, name: string): SimulatedTable {
  const rows = new Map<string, Item>();
  return {
    name: 'dynamodb',
    rows,
    about: (operation, input) =>
      operation === 'UpdateItem' ? keyOf((input as UpdateItemCommandInput).Key) : readKeys(input).join(' '),
    answer(operation, input) {
      if (operation === 'UpdateItem') return update(stage, rows, input as UpdateItemCommandInput);
      if (operation === 'BatchGetItem') return batchGet(stage, rows, input as BatchGetItemCommandInput);
      throw new TypeError(`nobody calls ${operation} of ${name}`);
    },
    deleteExpired() {
      const now = stage.time.now() / 1000;
      for (const [key, row] of rows) {
        if (Number(row.expires?.N ?? Number.POSITIVE_INFINITY) >= now) continue;
        if (stage.course.happens(`${name} deletes ${key}`, 0.5)) rows.delete(key);
      }
    },
  };
}

function keyOf(key: Item | undefined): string {
  const text = key?.key?.S;
  if (text === undefined) throw new TypeError('a call without a key');
  return text;
}

function update(
  stage: Stage,
  rows: Map<string, Item>,
  input: UpdateItemCommandInput,
): { readonly Attributes: Item } {
  const { Key: key, ConditionExpression: condition, UpdateExpression: expression = '' } = input;
  const name = keyOf(key);
  const placeholders = {
    names: input.ExpressionAttributeNames ?? {},
    values: input.ExpressionAttributeValues ?? {},
  };
  const row = rows.get(name);
  if (condition !== undefined && !holds(condition, row, placeholders)) {
    stage.story.tell(() => `  the table refuses ${name}: ${told(row)}`);
    throw new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: { httpStatusCode: 400 },
      ...(row === undefined ? {} : { Item: row }),
    });
  }
  const next = updated(expression, row ?? { key: { S: name } }, placeholders);
  rows.set(name, next);
  stage.story.tell(() => `  the table has ${name}: ${told(next)}`);
  return { Attributes: next };
}

function told(row: Item | undefined): string {
  if (row === undefined) return 'no row';
  const cells = Object.entries(row).filter(
    ([name]) => !['key', 'fingerprint', 'delivery', 'expires'].includes(name),
  );
  return cells.map(([name, value]) => `${name} ${value.S ?? value.N}`).join(', ');
}

function readKeys(input: unknown): readonly string[] {
  const { RequestItems: items = {} } = input as BatchGetItemCommandInput;
  return Object.values(items).flatMap(({ Keys: keys = [] }) => keys.map(keyOf));
}

/** Some keys may be left over, as DynamoDB says; a read that is not consistent is refused, since nothing of ours may rely on one. */
function batchGet(
  stage: Stage,
  rows: ReadonlyMap<string, Item>,
  input: BatchGetItemCommandInput,
): Pick<BatchGetItemCommandOutput, 'Responses' | 'UnprocessedKeys'> {
  const [[table, { Keys: keys = [], ConsistentRead: consistent }] = ['', { Keys: [] }]] = Object.entries(
    input.RequestItems ?? {},
  );
  if (consistent !== true) throw new TypeError('a read of the ledger that is not consistent');
  const left = keys.filter((key) => {
    const name = stage.nth(`BatchGetItem leaves ${keyOf(key)} over`);
    return stage.faults.happens(name, stage.temper.calls / 2);
  });
  const found = keys
    .filter((key) => !left.includes(key))
    .map((key) => rows.get(keyOf(key)))
    .filter((row) => row !== undefined);
  return {
    Responses: { [table]: found },
    UnprocessedKeys: left.length === 0 ? {} : { [table]: { Keys: left, ConsistentRead: true } },
  };
}
