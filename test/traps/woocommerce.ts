import type { Trap } from '../traps.ts';

const FILE = 'providers/woocommerce.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the delivery id is that of another event of the same second',
    file: FILE,
    test: 'may be that of another order of the same second',
  },
  {
    trap: 'the delivery id is not signed',
    file: FILE,
    test: 'is nothing to know a captured order by: under another it is the same event',
  },
  {
    trap: 'two deletions of one thing have the same bytes, and the second is dropped',
    file: FILE,
    test: 'keeps two deletions apart, which have the same bytes',
  },
  {
    trap: 'the topic is not signed: an order becomes its own deletion',
    file: FILE,
    test: 'is contradicted by %s',
  },
  {
    trap: 'the ping of a new webhook is unsigned, and wants exactly 200',
    file: FILE,
    test: 'gets exactly 200',
  },
  {
    trap: 'an event is answered like a ping',
    file: FILE,
    test: 'is not seen in a request %s',
  },
];
