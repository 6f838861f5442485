import type { Trap } from '../traps.ts';

const FILE = 'providers/mailgun.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'a captured signature lets any event in',
    file: FILE,
    test: 'is bound to the event that it came with: another one under it is refused as forged',
  },
  {
    trap: 'the signature is taken for one of the event',
    file: FILE,
    test: 'covers nothing of the event',
  },
  {
    trap: 'time and token are joined without a separator',
    file: FILE,
    test: 'has no border between time and token that could be moved',
  },
  {
    trap: 'a window of five minutes drops genuine retries',
    file: FILE,
    test: 'holds for longer than Mailgun tries, and then no more',
  },
  {
    trap: 'the body is parsed without bounds before the signature is known',
    file: FILE,
    test: 'is read from JSON in bounds, before anything is known of it',
  },
  {
    trap: 'each attempt is signed anew, and looks like another event',
    file: FILE,
    test: 'of a retry is another one, under which the event is the same',
  },
  { trap: 'event-data.timestamp is a float', file: FILE, test: 'the time has a fraction' },
];
