import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8Bytes, utf8Text } from '../../lib/core/utf8-text.ts';

/** Short and long ones of any UTF-16 units, lone surrogates included. */
const texts = fc
  .tuple(fc.array(fc.nat(0xffff), { maxLength: 20 }), fc.constantFrom(0, 50, 200_000))
  .map(([units, length]) => String.fromCharCode(...units) + 'é'.repeat(length));

describe('the bytes of a text', () => {
  test('are its UTF-8, whatever is in it', () => {
    fc.assert(fc.property(texts, (text) => utf8Bytes(text).equals(new TextEncoder().encode(text))));
  });

  test('have the text that decoding them gives', () => {
    fc.assert(
      fc.property(texts, (text) => utf8Text(utf8Bytes(text)) === utf8Text(Buffer.from(utf8Bytes(text)))),
    );
  });

  test.each(['', 'x'.repeat(200_000)])('do not say that a lone surrogate was there', (long) => {
    expect(utf8Text(utf8Bytes(`${long}\ud800`))).toBe(`${long}\ufffd`);
  });

  test.each(['', 'x'.repeat(200_000)])('keep a byte order mark', (long) => {
    expect(utf8Text(utf8Bytes(`\ufeff${long}`))).toBe(`\ufeff${long}`);
  });
});

test('bytes that are no UTF-8 have no text', () => {
  expect(utf8Text(Buffer.from([0xc3, 0x28]))).toBeUndefined();
});
