import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asAttribute, digestOf, eventKey } from '../../lib/core/fingerprint.ts';

describe('a digest over parts', () => {
  test('is one of their texts and of how they are divided', () => {
    const part = fc.option(fc.string({ unit: fc.constantFrom('a', '1', ';', '-', '') }), { nil: undefined });
    const parts = fc.array(part, { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(digestOf(one) === digestOf(other)).toBe(fc.stringify(one) === fc.stringify(other));
      }),
      { numRuns: 500 },
    );
  });

  test('tells a missing part from an empty one', () => {
    expect(digestOf(['a', undefined])).not.toBe(digestOf(['a', '']));
    expect(digestOf(['a', undefined])).not.toBe(digestOf(['a']));
  });

  test('is the same for a text and its bytes', () => {
    expect(digestOf(['é'])).toBe(digestOf([Buffer.from('é')]));
  });
});

test('an id that looks like a digest is no key of another id', () => {
  const digest = eventKey('a b');
  expect(digest).toMatch(/^sha256:/);
  expect(eventKey(digest)).not.toBe(digest);
  expect(asAttribute(digest)).not.toBe(digest);
});

test('ids have one key each, printable and short', () => {
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (id) => {
      const key = eventKey(id);
      expect(key).toMatch(/^[\x21-\x7e]{1,512}$/);
      expect(seen.get(key) ?? id).toBe(id);
      seen.set(key, id);
    }),
  );
});
