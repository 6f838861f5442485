import type { ResourceAddress } from './event.ts';
import { holds } from './holds.ts';
import type { ResourceIds, ResourceShape } from './provider.ts';
import { fill, fillFirst, type ReadHole, type Template, type Write } from './template.ts';

/** Where an event's resource is read, and the subject that only a fetched event has. */
export interface FoundResource {
  readonly address: ResourceAddress;
  readonly subject?: string;
}

/** How a value is written into a path, by what it has to look like. */
const WRITTEN: Readonly<Record<ResourceIds, Write>> = {
  digits: fitting(/^\d{1,20}$/),
  word: fitting(/^[A-Za-z0-9_-]{1,128}$/),
  name: fitting(/^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/),
  encoded: percentEncoded,
};

function fitting(form: RegExp): Write {
  return (value) => (form.test(value) ? value : undefined);
}

/** A server that decodes more than once, or takes the encoded slash for one, must still find nothing that leads away. */
const LEADS_AWAY = /[%\\\p{Cc}]|(^|\/)\.{0,2}(\/|$)/u;

function percentEncoded(value: string): string | undefined {
  if (value.length > 256 || LEADS_AWAY.test(value) || !value.isWellFormed()) return undefined;
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Where the resource of an event is read; undefined when the event names none, or by a value that does not look like an id: nothing
 * else ever gets into a URL.
 * @example resourceAddress({ subject: 'charge/{body:data.object.id}', path: '/v1/charges/{body:data.object.id}' }, read)
 *   // { subject: 'charge/ch_1', address: { path: '/v1/charges/ch_1', payload: 'nothing', says: 'stands', shape: {} } }
 */
export function resourceAddress(shape: ResourceShape, read: ReadHole): FoundResource | undefined {
  const { subject: subjectAt, path: paths, ids = 'word', deletion, ...document } = shape;
  const subject = subjectAt && fillFirst(subjectAt, read);
  if (subjectAt !== undefined && subject === undefined) return undefined;
  const path = fillFirst(candidates(paths, read), read, WRITTEN[ids]);
  if (path === undefined) return undefined;
  return {
    address: {
      path,
      payload: subjectAt === undefined ? 'state' : 'nothing',
      says: deletion?.every((test) => holds(test, read)) ? 'deleted' : 'stands',
      shape: document,
    },
    ...(subject === undefined ? {} : { subject }),
  };
}

function candidates(paths: ResourceShape['path'], read: ReadHole): Template | readonly Template[] {
  if (typeof paths === 'string' || !('by' in paths)) return paths;
  const kind = fill(paths.by, read) ?? '';
  return Object.hasOwn(paths.of, kind) ? (paths.of[kind] ?? []) : [];
}
