import type { Trap } from '../traps.ts';

const FILE = 'providers/typeform.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'Typeform writes base64 behind sha256=, where others write hex',
    file: FILE,
    test: 'a signature is base64 behind its prefix: in hex, or bare, it is none',
  },
  {
    trap: 'the header is split at every "=", and the padding is lost',
    file: FILE,
    test: 'the trailing "=" of the base64 is no second label',
  },
  {
    trap: 'a 404 or 410 switches the webhook off at once',
    file: FILE,
    test: 'what a 404 or 410 does there is told, and that neither is ever given',
  },
];
