import type { Trap } from '../traps.ts';

const FILE = 'providers/meta.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'Meta escapes what is not ASCII, and signs the escapes',
    file: FILE,
    test: 'is over the escapes as they were sent: JSON that was parsed and written again is another text',
  },
  {
    trap: 'the verify token is taken for the secret',
    file: FILE,
    test: 'is not made with the verify token, whoever knows that',
  },
  {
    trap: 'a batch is split along one path, and what lies elsewhere is lost',
    file: FILE,
    test: 'loses nothing that stands beside messages: statuses, other fields, entries without changes',
  },
  {
    trap: 'one bad change loses the batch',
    file: FILE,
    test: 'with a broken item neither loses nor blocks the others',
  },
  {
    trap: 'a retry comes in another batch, at another time',
    file: FILE,
    test: 'that is sent again in another one holds the same events',
  },
  {
    trap: 'the same change happens twice, and has no id',
    file: FILE,
    test: 'without an id is another one when it happens again',
  },
  {
    trap: 'links to media are signed anew',
    file: FILE,
    test: 'of a message is the same under another link to its picture',
  },
  {
    trap: 'a message that is taken back comes under the id of the message',
    file: FILE,
    test: 'that takes a message back is no copy of it, and neither is its echo',
  },
  {
    trap: 'in a group, each member has a status of the same message',
    file: FILE,
    test: 'of a status is one for each member of a group, and orders only what is said of a message alone',
  },
  {
    trap: 'a field is called the same in several objects',
    file: FILE,
    test: 'names its object where several share a URL',
  },
];
