/**
 * For subscribers: read an event in whatever it comes, handle it once, and keep a resource from going back in time.
 * @module
 */
export {
  type Notification,
  type NotificationReaderOptions,
  notificationReader,
} from './aws/notification-reader.ts';
export { dynamodbStore } from './aws/subscriber-store.ts';
export { InfrastructureError } from './core/errors.ts';
export { type DatarefOptions, followDataref } from './core/subscriber/follow-dataref.ts';
export {
  type EventAttributes,
  type EventData,
  type HeadgateEvent,
  isState,
  type ReferencedEvent,
  type StateAttributes,
} from './core/subscriber/headgate-event.ts';
export type { HoldOptions } from './core/subscriber/hold.ts';
export { type Latest, latest } from './core/subscriber/latest.ts';
export { memoryStore } from './core/subscriber/memory-store.ts';
export { type Once, once } from './core/subscriber/once.ts';
export { parseEvent, parseEvents, type ReadRecord } from './core/subscriber/parse-event.ts';
export type { StoreOptions, SubscriberStore } from './core/subscriber/store.ts';
export { UnreadableEventError } from './core/subscriber/unreadable-event-error.ts';
