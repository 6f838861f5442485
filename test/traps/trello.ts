import type { Trap } from '../traps.ts';

const FILE = 'providers/trello.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the callback URL is signed, as it was registered',
    file: FILE,
    test: 'covers the URL with its query, and stands behind the body',
  },
  {
    trap: 'Trello’s own sample signs JSON that was written anew',
    file: FILE,
    test: 'is over the bytes of the body: not over Latin-1, and not over JSON that was written anew',
  },
  {
    trap: 'the HEAD wants exactly 200',
    file: FILE,
    test: 'the probe of a URL is answered with 200 and nothing else, whatever comes with it',
  },
  {
    trap: 'board and card are watched by two webhooks, and each counts its failures in the signed body',
    file: FILE,
    test: 'an action is the same when another webhook tells of it, or when one counts its failures',
  },
];
