import type { Trap } from '../traps.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'a secret without whsec_ is text to one library, and base64 to another',
    file: 'providers/standard-senders.test.ts',
    test: 'issues its secret with whsec_: without that it is no key, neither as base64 nor as text',
  },
];
