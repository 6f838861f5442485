import type { Trap } from '../traps.ts';

const FILE = 'providers/gitlab.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'a wrong signature is saved by the plain token beside it',
    file: FILE,
    test: 'never falls back to the token beside it while a signing token is configured',
  },
  {
    trap: 'the signing token is used as text, or without its prefix',
    file: FILE,
    test: 'has a key of its own kind: the text of a signing token without its prefix is none',
  },
  {
    trap: 'the token, or an id that nobody checked, is stored with the delivery',
    file: FILE,
    test: 'keeps no token, and one with a token keeps no header of a signature that nobody checked',
  },
  {
    trap: 'recursive webhooks share the UUID of their event',
    file: FILE,
    test: 'of an older server is not known by the UUID of its event alone: recursive webhooks share it',
  },
  {
    trap: 'a manual resend is taken for a new event',
    file: FILE,
    test: 'is known by its idempotency key, which retries and manual resends keep',
  },
  {
    trap: 'the type stands in a header that is not signed, and a custom template has none',
    file: FILE,
    test: 'takes its type from the body, and from the header only where a template left it out',
  },
  {
    trap: 'times come in several forms',
    file: FILE,
    test: 'is ordered by a time in either of the forms that GitLab writes',
  },
  {
    trap: 'the API asks for the number in the project, not for the id',
    file: FILE,
    test: 'is about the project’s own number, as GitLab’s API asks for it',
  },
  {
    trap: 'a lost delivery is lost, and nobody knows',
    file: FILE,
    test: 'that GitLab may not send again after a 5xx is told, with what helps',
  },
];
