import type { Trap } from '../traps.ts';

const FILE = 'providers/cloudevents.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'data that is a list is taken for a batch',
    file: FILE,
    test: 'is one event, though its data is a list',
  },
  {
    trap: 'extensions that lie in headers are lost on the queue',
    file: FILE,
    test: 'comes through the queue with all of its attributes, and with no other header',
  },
  {
    trap: 'attributes in headers are not percent-decoded, or forge the data',
    file: FILE,
    test: 'takes every extension, decoded, and nothing for the data but the body',
  },
  {
    trap: 'headers beside a structured event are believed',
    file: FILE,
    test: 'is what the content type says, and headers beside it say nothing',
  },
  {
    trap: 'id alone is taken for unique',
    file: FILE,
    test: 'the id is unique together with its source only',
  },
  {
    trap: 'consent is told by a status',
    file: FILE,
    test: 'consent is asked for with an origin; without one, OPTIONS is no method of ours',
  },
];
