import type { Trap } from '../traps.ts';

const FILE = 'providers/vercel.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the signature is taken for a SHA-256, as others say',
    file: FILE,
    test: 'a signature is HMAC-SHA1: one of SHA-256 is none',
  },
  {
    trap: 'webhooks and integrations have different secrets',
    file: FILE,
    test: 'the client secret of an integration and the secret of a webhook may share a source',
  },
];
