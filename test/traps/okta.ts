import type { Trap } from '../traps.ts';

const FILE = 'providers/okta.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'eventId is that of the request, and the same for a whole batch',
    file: FILE,
    test: 'is known by its own uuid, not by the id of the envelope, which its batch shares',
  },
  {
    trap: 'an event comes by two hooks, or again in another batch, and looks like a collision',
    file: FILE,
    test: 'is the same in another batch, and of another hook: the envelope is that of the request',
  },
  {
    trap: 'the header is the secret, and is stored with the delivery',
    file: FILE,
    test: 'the secret in Authorization is checked, and goes no further',
  },
  {
    trap: 'an answer with a body fails there',
    file: FILE,
    test: 'the answer is an empty 200, as Okta wants it',
  },
];
