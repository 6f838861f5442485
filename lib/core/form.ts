import { utf8Text } from './utf8-text.ts';

/**
 * The fields of an `application/x-www-form-urlencoded` body or a query string, in order and decoded exactly
 * (https://url.spec.whatwg.org/#urlencoded-parsing): `+` is a space, a `%` without two hex digits is itself.
 * Undefined when a name or value is not valid UTF-8, which that standard would replace.
 *
 * @example formFields(Buffer.from('a=1+2&a=%C3%A9&b')) // [['a', '1 2'], ['a', 'é'], ['b', '']]
 */
export function formFields(bytes: Buffer): readonly (readonly [name: string, value: string])[] | undefined {
  const fields: (readonly [string, string])[] = [];
  for (const field of bytes.toString('latin1').split('&')) {
    if (field === '') continue;
    const equals = field.indexOf('=');
    const name = decode(equals < 0 ? field : field.slice(0, equals));
    const value = decode(equals < 0 ? '' : field.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    fields.push([name, value]);
  }
  return fields;
}

/** `latin1`: each character is one byte of the body. */
function decode(latin1: string): string | undefined {
  const bytes = latin1
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return utf8Text(Buffer.from(bytes, 'latin1'));
}
