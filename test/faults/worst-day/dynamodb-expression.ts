import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Readonly<Record<string, AttributeValue>>;

/** What the placeholders of an expression stand for. */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

/** Undefined: there is no item. */
type Test = (item: Item | undefined, placeholders: Placeholders) => boolean;
type Change = (item: Record<string, AttributeValue>, placeholders: Placeholders) => void;

const conditions = new Map<string, Test>();
const updates = new Map<string, readonly Change[]>();

/**
 * Does DynamoDB's condition hold? Of its language as much as the ledger uses: AND before OR, parentheses, `=`, `<`, and whether an
 * attribute is there (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html).
 */
export function holds(condition: string, item: Item | undefined, placeholders: Placeholders): boolean {
  let test = conditions.get(condition);
  if (test === undefined) {
    test = parseCondition(condition);
    conditions.set(condition, test);
  }
  return test(item, placeholders);
}

/** The item after DynamoDB's update: SET to values, REMOVE, ADD of numbers. */
export function updated(update: string, item: Item, placeholders: Placeholders): Item {
  let changes = updates.get(update);
  if (changes === undefined) {
    changes = parseUpdate(update);
    updates.set(update, changes);
  }
  const next = { ...item };
  for (const change of changes) change(next, placeholders);
  return next;
}

function parseCondition(text: string): Test {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  const next = (): string => tokens.shift() ?? '';
  const expect = (token: string): void => {
    const found = next();
    if (found !== token) throw new TypeError(`"${token}" expected, not "${found}": ${text}`);
  };
  const chain = (word: string, part: () => Test, join: (parts: readonly Test[]) => Test): Test => {
    const parts = [part()];
    while (tokens[0] === word) {
      next();
      parts.push(part());
    }
    return parts.length === 1 ? (parts[0] as Test) : join(parts);
  };
  const or = (): Test =>
    chain(
      'OR',
      and,
      (parts) =>
        (...of) =>
          parts.some((part) => part(...of)),
    );
  const and = (): Test =>
    chain(
      'AND',
      primary,
      (parts) =>
        (...of) =>
          parts.every((part) => part(...of)),
    );
  const primary = (): Test => {
    const first = next();
    if (first === '(') {
      const inner = or();
      expect(')');
      return inner;
    }
    if (first === 'attribute_exists' || first === 'attribute_not_exists') {
      expect('(');
      const name = next();
      expect(')');
      const wanted = first === 'attribute_exists';
      return (item, { names }) => (item?.[names[name] ?? name] !== undefined) === wanted;
    }
    return comparison(first, next(), next());
  };
  const test = or();
  if (tokens.length > 0) throw new TypeError(`not understood: ${text}`);
  return test;
}

function comparison(name: string, operator: string, value: string): Test {
  if (operator !== '=' && operator !== '<') throw new TypeError(`operator "${operator}" is not known`);
  return (item, { names, values }) => {
    const [left, right] = [item?.[names[name] ?? name], values[value]];
    if (left === undefined || right === undefined) return false;
    const order = compared(left, right);
    return order !== undefined && (operator === '=' ? order === 0 : order < 0);
  };
}

/** Undefined for values of different types. */
function compared(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.N !== undefined && right.N !== undefined) return Number(left.N) - Number(right.N);
  if (left.S === undefined || right.S === undefined) return undefined;
  return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
}

function parseUpdate(text: string): readonly Change[] {
  const clauses = text.split(/\b(SET|REMOVE|ADD) /).slice(1);
  return clauses.flatMap((verb, index) => {
    if (index % 2 === 1) return [];
    const parts = (clauses[index + 1] ?? '').split(',').map((part) => part.trim());
    return parts.map((part) => change(verb, part));
  });
}

function change(verb: string, part: string): Change {
  const [name = '', second = '', third = ''] = part.split(' ');
  switch (verb) {
    case 'SET':
      return (item, { names, values }) => {
        item[names[name] ?? name] = valueFor(values, third);
      };
    case 'REMOVE':
      return (item, { names }) => {
        delete item[names[name] ?? name];
      };
    default:
      return (item, { names, values }) => {
        const cell = names[name] ?? name;
        item[cell] = { N: String(Number(item[cell]?.N ?? 0) + Number(valueFor(values, second).N)) };
      };
  }
}

function valueFor(values: Placeholders['values'], placeholder: string): AttributeValue {
  const value = values[placeholder];
  if (value === undefined) throw new TypeError(`no value for ${placeholder}`);
  return value;
}
