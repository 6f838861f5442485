import type { Trap } from '../traps.ts';

const FILE = 'providers/salesforce.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'an error is answered with an acknowledgement, and the message is never sent again',
    file: FILE,
    test: 'is none for whatever failed: the wrong token, no secret, queue and bucket down, too large',
  },
  {
    trap: 'it is acknowledged before anything has it',
    file: FILE,
    test: 'is an acknowledgement once the queue has the message',
  },
  {
    trap: 'a document type loads a file, or grows an entity into gigabytes',
    file: FILE,
    test: 'that declares entities is a dead letter, and nothing of it is quoted',
  },
  {
    trap: 'the session id, a credential, is published or logged',
    file: FILE,
    test: 'a session id is in no event, and in no explanation',
  },
  {
    trap: 'one notification is an object and several are a list, so only the first of them is read',
    file: FILE,
    test: 'of a hundred notifications is a hundred events',
  },
  {
    trap: 'one bad notification loses the message',
    file: FILE,
    test: 'with one bad notification neither loses nor blocks the others',
  },
  {
    trap: 'a notification is sent again with the newest data under the id of the first: a duplicate, or a collision',
    file: FILE,
    test: 'that changed until it was sent again, under the same id, is another event; the same is not',
  },
  {
    trap: 'an XML parser guesses numbers, and a postal code loses its zero',
    file: FILE,
    test: 'keeps its values as the texts that were sent: no number loses its zeros, no blank its spaces',
  },
  {
    trap: 'the content type is not signed, and says that the message is something else',
    file: FILE,
    test: 'is read by what it is, whatever its content type is said to be',
  },
];
