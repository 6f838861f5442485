const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of UTF-8 bytes, a byte order mark included, or undefined when they are not valid UTF-8.
 * @example utf8Text(Buffer.from([0xc3, 0x28])) // undefined
 */
export function utf8Text(bytes: Buffer): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
