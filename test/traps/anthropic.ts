import type { Trap } from '../traps.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'every body is of the type event',
    file: 'providers/standard-senders.test.ts',
    test: 'is of the type of its data: the body’s own is always event',
  },
];
