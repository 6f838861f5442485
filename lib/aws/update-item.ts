import type { AttributeValue, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Cell, Condition, ConditionalWrite, Row } from '../core/conditional-write.ts';

/**
 * A conditional write as the input of one UpdateItem: the same decision as `apply` of `core/conditional-write.ts`.
 * Every name and value goes through a placeholder, so that no name can be a reserved word and no value part of an expression.
 * @throws {TypeError} for what DynamoDB and `apply` would not agree on: nothing set, a cell named twice, a number that is none.
 * @example updateItem('ledger', 'key', { key, set: { state: 'claimed' }, condition: { kind: 'no-row' } })
 */
export function updateItem(
  table: string,
  partitionKey: string,
  write: ConditionalWrite,
): UpdateItemCommandInput {
  refuseAmbiguous(write, partitionKey);
  const names = placeholders('#n');
  const values = placeholders(':v');
  const context: Expressions = {
    name: (name) => names.of(name),
    value: (cell) => values.of(cell),
    partitionKey,
  };
  const update = updateExpression(write, context);
  const condition = write.condition === undefined ? undefined : conditionExpression(write.condition, context);
  return {
    TableName: table,
    Key: { [partitionKey]: { S: write.key } },
    UpdateExpression: update,
    ...(condition === undefined ? {} : { ConditionExpression: condition }),
    ExpressionAttributeNames: Object.fromEntries(
      [...names.all()].map(([name, placeholder]) => [placeholder, String(name)]),
    ),
    ExpressionAttributeValues: Object.fromEntries(
      [...values.all()].map(([cell, placeholder]) => [placeholder, toAttribute(cell)]),
    ),
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** The cells of an item, without its key. */
export function toRow(item: Readonly<Record<string, AttributeValue>>, partitionKey: string): Row {
  const cells = Object.entries(item).filter(([name]) => name !== partitionKey);
  return Object.fromEntries(cells.map(([name, value]) => [name, toCell(name, value)]));
}

interface Expressions {
  readonly name: (name: string) => string;
  readonly value: (cell: Cell) => string;
  readonly partitionKey: string;
}

function placeholders(prefix: string): { of(it: Cell): string; all(): ReadonlyMap<Cell, string> } {
  const given = new Map<Cell, string>();
  return {
    of(it) {
      const placeholder = given.get(it) ?? `${prefix}${given.size}`;
      given.set(it, placeholder);
      return placeholder;
    },
    all: () => given,
  };
}

function updateExpression(
  { set, remove = [], add = {} }: ConditionalWrite,
  { name, value }: Expressions,
): string {
  const clauses = [
    ['SET', Object.entries(set).map(([cell, to]) => `${name(cell)} = ${value(to)}`)],
    ['REMOVE', remove.map((cell) => name(cell))],
    ['ADD', Object.entries(add).map(([cell, by]) => `${name(cell)} ${value(by)}`)],
  ] as const;
  return clauses
    .filter(([, parts]) => parts.length > 0)
    .map(([verb, parts]) => `${verb} ${parts.join(', ')}`)
    .join(' ');
}

const JOINED = { all: ' AND ', any: ' OR ' } as const;

function conditionExpression(condition: Condition, expressions: Expressions): string {
  const { name, value, partitionKey } = expressions;
  switch (condition.kind) {
    case 'no-row':
      return `attribute_not_exists(${name(partitionKey)})`;
    case 'row':
      return `attribute_exists(${name(partitionKey)})`;
    case 'equal':
      return `${name(condition.name)} = ${value(condition.value)}`;
    case 'below':
      return `${name(condition.name)} < ${value(condition.value)}`;
    case 'all':
    case 'any': {
      if (condition.of.length === 0) throw new TypeError(`a condition "${condition.kind}" of nothing`);
      const parts = condition.of.map((part) => conditionExpression(part, expressions));
      // DynamoDB refuses parentheses around what needs none.
      if (parts.length === 1) return parts.join('');
      return parts.map((part) => (/ (AND|OR) /.test(part) ? `(${part})` : part)).join(JOINED[condition.kind]);
    }
  }
}

function refuseAmbiguous({ set, remove = [], add = {} }: ConditionalWrite, partitionKey: string): void {
  const names = [...Object.keys(set), ...remove, ...Object.keys(add)];
  if (Object.keys(set).length === 0) throw new TypeError('a conditional write that sets no cell');
  if (names.includes(partitionKey))
    throw new TypeError(`a conditional write to the key "${partitionKey}" itself`);
  if (new Set(names).size < names.length)
    throw new TypeError(`a conditional write that names a cell twice: ${names.join(', ')}`);
  const numbers = [...Object.values(set).filter((cell) => typeof cell === 'number'), ...Object.values(add)];
  if (!numbers.every(Number.isFinite)) throw new TypeError('a conditional write of a number that is none');
}

function toAttribute(cell: Cell): AttributeValue {
  return typeof cell === 'number' ? { N: String(cell) } : { S: cell };
}

function toCell(name: string, value: AttributeValue): Cell {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  throw new TypeError(`cell "${name}" of the ledger is neither a string nor a number`);
}
