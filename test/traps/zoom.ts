import type { Trap } from '../traps.ts';

const FILE = 'providers/zoom.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the answer to a validation is the MAC of a text that the caller chose: v0:{time}:{body}, say',
    file: FILE,
    test: 'is the signature of no delivery: whatever looks like one is refused',
  },
  {
    trap: 'a token is cut into time and body in another way',
    file: FILE,
    test: 'can be used for no request, whatever token was asked for',
  },
  {
    trap: 'a validation is answered before its signature is checked',
    file: FILE,
    test: 'is given to nobody who does not know the secret already',
  },
  {
    trap: 'recordings get a new token and new links at each attempt, and look like other events',
    file: FILE,
    test: 'of a recording is the same under another token and other links, and another with other files',
  },
  {
    trap: 'events have no id, and several happen in one millisecond of one meeting',
    file: FILE,
    test: 'is not known by meeting and millisecond alone: two people may join in one',
  },
  {
    trap: 'the last retry comes 85 minutes later, and a window of five minutes drops it',
    file: FILE,
    test: 'is accepted with its first signature for as long as Zoom tries, and then no more',
  },
  {
    trap: 'Zoom’s SDK verifies JSON that it has written anew',
    file: 'oracles/zoom.test.ts',
    test: 'is over bytes here and over JSON that is written anew there: only ours tells a changed byte, and takes every spelling',
  },
];
