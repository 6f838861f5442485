import type { Trap } from '../traps.ts';

const FILE = 'providers/pagerduty.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'only the first of PagerDuty’s signatures is looked at',
    file: FILE,
    test: 'one that fits is enough, wherever it stands',
  },
  {
    trap: 'a new version of signatures appears beside v1',
    file: FILE,
    test: 'those of another version are passed over, and are none alone',
  },
  {
    trap: 'X-Webhook-Id is not signed',
    file: FILE,
    test: 'is known by its own id, which is signed: X-Webhook-Id is not',
  },
  {
    trap: 'a note is taken for the state of its incident',
    file: FILE,
    test: 'is about an incident only where it carries one',
  },
  {
    trap: 'pagey.ping is in no list of events',
    file: FILE,
    test: 'of a test has a shape of its own, and is one all the same',
  },
];
