import type { Trap } from '../traps.ts';

const FILE = 'providers/bigcommerce.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the client secret is decoded',
    file: FILE,
    test: 'the client secret is text, with and without what looks like base64',
  },
  {
    trap: 'an own header takes the place of the signature',
    file: FILE,
    test: 'a header that was registered with the webhook is no way around the signature',
  },
  {
    trap: 'the hash is taken for the id, and later updates are dropped',
    file: FILE,
    test: 'two notifications with the same hash are two events, and no states',
  },
];
