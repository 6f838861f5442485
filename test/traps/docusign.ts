import type { Trap } from '../traps.ts';

const FILE = 'providers/docusign.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'only the first numbered header is looked at',
    file: FILE,
    test: 'of any active key is enough, whatever number its header has, up to 16',
  },
  {
    trap: 'retryCount in the body makes a retry another event',
    file: FILE,
    test: 'is the same when it is retried, which its body counts',
  },
  {
    trap: 'there is no event id',
    file: FILE,
    test: 'of another %s is another',
  },
  {
    trap: 'an event without the summary is taken for a state',
    file: FILE,
    test: 'is a state only with the summary of its envelope',
  },
];
