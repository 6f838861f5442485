/**
 * A conditional write as a value, so that the very conditions that run on DynamoDB are the ones that are model-checked.
 * The adapter in `aws/` turns it into one UpdateItem; `holds` says what DynamoDB will decide.
 */
export type Cell = string | number;
/** One row of the ledger without its key; flat on purpose. */
export type Row = Readonly<Record<string, Cell>>;

export type Condition =
  /** There is no row. */
  | { readonly kind: 'no-row' }
  | { readonly kind: 'row' }
  | { readonly kind: 'equal'; readonly name: string; readonly value: Cell }
  /** The cell is there and lower: strings by UTF-8 bytes, numbers by value, never one against the other. */
  | { readonly kind: 'below'; readonly name: string; readonly value: Cell }
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] };

export interface ConditionalWrite {
  readonly key: RowKey;
  /** Cells that are set; other cells of the row stay. */
  readonly set: Row;
  readonly remove?: readonly string[];
  /** Numbers added to cells (a missing one counts as 0). */
  readonly add?: Readonly<Record<string, number>>;
  readonly condition?: Condition;
}

/** `written`: `row` is the row as it is now. `refused`: `row` is the row that stood in the way, undefined when there is none. */
export type WriteAnswer =
  | { readonly kind: 'written'; readonly row: Row }
  | { readonly kind: 'refused'; readonly row: Row | undefined };

declare const rowKey: unique symbol;
/** The ledger's partition key: what kind of row, whose. */
export type RowKey = string & { readonly [rowKey]: true };

/** Does the condition hold for this row (undefined: there is none)? DynamoDB's semantics for the operators we use. */
export function holds(condition: Condition, row: Row | undefined): boolean {
  switch (condition.kind) {
    case 'no-row':
      return row === undefined;
    case 'row':
      return row !== undefined;
    case 'equal':
      return cell(row, condition.name) === condition.value;
    case 'below':
      return below(cell(row, condition.name), condition.value);
    case 'all':
      return condition.of.every((part) => holds(part, row));
    case 'any':
      return condition.of.some((part) => holds(part, row));
  }
}

/** What the write does to a row; the same answer as the ledger's. */
export function apply(write: ConditionalWrite, row: Row | undefined): WriteAnswer {
  if (write.condition !== undefined && !holds(write.condition, row)) return { kind: 'refused', row };
  const next: Record<string, Cell> = { ...row, ...write.set };
  for (const name of write.remove ?? []) delete next[name];
  for (const [name, by] of Object.entries(write.add ?? {})) next[name] = Number(next[name] ?? 0) + by;
  return { kind: 'written', row: next };
}

function cell(row: Row | undefined, name: string): Cell | undefined {
  return row !== undefined && Object.hasOwn(row, name) ? row[name] : undefined;
}

function below(stored: Cell | undefined, value: Cell): boolean {
  if (typeof stored === 'number' && typeof value === 'number') return stored < value;
  if (typeof stored === 'string' && typeof value === 'string') {
    return Buffer.compare(Buffer.from(stored, 'utf8'), Buffer.from(value, 'utf8')) < 0;
  }
  return false;
}
