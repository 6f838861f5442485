import { isObject } from './shape.ts';

/**
 * The fields of a JSON object; undefined for any other text.
 * @example parseObject('{"a":1}') // { a: 1 }
 */
export function parseObject(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
