import type { Trap } from '../traps.ts';

const FILE = 'providers/bitbucket.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'X-Hub-Signature is taken for a SHA-1',
    file: FILE,
    test: 'is SHA-256, although its header is named like the SHA-1 of others',
  },
  {
    trap: 'without a secret no signature is sent, and all is let in',
    file: FILE,
    test: 'of a webhook without a secret is none, and so it is refused',
  },
  {
    trap: 'the event’s key is not signed: a body comes again under another',
    file: FILE,
    test: 'is refused: %s',
  },
  {
    trap: 'one push moves several refs, and only the first is seen',
    file: FILE,
    test: 'is one event for each ref that it moves',
  },
  {
    trap: 'the request’s UUID may change over retries, and anybody can change it',
    file: FILE,
    test: 'is changed: the same body under another is known as a repeat',
  },
  {
    trap: 'Data Center names the request in another header',
    file: FILE,
    test: 'has another name on Data Center',
  },
];
