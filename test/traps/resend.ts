import type { Trap } from '../traps.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'headers of Svix and of the standard pass for each other',
    file: 'providers/standard-senders.test.ts',
    test: 'is never signed under the headers of the other brand, nor with a public key',
  },
];
