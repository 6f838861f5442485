import type { Trap } from '../traps.ts';

const FILE = 'providers/telegram.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'no field tells the type: the name of the object does',
    file: FILE,
    test: 'has the name of its one object as type',
  },
  {
    trap: 'a kind of update that came later is lost',
    file: FILE,
    test: 'of a kind that is not known is published all the same',
  },
  {
    trap: 'a message within a callback is taken for a message',
    file: FILE,
    test: 'says nothing of a message inside another object',
  },
  {
    trap: 'message ids are unique in an account only',
    file: FILE,
    test: 'messages of two accounts that the bot serves are two subjects, though chat and number are equal',
  },
];
