import type { Trap } from '../traps.ts';

const FILE = 'providers/contentful.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the topic is believed although nobody signed it',
    file: FILE,
    test: 'is no type and no id: those come from the body then',
  },
  {
    trap: 'the list of signed headers is itself unsigned, or leaves out the time',
    file: FILE,
    test: 'a list that leaves out itself or the time is no list of signed headers',
  },
  {
    trap: 'a short secret is taken for one',
    file: FILE,
    test: 'only a text of exactly 64 characters is a secret',
  },
  {
    trap: 'the query is escaped part by part',
    file: FILE,
    test: 'the query is escaped as one piece, and the whole path once more',
  },
  {
    trap: 'x-contentful-timestamp is in milliseconds',
    file: FILE,
    test: 'the time is in milliseconds, five minutes either way',
  },
  {
    trap: 'the content type is not application/json',
    file: FILE,
    test: 'a body under Contentful’s own content type is read as JSON',
  },
];
