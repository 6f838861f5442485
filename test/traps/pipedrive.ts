import type { Trap } from '../traps.ts';

const FILE = 'providers/pipedrive.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'meta.attempt makes each attempt another event',
    file: FILE,
    test: 'a retry is the same event, though it counts its attempts in the body',
  },
  {
    trap: 'meta.id is the same for two webhooks on one event',
    file: FILE,
    test: 'two webhooks that overlap are two events, and none is a collision of the other',
  },
  {
    trap: 'version 1 has the id of the object where version 2 has that of the event',
    file: FILE,
    test: 'a webhook of version 1, whose meta.id is that of the object, becomes no event',
  },
];
