import type { Trap } from '../traps.ts';

const FILE = 'providers/square.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'x-square-signature (SHA-1) is accepted in place of the SHA-256',
    file: FILE,
    test: 'is never the SHA-1 of the legacy header, neither alone nor beside a wrong one',
  },
  {
    trap: 'the URL is taken from the Host header',
    file: FILE,
    test: 'is over the configured URL, whatever host the request names',
  },
  {
    trap: 'two subscriptions on one URL have two keys',
    file: FILE,
    test: 'may be that of any subscription on the URL, each with a key of its own',
  },
  {
    trap: 'an order’s events are named after what happened to it',
    file: FILE,
    test: 'what happened to an order is about the order, and ordered by its version',
  },
];
