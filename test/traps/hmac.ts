import type { Trap } from '../traps.ts';

const FILE = 'providers/sender.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the id of a resource is taken for that of an event',
    file: FILE,
    test: 'equal bodies are one event and others are not, whatever resource they are about',
  },
  {
    trap: 'an id in a header is taken for a signed one',
    file: FILE,
    test: 'an id in a header, which a signature over the body leaves out, is an unsigned one',
  },
];
