import type { Trap } from '../traps.ts';

const FILE = 'providers/auth0.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'JSON lines, which the stream is set to at first, are no JSON',
    file: FILE,
    test: 'records in lines are read as those in a list',
  },
  {
    trap: 'Bearer is taken off, though the stream’s token is the whole header',
    file: FILE,
    test: 'the whole Authorization value is the secret, with what the user wrote before it',
  },
  {
    trap: 'one bad record loses the list',
    file: FILE,
    test: 'a record without an id neither loses nor blocks the others',
  },
];
