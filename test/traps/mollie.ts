import type { Trap } from '../traps.ts';

const FILE = 'providers/mollie.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'only the first of two headers of one name is looked at, and fails for a day after each rotation',
    file: FILE,
    test: 'either of the two headers is enough, whichever secret is stored',
  },
  {
    trap: 'the SDK takes a bare digest as well',
    file: FILE,
    test: 'a bare digest is no signature, although the SDK takes one',
  },
  {
    trap: 'no signature is answered with false, and taken for a classic webhook',
    file: FILE,
    test: 'a call without a signature is not let in as a classic one',
  },
  {
    trap: 'a classic call repeats the id with every change, and the second is lost as a duplicate',
    file: FILE,
    test: 'with the id of one before is another event',
  },
  {
    trap: 'the id of a classic call goes into a URL as it came',
    file: FILE,
    test: 'with what is no id is a dead letter: %s',
  },
  {
    trap: 'the token in the URL is stored with the delivery',
    file: FILE,
    test: 'keeps its token out of what is queued and published',
  },
];
