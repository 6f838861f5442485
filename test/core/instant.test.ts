import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timeOf, versionOf } from '../../lib/core/instant.ts';

describe('the time of an event', () => {
  test.each([
    ['2024-10-18T14:42:53.064834', 'iso', Date.UTC(2024, 9, 18, 14, 42, 53, 64)],
    ['2024-10-18T14:42:53Z', 'iso', Date.UTC(2024, 9, 18, 14, 42, 53)],
    ['2024-10-18t14:42:53z', 'iso', Date.UTC(2024, 9, 18, 14, 42, 53)],
    ['2024-10-18 14:42:53+05:30', 'iso', Date.UTC(2024, 9, 18, 9, 12, 53)],
    ['2025-04-22T14:30:00-05:00', 'iso', Date.UTC(2025, 3, 22, 19, 30)],
    ['2025-04-22T14:30:00-0500', 'iso', Date.UTC(2025, 3, 22, 19, 30)],
    ['2024-02-29T23:59:60Z', 'iso', Date.UTC(2024, 2, 1)],
    ['1729262573', 's', 1_729_262_573_000],
    ['1729262573064', 'ms', 1_729_262_573_064],
    ['1729262573.064834', 'decimal', 1_729_262_573_064],
    ['1729262573', 'decimal', 1_729_262_573_000],
  ] as const)('reads %s as %s', (text, unit, expected) => {
    expect(timeOf(text, unit)).toBe(expected);
  });

  test.each([
    ['', 's'],
    ['NaN', 's'],
    ['-1729262573', 's'],
    ['1729262573.5', 's'],
    ['1.729e9', 's'],
    [' 1729262573', 's'],
    ['1729262573064', 's'],
    ['9'.repeat(4000), 's'],
    ['1729262573', 'ms'],
    ['9'.repeat(4000), 'ms'],
    ['1729262573.', 'decimal'],
    ['.5', 'decimal'],
    ['0001-01-01T00:00:00Z', 'iso'],
    ['2024-04-31T00:00:00Z', 'iso'],
    ['2023-02-29T00:00:00Z', 'iso'],
    ['2024-13-01T00:00:00Z', 'iso'],
    ['2024-00-10T00:00:00Z', 'iso'],
    ['2024-10-18T24:00:00Z', 'iso'],
    ['2024-10-18T14:60:00Z', 'iso'],
    ['2024-10-18T14:42:53+24:00', 'iso'],
    ['2024-10-18', 'iso'],
    ['Fri, 18 Oct 2024 14:42:53 GMT', 'iso'],
    ['2500-01-01T00:00:00Z', 'iso'],
  ] as const)('takes no time from %s as %s', (text, unit) => {
    expect(timeOf(text, unit)).toBeUndefined();
    expect(versionOf(text, unit)).toBeUndefined();
  });

  test('agrees with Date.parse on every instant that both know', () => {
    const instants = fc.date({
      min: new Date('1990-01-01'),
      max: new Date('2199-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (date) => {
        expect(timeOf(date.toISOString(), 'iso')).toBe(date.getTime());
        expect(timeOf(String(date.getTime()), 'ms')).toBe(date.getTime());
      }),
    );
  });
});

describe('the version of a state', () => {
  test('keeps nanoseconds apart and makes text order time order', () => {
    const texts = [
      '2026-01-01T00:00:00.999999998Z',
      '2026-01-01T00:00:00.999999999Z',
      '2026-01-01T00:00:01Z',
      '2026-01-01T00:00:01.5Z',
      '2026-01-01T01:00:01.6+01:00',
    ];
    const versions = texts.map((text) => versionOf(text, 'iso'));
    expect(versions.every((version) => version?.length === 20)).toBe(true);
    expect(new Set(versions).size).toBe(versions.length);
    expect([...versions].sort()).toEqual(versions);
  });

  test('is the same for one instant in any unit', () => {
    const expected = '01729262573000000000';
    expect(versionOf('1729262573', 's')).toBe(expected);
    expect(versionOf('1729262573000', 'ms')).toBe(expected);
    expect(versionOf('1729262573.000', 'decimal')).toBe(expected);
    expect(versionOf('2024-10-18T14:42:53Z', 'iso')).toBe(expected);
  });

  test('orders any two decimal times as exact numbers, not as floats', () => {
    const micros = fc.bigInt({ min: 700_000_000_000_000n, max: 7_000_000_000_000_000n });
    const decimal = (value: bigint): string =>
      `${value / 1_000_000n}.${String(value % 1_000_000n).padStart(6, '0')}`;
    fc.assert(
      fc.property(micros, fc.bigInt({ min: 0n, max: 10n }), (first, gap) => {
        const [a, b] = [
          versionOf(decimal(first), 'decimal') ?? '',
          versionOf(decimal(first + gap), 'decimal') ?? '',
        ];
        expect(a.length).toBe(20);
        expect(a < b).toBe(gap > 0n);
      }),
    );
  });

  test('takes a plain count of up to 20 digits', () => {
    expect(versionOf('7', 'integer')).toBe('00000000000000000007');
    expect(versionOf('0', 'integer')).toBe('0'.repeat(20));
    expect(versionOf('0007', 'integer')).toBe('00000000000000000007');
    expect(versionOf('9'.repeat(20), 'integer')).toBe('9'.repeat(20));
    for (const text of ['9'.repeat(21), '-1', '1.0', '1e3', '', 'x'])
      expect(versionOf(text, 'integer')).toBeUndefined();
  });

  test('never throws and never leaves its 20 digits', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[0-9.:TZ+-]{0,40}$/));
    fc.assert(
      fc.property(texts, fc.constantFrom('s', 'ms', 'iso', 'decimal', 'integer'), (text, unit) => {
        const version = versionOf(text, unit);
        if (version !== undefined) expect(version).toMatch(/^\d{20}$/);
      }),
    );
  });
});
