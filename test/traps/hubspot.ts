import type { Trap } from '../traps.ts';

const FILE = 'providers/hubspot.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'HubSpot decodes some characters of the URL before it signs',
    file: FILE,
    test: 'is over the URL in which some characters are decoded, and no others',
  },
  {
    trap: 'v1 and v2 come beside v3, and let a captured request in again',
    file: FILE,
    test: 'is the only one that is looked at: the older ones beside it are no way around it',
  },
  {
    trap: 'the timestamp is in milliseconds',
    file: FILE,
    test: 'counts its time in milliseconds, five minutes either way',
  },
  {
    trap: 'v1 is taken where v2 is configured',
    file: FILE,
    test: 'are each for itself: a signature of one is none of the other',
  },
  {
    trap: 'eventId is not unique',
    file: FILE,
    test: 'is known by more than its eventId, which need not be unique',
  },
  { trap: 'attemptNumber changes on a retry', file: FILE, test: 'is the same at its next attempt' },
  {
    trap: 'one bad item loses the batch',
    file: FILE,
    test: 'that is broken neither loses nor blocks the others',
  },
];
