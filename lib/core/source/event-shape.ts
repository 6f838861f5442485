import type { EventShape } from '../provider.ts';
import { list, optional, record, type Shape } from '../shape.ts';
import { resource } from './api-shape.ts';
import { eventTest } from './handshake-shape.ts';
import { instant, version } from './instant-shape.ts';
import { eventLocations } from './template-shape.ts';

/** How an event is read. */
export const eventShape: Shape<EventShape> = record<EventShape>({
  when: optional(list(eventTest, 'a list of conditions')),
  id: optional(eventLocations),
  type: eventLocations,
  subject: optional(eventLocations),
  time: optional(instant),
  version: optional(version),
  resource: optional(resource),
});
