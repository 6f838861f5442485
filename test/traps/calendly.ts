import type { Trap } from '../traps.ts';

const FILE = 'providers/calendly.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the time is left out of what Calendly signs',
    file: FILE,
    test: 'a signature is over time and body: one over the body alone, or under another time, is none',
  },
  {
    trap: 'Calendly’s events have no id',
    file: FILE,
    test: 'has no id: it is another one when the same happens to the same invitee later',
  },
  {
    trap: 'subscriptions of a user and of the organization both tell of one event',
    file: FILE,
    test: 'is the same for every subscription that tells of it',
  },
  {
    trap: 'times have six digits after the point, and a Date has three',
    file: FILE,
    test: 'is ordered by microseconds',
  },
];
