import type { Trap } from '../traps.ts';

const FILE = 'providers/box.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'only the primary key is tried',
    file: FILE,
    test: 'by one of the two keys is enough while the other is changed',
  },
  {
    trap: 'a key counts in one header only, and a change of keys refuses what is on its way',
    file: FILE,
    test: 'is one of ours in either header, and nobody’s without a key',
  },
  {
    trap: 'the algorithm is read from a header that nobody signs',
    file: FILE,
    test: 'is by version 1 and HMAC-SHA256, whatever the headers that nobody signs say',
  },
  {
    trap: 'the body is written anew: its escapes are lost',
    file: FILE,
    test: 'is over the bytes that came, escapes and all',
  },
  {
    trap: 'the delivery id is taken for the event’s, and changes on a retry',
    file: 'contracts/identity-contract.ts',
    test: 'is the same when it is sent again: key, content and all',
  },
  {
    trap: 'a preview is taken for a change',
    file: FILE,
    test: 'a look at a file is no state of it',
  },
];
