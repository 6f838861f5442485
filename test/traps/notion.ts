import type { Trap } from '../traps.ts';

const FILE = 'providers/notion.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the verification token is the key, and anybody can send one',
    file: FILE,
    test: 'of whoever sends one is stored in no source that is not in set-up, and in none that has a secret',
  },
  {
    trap: 'the verification token is queued, logged or published',
    file: FILE,
    test: 'is never published: what carries one unsigned is no delivery',
  },
  {
    trap: 'attempts are counted in the signed body',
    file: FILE,
    test: 'is the same at each attempt, though the body counts them',
  },
  {
    trap: 'an event is taken for the state of its page',
    file: FILE,
    test: 'names what changed, and carries no state: it is about no resource until that is fetched',
  },
];
