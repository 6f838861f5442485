import type { RowKey } from './conditional-write.ts';
import type { Digest, EventKey, Subject } from './event.ts';
import type { SourceName } from './source.ts';

/** The row of an event: its claim, then how it was published. */
export function eventRow(source: SourceName, key: EventKey): RowKey {
  return rowKey('event', source, key);
}

/** The row of a subject: the last committed state's place in the order. */
export function subjectRow(source: SourceName, subject: Subject): RowKey {
  return rowKey('subject', source, subject);
}

/** The row that binds signed bytes to the first id they came under. */
export function contentRow(source: SourceName, content: Digest): RowKey {
  return rowKey('content', source, content);
}

/** The row of a source's API: permits drawn, pauses, failures. It never expires. */
export function apiRow(source: SourceName): RowKey {
  return `api#${source}` as RowKey;
}

/** Keys and subjects hold at most 512 bytes (`fingerprint.ts`); DynamoDB takes 2,048. */
function rowKey(kind: 'event' | 'subject' | 'content', source: SourceName, name: string): RowKey {
  return `${kind}#${source}#${name}` as RowKey;
}
