import type { Trap } from '../traps.ts';

const FILE = 'providers/asana.test.ts';
const INSTALLING = 'core/install-secret.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the secret comes unsigned, and is stored whenever somebody sends one',
    file: INSTALLING,
    test: 'to a source that is not in set-up is refused like any unsigned request, and told what to do',
  },
  {
    trap: 'a stranger’s secret replaces the one that is there',
    file: INSTALLING,
    test: 'with another secret stored is refused, and replaces nothing',
  },
  {
    trap: 'each webhook has a secret of its own, and the second overwrites that of the first',
    file: FILE,
    test: 'a second webhook at the same source cannot shake hands: it would replace the secret of the first',
  },
  {
    trap: 'two set-up requests at a time both think that their secret is stored',
    file: 'aws/install-first.test.ts',
    test: 'is stored by one of two, and by no other',
  },
  {
    trap: 'the header is echoed before its secret is stored',
    file: 'faults/installation.test.ts',
    test: 'whatever fails, is answered only when its secret is stored, and otherwise asked for again',
  },
  {
    trap: 'a header beside a signature makes a set-up request of a delivery',
    file: INSTALLING,
    test: 'is a delivery like any other when it carries a signature, right or wrong',
  },
  {
    trap: 'a heartbeat is an unreadable delivery',
    file: FILE,
    test: 'is acknowledged like a delivery, and yields neither an event nor a dead letter',
  },
  {
    trap: 'events have no id, and a batch that comes again is cut otherwise',
    file: FILE,
    test: 'has no id, so its own text tells it apart, in whichever batch it comes again',
  },
];
