import type { Trap } from '../traps.ts';

const FILE = 'providers/paddle.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'only the last signature is looked at, as by the SDK',
    file: FILE,
    test: 'of any secret is enough, wherever it stands: the SDK takes the last alone',
  },
  {
    trap: 'a window of 5 seconds refuses what a slow network brings',
    file: FILE,
    test: 'is taken for five minutes, not for the five seconds of the SDK',
  },
  {
    trap: 'notification_id is taken for the event’s id',
    file: FILE,
    test: 'is the same under the notification of another destination, and when it is replayed',
  },
  {
    trap: 'states are ordered by when they arrive',
    file: FILE,
    test: 'is the state of its entity when it occurred',
  },
];
