import { OBJECT_PREFIX } from '../resources.ts';
import type { HeadgateEvent, ReferencedEvent } from './headgate-event.ts';
import { parseText } from './parse-text.ts';
import { readEvent } from './read-event.ts';
import { UnreadableEventError } from './unreadable-event-error.ts';

/** Where the data of large events may lie, and how to read it. */
export interface DatarefOptions {
  /** The receiver's bucket or buckets: no other is read, whatever a message says. */
  readonly buckets: readonly [string, ...string[]];
  /** Reads an object; rejects when there is none. */
  readonly fetchObject: (bucket: string, key: string) => Promise<Uint8Array | string>;
}

/**
 * The whole event: as it is when it has its data, else with the data that its `dataref` leads to.
 *
 * @throws {UnreadableEventError} when the reference leads elsewhere, or to another event.
 * @example
 * const whole = await followDataref(parseEvent(message), {
 *   buckets: ['receiver-objects'],
 *   fetchObject: async (Bucket, Key) => {
 *     const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
 *     return Body.transformToByteArray();
 *   },
 * });
 */
export async function followDataref(
  event: HeadgateEvent | ReferencedEvent,
  options: DatarefOptions,
): Promise<HeadgateEvent> {
  if (event.dataref === undefined) return event;
  const { bucket, key } = readReference(event.dataref, options.buckets);
  const stored = await options.fetchObject(bucket, key);
  const { data, id, source } = readEvent(parseText(stored, 'The object of the dataref'));
  if (data === undefined || id !== event.id || source !== event.source) {
    throw new UnreadableEventError('The dataref leads to another event, or to one without data.');
  }
  // The object is that of the last time the event was published; how this message stands, only the message knows.
  const { dataref: _, ...attributes } = event;
  return { ...attributes, data };
}

function readReference(
  dataref: string,
  buckets: readonly string[],
): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([a-z0-9.-]+)\/(.+)$/.exec(dataref) ?? [];
  if (!buckets.includes(bucket)) {
    throw new UnreadableEventError(`The dataref leads to none of the buckets ${buckets.join(', ')}.`);
  }
  if (!key.startsWith(OBJECT_PREFIX.events)) {
    throw new UnreadableEventError(
      `The dataref leads to an object that is not under ${OBJECT_PREFIX.events}.`,
    );
  }
  return { bucket, key };
}
