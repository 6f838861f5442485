import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  apply,
  type Condition,
  type ConditionalWrite,
  holds,
  type Row,
  type RowKey,
} from '../../lib/core/conditional-write.ts';

const key = 'event#github#1' as RowKey;
const equal = (name: string, value: string | number): Condition => ({ kind: 'equal', name, value });
const below = (name: string, value: string | number): Condition => ({ kind: 'below', name, value });

/** Rules: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html */
describe('a condition holds as in DynamoDB', () => {
  test.each<readonly [string, Condition, Row | undefined, boolean]>([
    ['there is no row', { kind: 'no-row' }, undefined, true],
    ['there is a row, even one without cells', { kind: 'no-row' }, {}, false],
    ['a row is asked for and there is none', { kind: 'row' }, undefined, false],
    ['a row is asked for and it has no cells', { kind: 'row' }, {}, true],
    ['a cell is equal', equal('state', 'claimed'), { state: 'claimed' }, true],
    ['a cell differs in case', equal('state', 'claimed'), { state: 'Claimed' }, false],
    ['a cell is missing', equal('state', 'claimed'), {}, false],
    ['the row is missing', equal('state', 'claimed'), undefined, false],
    ['a number is compared with its digits', equal('lease', 7), { lease: '7' }, false],
    ['digits are compared with their number', equal('lease', '7'), { lease: 7 }, false],
    ['zero is compared with the empty string', equal('lease', 0), { lease: '' }, false],
    ['an empty string is compared with itself', equal('reason', ''), { reason: '' }, true],
    ['a number is lower', below('lease', 10), { lease: 9 }, true],
    ['a number is equal, not lower', below('lease', 10), { lease: 10 }, false],
    ['numbers are compared by value, not by their digits', below('lease', 10), { lease: 9.5 }, true],
    ['a negative number is lower than zero', below('lease', 0), { lease: -1 }, true],
    ['a missing cell is never lower', below('lease', 10), {}, false],
    ['a cell of a missing row is never lower', below('lease', 10), undefined, false],
    ['a string is never lower than a number', below('lease', 10), { lease: '1' }, false],
    ['a number is never lower than a string', below('version', '2'), { version: 1 }, false],
    ['strings are compared digit by digit', below('version', '10'), { version: '9' }, false],
    ['a beginning is lower than the whole', below('version', 'ab'), { version: 'a' }, true],
    ['upper case is lower than lower case', below('version', 'a'), { version: 'Z' }, true],
    ['the empty string is the lowest', below('version', 'a'), { version: '' }, true],
    // UTF-8: EF BD A1 and F0 9F 98 80; UTF-16: FF61 and D83D DE00.
    ['strings are compared by their UTF-8 bytes', below('version', '\u{1f600}'), { version: '\uff61' }, true],
    ['and not by their UTF-16 units', below('version', '\uff61'), { version: '\u{1f600}' }, false],
    ['a name of Object.prototype is no cell', equal('constructor', 'x'), {}, false],
    ['all of several hold', { kind: 'all', of: [equal('a', 1), equal('b', 2)] }, { a: 1, b: 2 }, true],
    ['one of all does not hold', { kind: 'all', of: [equal('a', 1), equal('b', 2)] }, { a: 1 }, false],
    ['any of several holds', { kind: 'any', of: [equal('a', 1), equal('b', 2)] }, { b: 2 }, true],
    ['none of any holds', { kind: 'any', of: [equal('a', 1), equal('b', 2)] }, { b: 1 }, false],
    [
      'conditions are nested',
      { kind: 'any', of: [{ kind: 'no-row' }, { kind: 'all', of: [equal('a', 1), below('b', 2)] }] },
      { a: 1, b: 1 },
      true,
    ],
  ])('%s', (_title, condition, row, expected) => {
    expect(holds(condition, row)).toBe(expected);
  });

  test('strings are ordered as the bytes that DynamoDB stores', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (stored, value) => {
        const bytes = (text: string): string => Buffer.from(text).toString('hex');
        expect(holds(below('v', value), { v: stored })).toBe(bytes(stored) < bytes(value));
      }),
    );
  });
});

describe('a write', () => {
  const write: ConditionalWrite = {
    key,
    set: { state: 'claimed', lease: 5 },
    remove: ['verdict', 'never there'],
    add: { attempts: 1, pauses: 2 },
    condition: below('lease', 5),
  };

  test('sets, removes and adds, and leaves other cells alone', () => {
    const row = { state: 'dead', lease: 4, verdict: 'fresh', attempts: 2, delivery: 'd' };
    expect(apply(write, row)).toEqual({
      kind: 'written',
      row: { state: 'claimed', lease: 5, attempts: 3, pauses: 2, delivery: 'd' },
    });
  });

  test('changes nothing when its condition does not hold, and gives back the row in the way', () => {
    const row = { state: 'claimed', lease: 5 };
    expect(apply(write, row)).toEqual({ kind: 'refused', row: { state: 'claimed', lease: 5 } });
    expect(apply(write, undefined)).toEqual({ kind: 'refused', row: undefined });
  });

  test('without a condition makes the row that is missing', () => {
    expect(apply({ key, set: { a: 1 }, add: { b: 2 } }, undefined)).toEqual({
      kind: 'written',
      row: { a: 1, b: 2 },
    });
  });

  test('leaves the row it was given as it was', () => {
    const row: Row = Object.freeze({ lease: 1, verdict: 'fresh' });
    expect(apply(write, row).kind).toBe('written');
    expect(row).toEqual({ lease: 1, verdict: 'fresh' });
  });
});
