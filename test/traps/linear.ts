import type { Trap } from '../traps.ts';

const FILE = 'providers/linear.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'Linear-Timestamp is not signed',
    file: FILE,
    test: 'is that of the signed body, in milliseconds: the header says nothing',
  },
  {
    trap: 'a body without webhookTimestamp falls back to the header',
    file: FILE,
    test: 'is needed: a body without one, or with another kind of value, is refused although it is signed',
  },
  {
    trap: 'Linear’s body is parsed for its time without bounds',
    file: FILE,
    test: 'is read only after the signature holds, and in bounds',
  },
  {
    trap: 'Linear-Delivery is not signed, and each attempt has a time of its own',
    file: FILE,
    test: 'is the same when it is sent again at another time, under whatever delivery id',
  },
  {
    trap: 'the state of an issue can come twice, by two changes',
    file: FILE,
    test: 'is another one when the same change is made again',
  },
  {
    trap: 'Linear-Event is not signed',
    file: FILE,
    test: 'takes its type from the signed body, whatever the header says',
  },
];
