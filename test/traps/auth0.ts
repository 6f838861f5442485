import type { Trap } from '../traps.ts';

const FILE = 'providers/auth0.test.ts';

export const traps: readonly Trap[] = [
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
