import type { Trap } from '../traps.ts';

const FILE = 'providers/sentry.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'Sentry escapes what is not ASCII, and its own sample verifies JSON without escapes',
    file: FILE,
    test: 'is over the escapes that Sentry writes: its own sample, which writes the JSON anew, fails at the first umlaut',
  },
  {
    trap: 'Sentry-Hook-Timestamp is not signed',
    file: FILE,
    test: 'covers no time: the header says nothing',
  },
  {
    trap: 'Sentry-App-Signature comes with calls that want an answer',
    file: FILE,
    test: 'of a UI component is none: such calls want an answer of their own',
  },
  {
    trap: 'the resource lies in a header, and a captured body comes under another',
    file: FILE,
    test: 'whose body contradicts the resource in the header is refused: %s with %j',
  },
  {
    trap: 'Request-ID is not signed, and the body has no id',
    file: FILE,
    test: 'that comes again under another Request-ID is known by its body',
  },
  {
    trap: 'an issue is resolved twice in equal words',
    file: FILE,
    test: 'of what can rightly come twice with equal bytes is none of a repeat',
  },
  {
    trap: 'Sentry signs empty bodies too',
    file: FILE,
    test: 'an empty body that is signed is refused for what it lacks, and breaks nothing',
  },
  {
    trap: 'one second, and no second try',
    file: FILE,
    test: 'that Sentry waits one second and never sends again is told, with what helps',
  },
];
