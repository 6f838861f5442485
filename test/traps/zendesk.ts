import type { Trap } from '../traps.ts';

const FILE = 'providers/zendesk.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the signed time is parsed and written anew',
    file: FILE,
    test: 'is over the time as it was written: the same instant in other words is another text',
  },
  {
    trap: 'the signing secret is decoded, since it looks like base64',
    file: FILE,
    test: 'has a key that is text, although it looks like base64',
  },
  {
    trap: 'the body of a trigger names an id of its own, and every later update is taken for a duplicate',
    file: FILE,
    test: 'is no event of Zendesk’s, whatever its writer called the fields: two updates of one ticket are two events',
  },
  {
    trap: 'the invocation id is not signed',
    file: FILE,
    test: 'is a repeat when it comes again under another invocation, and none when only its text does, at another time',
  },
  { trap: 'a trigger sends XML or a form', file: FILE, test: 'can be no JSON at all' },
];
