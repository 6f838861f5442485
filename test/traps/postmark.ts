import type { Trap } from '../traps.ts';

const FILE = 'providers/postmark.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'MessageID is taken for the id of an event',
    file: FILE,
    test: 'two opens of one message are two events, the same open sent again is one',
  },
  {
    trap: 'a wrong password is saved by a token beside it',
    file: FILE,
    test: 'a token in a header is none while only a password is stored, and the other way round',
  },
  {
    trap: 'a new kind of record is lost',
    file: FILE,
    test: 'a kind of record that is not known keeps its own name',
  },
];
