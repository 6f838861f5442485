import type { Version } from './event.ts';
import { holds } from './holds.ts';
import { holeReader } from './hole-reader.ts';
import { versionOf } from './instant.ts';
import type { DocumentShape } from './provider.ts';
import { fill, type ReadHole } from './template.ts';

/** What a fetched document says of its resource. */
export type ReadResource =
  | { readonly kind: 'stands'; readonly version?: Version }
  | { readonly kind: 'deleted' };

/** What an answer of the API is, if not an HTTP status says so: the resource, its absence, or something else, such as an error. */
export type AnswerKind = 'resource' | 'absence' | 'something-else';

/**
 * @param text valid JSON.
 * @example answerKind('{"ok":false,"error":"channel_not_found"}', { absent: [{ at: '{body:error}', equals: 'channel_not_found' }] }) // 'absence'
 */
export function answerKind(text: string, { absent, valid }: DocumentShape): AnswerKind {
  // A resource is an object, or a list of its parts: `null` would not even be seen beside the payload.
  if (!/^\s*[[{]/.test(text)) return 'something-else';
  const read = readerOf(text);
  if (absent?.every((test) => holds(test, read))) return 'absence';
  return valid?.every((test) => holds(test, read)) === false ? 'something-else' : 'resource';
}

/**
 * @param text valid JSON, of the resource.
 * @example readResource('{"id":"ch_1","deleted":true}', { deleted: [{ at: '{body:deleted}', equals: 'true' }] }) // { kind: 'deleted' }
 */
export function readResource(text: string, shape: DocumentShape): ReadResource {
  const read = readerOf(text);
  if (shape.deleted?.every((test) => holds(test, read))) return { kind: 'deleted' };
  const version = shape.version && versionOf(fill(shape.version.at, read) ?? '', shape.version.unit);
  return { kind: 'stands', ...(version === undefined ? {} : { version }) };
}

function readerOf(text: string): ReadHole {
  return holeReader({ headers: {}, query: '', document: () => ({ kind: 'json', text }) });
}
