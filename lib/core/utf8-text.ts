const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Shorter texts are decoded sooner than remembered; longer ones get memory pages of their own each time. In UTF-16 units. */
const LONG = 131_072;

/** Of bytes that `utf8Bytes` made. */
const texts = new WeakMap<Buffer, string>();

/**
 * The UTF-8 bytes of a text, which must not be changed: of a long one `utf8Text` has the text again without decoding. A body comes
 * as text, is verified as bytes, and goes on as text; decoding a megabyte takes as long as its signature.
 */
export function utf8Bytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  // A lone surrogate has no bytes and becomes U+FFFD: such a text is not what its bytes say.
  if (text.length >= LONG && text.isWellFormed()) texts.set(bytes, text);
  return bytes;
}

/**
 * The text of UTF-8 bytes, a byte order mark included, or undefined when they are not valid UTF-8.
 * @example utf8Text(Buffer.from([0xc3, 0x28])) // undefined
 */
export function utf8Text(bytes: Buffer): string | undefined {
  const known = texts.get(bytes);
  if (known !== undefined) return known;
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
