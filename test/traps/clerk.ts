import type { Trap } from '../traps.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'a deletion has no time of its object, and an update that comes late brings it back',
    file: 'providers/standard-senders.test.ts',
    test: 'is deleted after the last of its changes, although a deletion has no time of its own',
  },
];
