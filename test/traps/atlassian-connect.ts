import type { Trap } from '../traps.ts';

const FILE = 'providers/atlassian-connect.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the token chooses its own algorithm, or none',
    file: FILE,
    test: 'is of HS256 and of no other algorithm, whatever it says of itself',
  },
  {
    trap: 'qsh is not compared, so that a token is good for any URL',
    file: FILE,
    test: 'is good for the method, path and query that it was made for',
  },
  {
    trap: 'a context token (context-qsh) is taken for a webhook’s',
    file: FILE,
    test: 'of a page in the user’s browser, which is for no request, is refused',
  },
  { trap: 'the token is taken for a signature of the body', file: FILE, test: 'covers nothing of the body' },
  {
    trap: 'a captured token is bound to its event, and refuses the next one of the same second',
    file: FILE,
    test: 'two deliveries in one second have equal tokens, so that a token is no mark of its event',
  },
  {
    trap: 'X-Atlassian-Webhook-Identifier is taken for signed',
    file: FILE,
    test: 'under another identifier with the same bytes is told as a repetition, since no identifier is signed',
  },
  {
    trap: 'a token of an OAuth app without times is good for ever',
    file: FILE,
    test: 'the token of an OAuth app is no good for ever: it says when it was made, or expires',
  },
];
