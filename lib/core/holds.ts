import type { Test } from './provider.ts';
import { fill, type ReadHole } from './template.ts';

/** Does the test hold? An empty value counts as none. */
export function holds(test: Test, read: ReadHole): boolean {
  const value = fill(test.at, read) ?? '';
  if ('is' in test) return IS[test.is].test(value);
  if ('oneOf' in test) return test.oneOf.includes(value);
  return test.equals === undefined ? value !== '' : value === test.equals;
}

const IS = { absent: /^$/, word: /^[a-z0-9_]+$/, id: /^[A-Za-z0-9_-]{1,128}$/ } as const;
