import type { Version } from './event.ts';
import { holds } from './holds.ts';
import { holeReader } from './hole-reader.ts';
import { versionOf } from './instant.ts';
import type { ResourceShape } from './provider.ts';
import { fill } from './template.ts';

/** What a fetched document says of its resource. */
export type ReadResource =
  | { readonly kind: 'stands'; readonly version?: Version }
  | { readonly kind: 'deleted' };

/**
 * @param text valid JSON.
 * @example readResource('{"id":"ch_1","deleted":true}', { deleted: [{ at: '{body:deleted}', equals: 'true' }] }) // { kind: 'deleted' }
 */
export function readResource(text: string, shape: Pick<ResourceShape, 'version' | 'deleted'>): ReadResource {
  const read = holeReader({ headers: {}, query: '', document: () => ({ kind: 'json', text }) });
  if (shape.deleted?.every((test) => holds(test, read))) return { kind: 'deleted' };
  const version = shape.version && versionOf(fill(shape.version.at, read) ?? '', shape.version.unit);
  return { kind: 'stands', ...(version === undefined ? {} : { version }) };
}
