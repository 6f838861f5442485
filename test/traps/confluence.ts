import type { Trap } from '../traps.ts';

const FILE = 'providers/confluence.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'Confluence’s events have no id, and one page is changed often',
    file: FILE,
    test: 'an event without an id is another one a millisecond later',
  },
  {
    trap: 'the test of a connection names no event',
    file: FILE,
    test: 'the test of a connection is no broken event',
  },
  {
    trap: 'nobody knows of an event that Confluence could not deliver',
    file: FILE,
    test: 'that a lost event is lost is told, with what helps',
  },
];
