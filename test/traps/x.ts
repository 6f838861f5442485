import type { Trap } from '../traps.ts';

const FILE = 'providers/x.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the CRC signs any text for anybody, and deliveries are signed with the same key over the body alone',
    file: FILE,
    test: 'is the signature of no delivery, whatever token was asked for',
  },
  {
    trap: 'a crc_token is a whole event',
    file: FILE,
    test: 'is given for no text that could be an event',
  },
  {
    trap: 'the signature is base64 behind sha256=, where others write hex',
    file: FILE,
    test: 'a signature is base64: the same MAC in hex is none',
  },
  {
    trap: 'one post is delivered for several users',
    file: FILE,
    test: 'of a post is one for each user that was subscribed',
  },
  {
    trap: 'ids are above 2^53',
    file: FILE,
    test: 'of a post is known by the text of its id: the number has lost digits elsewhere',
  },
  {
    trap: 'a follow has no id',
    file: FILE,
    test: 'of a relation is another one when it comes about again',
  },
  {
    trap: 'a new kind of activity appears',
    file: FILE,
    test: 'of a kind that is not known yet is an event all the same',
  },
];
