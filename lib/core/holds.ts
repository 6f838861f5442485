import type { Test } from './provider.ts';
import { fill, type ReadHole } from './template.ts';

/** Does the test hold? An empty value counts as none. */
export function holds(test: Test, read: ReadHole): boolean {
  const value = fill(test.at, read) ?? '';
  if ('is' in test) return test.is === 'absent' ? value === '' : /^[a-z0-9_]+$/.test(value);
  return test.equals === undefined ? value !== '' : value === test.equals;
}
