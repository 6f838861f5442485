import { formFields } from './form.ts';

/**
 * A parameter's decoded value. One that comes twice is read differently by everyone, so it counts as missing.
 * @example queryParameter('a=1&b=2', 'b') // '2'
 */
export function queryParameter(query: string, name: string): string | undefined {
  const values = formFields(Buffer.from(query))?.filter(([key]) => key === name) ?? [];
  return values.length === 1 ? values[0]?.[1] : undefined;
}

/**
 * The query without every parameter of these names; what is left stays as it was written.
 * @example withoutParameters('a=1&token=x', ['token']) // 'a=1'
 */
export function withoutParameters(query: string, names: readonly string[]): string {
  if (names.length === 0) return query;
  const isKept = (part: string): boolean => {
    const [field] = formFields(Buffer.from(part)) ?? [];
    return field === undefined || !names.includes(field[0]);
  };
  return query.split('&').filter(isKept).join('&');
}
