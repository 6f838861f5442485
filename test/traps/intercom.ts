import type { Trap } from '../traps.ts';

const FILE = 'providers/intercom.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'Intercom’s X-Hub-Signature is SHA-1, unlike others’',
    file: FILE,
    test: 'is made with SHA-1, and one with SHA-256 is none',
  },
  {
    trap: 'the ping is formatted, and verified over JSON that was written anew',
    file: FILE,
    test: 'is over the line breaks and tabs of a ping too',
  },
  {
    trap: 'an attempt counts itself in the signed body, and looks like another event',
    file: FILE,
    test: 'a notification is the same at its next attempt, whatever that counts',
  },
];
