import type { Trap } from '../traps.ts';

const FILE = 'providers/adyen.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the key is used as text, not as hex',
    file: FILE,
    test: 'is hex, in either case; as text it is another key',
  },
  {
    trap: 'only the first item is verified',
    file: FILE,
    test: 'is accepted when each of them is signed, and only then',
  },
  {
    trap: 'an empty list of items counts as verified',
    file: FILE,
    test: 'that is empty, or no list, proves nothing',
  },
  {
    trap: 'the signed text is escaped as in the old scheme',
    file: FILE,
    test: 'is joined as it is: nothing is escaped, and what is missing is empty',
  },
  {
    trap: 'an empty field is signed like one that holds a list',
    file: FILE,
    test: 'is text: a list or an object is not taken for nothing',
  },
  {
    trap: 'eventDate is not signed, and orders states all the same',
    file: FILE,
    test: 'orders nothing by a time that is not signed',
  },
  {
    trap: 'one bad item holds up the queue at Adyen for 30 days',
    file: FILE,
    test: 'is one event for each, of which a bad one does not hold back the others',
  },
  { trap: 'a 200 without [accepted] is sent again', file: FILE, test: 'is answered with [accepted]' },
];
