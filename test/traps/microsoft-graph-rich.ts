import type { Trap } from '../traps.ts';

const FILE = 'providers/microsoft-graph-rich.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'a validationToken chooses its own algorithm',
    file: FILE,
    test: 'of another algorithm, or that names no key, is none',
  },
  {
    trap: 'one valid token lets in the items of every tenant',
    file: FILE,
    test: 'without a token for its app and tenant is dropped, and the others come in',
  },
  {
    trap: 'a key of consumers’ accounts signs for an organization',
    file: FILE,
    test: 'by a key of consumers’ accounts is none of an organization',
  },
  {
    trap: 'the token brings its own key, or says where it lies',
    file: FILE,
    test: 'is signed with the key that it names, of Microsoft’s set',
  },
  {
    trap: 'a notification with data is taken without a token because it says that it is of a lifecycle',
    file: FILE,
    test: 'of a lifecycle needs no token, unless it carries data',
  },
  {
    trap: 'anybody makes the receiver call Microsoft',
    file: FILE,
    test: 'nobody who does not know a clientState makes us ask Microsoft for keys',
  },
];
