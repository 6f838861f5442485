import type { Trap } from '../traps.ts';

const FILE = 'providers/jira.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'Jira’s header is named like that of SHA-1 elsewhere',
    file: FILE,
    test: 'names its method in the value: another than SHA-256 is none',
  },
  {
    trap: 'Atlassian publishes what must come out',
    file: FILE,
    test: 'is the one that Atlassian’s page gives for its own secret and payload',
  },
  {
    trap: 'X-Atlassian-Webhook-Identifier is not signed',
    file: FILE,
    test: 'that comes again under another identifier is known by its body',
  },
  {
    trap: 'Jira’s times have zones like +0100',
    file: FILE,
    test: 'is ordered by a time of Jira’s form, without a colon in its zone',
  },
  {
    trap: 'events of an issue and of a comment carry both',
    file: FILE,
    test: 'of a comment is about the comment, although it brings the issue',
  },
];
