import type { Trap } from '../traps.ts';

const FILE = 'providers/lemon-squeezy.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'X-Event-Name, which is not signed, tells the type',
    file: FILE,
    test: 'is what the signed body says, whatever X-Event-Name says',
  },
  {
    trap: 'there is no id, and two events of a second look alike',
    file: FILE,
    test: 'is known by its whole text: two of one second are two',
  },
];
