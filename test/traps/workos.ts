import type { Trap } from '../traps.ts';

const FILE = 'providers/workos.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the time is read in seconds',
    file: FILE,
    test: 'counts its time in milliseconds, three minutes either way',
  },
  {
    trap: 'the space behind the comma becomes a part of the label',
    file: FILE,
    test: 'stands behind a comma and a space: what is written otherwise is refused',
  },
  {
    trap: 'the body is written anew before it is verified, as by the SDK',
    file: FILE,
    test: 'is over the bytes that came, whatever white space is in them',
  },
];
