import { valueEnd } from '../json-span-scan.ts';

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_NUMBER = /(?:^|[\s,:[-])\d{16}/;

/**
 * As JSON.parse, but an integer that a number cannot hold is a string of its digits: an id above 2^53 that silently became
 * another one would be worse.
 * @throws {SyntaxError} when the text is not JSON.
 * @example exactJson('{"id": 12345678901234567890}') // { id: '12345678901234567890' }
 */
export function exactJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return LONG_NUMBER.test(text) ? JSON.parse(quoteLargeIntegers(text)) : value;
}

function quoteLargeIntegers(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const end = quote === -1 ? text.length : quote;
    parts.push(text.slice(at, end).replace(NUMBER, quoteLarge));
    at = valueEnd(text, end);
    parts.push(text.slice(end, at));
  }
  return parts.join('');
}

function quoteLarge(number: string): string {
  return /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number)) ? `"${number}"` : number;
}
