import type { Trap } from '../traps.ts';

const FILE = 'providers/dropbox.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the body only lists accounts, so the next change has the same digest and is lost as a duplicate',
    file: FILE,
    test: 'a second notification with the same body is another change, and no repeat of the first',
  },
  {
    trap: 'a team’s notification has no accounts, and is split into nothing',
    file: FILE,
    test: 'a notification that names no account but a team is an event too',
  },
  {
    trap: 'the challenge is echoed as HTML',
    file: FILE,
    test: 'the challenge is echoed as plain text that no browser takes for a page',
  },
  {
    trap: 'a challenge in the URL lets a notification in',
    file: FILE,
    test: 'a challenge beside a notification does not excuse its signature',
  },
];
