import type { Trap } from '../traps.ts';

const FILE = 'providers/microsoft-graph.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the clientState of the first item is taken for that of all',
    file: FILE,
    test: 'is dropped and never published, and the others of the request are',
  },
  {
    trap: 'a new clientState is taken for a forgery before the secret is read again',
    file: 'core/scheme-token-places.test.ts',
    test: 'is asked for anew before an item is taken out: it may be a new one',
  },
  {
    trap: 'the check of the URL becomes a delivery',
    file: FILE,
    test: 'the check of the URL publishes nothing, whatever lies in its body',
  },
  {
    trap: 'the clientState is handed on with the payload',
    file: FILE,
    test: 'the clientState is published with no item',
  },
  {
    trap: 'equal notifications are taken for copies',
    file: FILE,
    test: 'two notifications in equal words are two events where Graph gives no id',
  },
];
