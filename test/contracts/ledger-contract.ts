import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  apply,
  type Cell,
  type Condition,
  type ConditionalWrite,
  type Row,
  type RowKey,
} from '../../lib/core/conditional-write.ts';
import type { Ledger } from '../../lib/core/ports.ts';

/** Cells keep their type: what a write adds to is a number everywhere. `key`-like and reserved words are names like any other. */
const TEXTS = ['state', 'attempts-publish', 'name', 'a.b', '#n0', ':v0'] as const;
const NUMBERS = ['lease', 'expires', 'size', 'ttl'] as const;

// Below U+D800: dynalite orders by UTF-16 units, DynamoDB and the model by UTF-8 bytes, and only from there on they differ.
const text = fc.oneof(
  fc.constantFrom(
    '',
    'claimed',
    'published',
    '0000000000000001',
    '0000000000000010',
    'é',
    'z',
    '\ud7fb',
    'a b',
  ),
  fc.string({ maxLength: 8 }),
);
const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(1_795_170_000, 9_007_199_254_740_991, 0.5, -0),
);

const set: fc.Arbitrary<Row> = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...TEXTS), text, { maxKeys: 3 }),
    fc.dictionary(fc.constantFrom(...NUMBERS), number, { maxKeys: 3 }),
  )
  .map(([texts, numbers]) => ({ ...texts, ...numbers }))
  .filter((row) => Object.keys(row).length > 0);

const comparison = fc.oneof(
  fc.record({ name: fc.constantFrom(...TEXTS), value: text }),
  fc.record({ name: fc.constantFrom(...NUMBERS), value: number }),
  // Another type than the cell's: never equal, never below.
  fc.record({
    name: fc.constantFrom<string>(...TEXTS, ...NUMBERS, 'missing'),
    value: fc.oneof<fc.Arbitrary<Cell>[]>(text, number),
  }),
);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constant<Condition>({ kind: 'no-row' }),
    fc.constant<Condition>({ kind: 'row' }),
    comparison.map((of): Condition => ({ kind: 'equal', ...of })),
    comparison.map((of): Condition => ({ kind: 'below', ...of })),
    fc.record({
      kind: fc.constantFrom('all', 'any'),
      of: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

const write: fc.Arbitrary<Omit<ConditionalWrite, 'key'>> = fc
  .record(
    {
      set,
      remove: fc.uniqueArray(fc.constantFrom<string>(...TEXTS, ...NUMBERS), { maxLength: 2 }),
      add: fc.dictionary(fc.constantFrom(...NUMBERS), fc.integer({ min: -5, max: 5 }), { maxKeys: 2 }),
      condition,
    },
    { requiredKeys: ['set'] },
  )
  // A cell is named once: what two clauses do to one cell is nobody's promise.
  .map(({ set: cells, remove, add, condition: when }) => {
    const removed = remove?.filter((name) => !(name in cells));
    const added = Object.entries(add ?? {}).filter(([name]) => !(name in cells) && !removed?.includes(name));
    return {
      set: cells,
      ...(removed === undefined ? {} : { remove: removed }),
      ...(added.length === 0 ? {} : { add: Object.fromEntries(added) }),
      ...(when === undefined ? {} : { condition: when }),
    };
  });

/** -0 is 0 to DynamoDB. */
function plain(row: Row | undefined): Row | undefined {
  return row && Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell === 0 ? 0 : cell]));
}

/** What every ledger must do: decide as `apply` does, and answer with the row. */
export function ledgerContract(ledger: () => Ledger): void {
  let rows = 0;
  const freshKey = (): RowKey => {
    rows += 1;
    return `event#github#${rows}` as RowKey;
  };

  test('decides and answers as the model does, whatever is written on what', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 6 }), async (writes) => {
        const key = freshKey();
        let row: Row | undefined;
        for (const each of writes) {
          const expected = apply({ key, ...each }, row);
          const answer = await ledger().write({ key, ...each });
          expect({ kind: answer.kind, row: plain(answer.row) }).toEqual({
            kind: expected.kind,
            row: plain(expected.row),
          });
          row = expected.kind === 'written' ? expected.row : row;
          expect(plain((await ledger().read([key])).get(key))).toEqual(plain(row));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('gives one of many workers the row', async () => {
    const key = freshKey();
    const claims = Array.from({ length: 20 }, (_, worker) =>
      ledger().write({ key, set: { worker }, condition: { kind: 'no-row' } }),
    );
    const answers = await Promise.all(claims);
    const winners = answers.filter(({ kind }) => kind === 'written');
    expect(winners).toHaveLength(1);
    expect(new Set(answers.map(({ row }) => row?.worker)).size).toBe(1);
  });

  test('adds up what many workers add', async () => {
    const key = freshKey();
    await Promise.all(
      Array.from({ length: 20 }, () => ledger().write({ key, set: { by: 'us' }, add: { attempts: 1 } })),
    );
    expect((await ledger().read([key])).get(key)).toEqual({ by: 'us', attempts: 20 });
  });

  test('reads any number of keys, each once, and leaves out those without a row', async () => {
    const keys = Array.from({ length: 230 }, freshKey);
    const written = keys.filter((_, index) => index % 3 !== 0);
    await Promise.all(written.map((key, index) => ledger().write({ key, set: { index } })));
    const read = await ledger().read([...keys, ...keys]);
    expect(read.size).toBe(written.length);
    expect([...read.keys()].toSorted()).toEqual(written.toSorted());
    expect(read.get(written[100] as RowKey)).toEqual({ index: 100 });
    expect((await ledger().read([])).size).toBe(0);
  });

  test('refuses writes on which the model and the table would not agree', async () => {
    const key = freshKey();
    const writes: Omit<ConditionalWrite, 'key'>[] = [
      { set: {} },
      { set: { key: 'other' } },
      { set: { a: 1 }, remove: ['a'] },
      { set: { a: 1 }, add: { a: 1 } },
      { set: { b: 1 }, add: { a: Number.NaN } },
      { set: { a: Number.POSITIVE_INFINITY } },
      { set: { a: 1 }, condition: { kind: 'all', of: [] } },
    ];
    for (const each of writes) await expect(ledger().write({ key, ...each })).rejects.toThrow(TypeError);
    expect((await ledger().read([key])).size).toBe(0);
  });
}
