import type { Trap } from '../traps.ts';

const FILE = 'providers/sanity.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the signature is decoded as plain base64',
    file: FILE,
    test: 'is base64url without padding, and nothing else',
  },
  {
    trap: 'the time is in milliseconds, and the SDK never looks at its age',
    file: FILE,
    test: 'counts its time in milliseconds, and is as old as five minutes at most',
  },
  {
    trap: 'idempotency-key is not signed: a captured delivery comes under another',
    file: FILE,
    test: 'that was captured is known by its signature under another idempotency-key',
  },
  {
    trap: 'a projection gives two changes the same bytes, and the second is dropped',
    file: FILE,
    test: 'with the bytes of another is not taken for it: each has a time and a signature of its own',
  },
  {
    trap: 'sanity-operation, which is not signed, makes a deletion of an update',
    file: FILE,
    test: 'is a deletion only if its body says so, whatever sanity-operation says',
  },
];
