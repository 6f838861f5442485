import { utf8Text } from './utf8-text.ts';

/** No provider sends more. Anybody can send more, before the first secret is looked at. */
export const MOST_FIELDS = 10_000;

/**
 * The fields of an `application/x-www-form-urlencoded` body or a query string, in order and decoded exactly
 * (https://url.spec.whatwg.org/#urlencoded-parsing): `+` is a space, a `%` without two hex digits is itself.
 * Undefined when a name or value is not valid UTF-8, which that standard would replace, or when there are more than `MOST_FIELDS`.
 *
 * @example formFields(Buffer.from('a=1+2&a=%C3%A9&b')) // [['a', '1 2'], ['a', 'é'], ['b', '']]
 */
export function formFields(bytes: Buffer): readonly (readonly [name: string, value: string])[] | undefined {
  const fields: (readonly [string, string])[] = [];
  for (const field of fieldsIn(bytes)) {
    if (fields.length === MOST_FIELDS) return undefined;
    const equals = field.indexOf('=');
    const name = decode(equals < 0 ? field : field.subarray(0, equals));
    const value = decode(equals < 0 ? Buffer.alloc(0) : field.subarray(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    fields.push([name, value]);
  }
  return fields;
}

/** One after the other, so that those beyond the limit are never made. */
function* fieldsIn(bytes: Buffer): Generator<Buffer> {
  let from = 0;
  while (from < bytes.length) {
    const at = bytes.indexOf('&', from);
    const end = at < 0 ? bytes.length : at;
    if (end > from) yield bytes.subarray(from, end);
    from = end + 1;
  }
}

const [PERCENT, PLUS, SPACE] = [0x25, 0x2b, 0x20];

/** A regular expression over megabytes of escapes would cost twenty times as much, before the first secret is looked at. */
function decode(bytes: Buffer): string | undefined {
  const decoded = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const escaped = byte === PERCENT ? hexDigit(bytes[at + 1]) * 16 + hexDigit(bytes[at + 2]) : Number.NaN;
    if (!Number.isNaN(escaped)) at += 2;
    decoded[length] = Number.isNaN(escaped) ? (byte === PLUS ? SPACE : byte) : escaped;
    length += 1;
  }
  return utf8Text(decoded.subarray(0, length));
}

function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}
