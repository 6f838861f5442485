import type { ResourceAddress } from './event.ts';
import { holds } from './holds.ts';
import type { ResourceIds, ResourceShape } from './provider.ts';
import { fillFirst, type ReadHole } from './template.ts';

/** Where an event's resource is read, and the subject that only a fetched event has. */
export interface FoundResource {
  readonly address: ResourceAddress;
  readonly subject?: string;
}

const FITS: Readonly<Record<ResourceIds, RegExp>> = {
  digits: /^\d{1,20}$/,
  word: /^[A-Za-z0-9_-]{1,128}$/,
  name: /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/,
};

/**
 * Where the resource of an event is read; undefined when the event names none, or by a value that does not look like an id: nothing
 * else ever gets into a URL.
 * @example resourceAddress({ subject: 'charge/{body:data.object.id}', path: '/v1/charges/{body:data.object.id}' }, read)
 *   // { subject: 'charge/ch_1', address: { path: '/v1/charges/ch_1', payload: 'nothing', says: 'stands', shape: {} } }
 */
export function resourceAddress(shape: ResourceShape, read: ReadHole): FoundResource | undefined {
  const { subject: subjectAt, path: paths, ids = 'word', version, deletion, deleted } = shape;
  const subject = subjectAt && fillFirst(subjectAt, read);
  if (subjectAt !== undefined && subject === undefined) return undefined;
  const path = fillFirst(paths, (hole) => {
    const value = read(hole);
    return value !== undefined && FITS[ids].test(value) ? value : undefined;
  });
  if (path === undefined) return undefined;
  return {
    address: {
      path,
      payload: subjectAt === undefined ? 'state' : 'nothing',
      says: deletion?.every((test) => holds(test, read)) ? 'deleted' : 'stands',
      shape: { ...(version === undefined ? {} : { version }), ...(deleted === undefined ? {} : { deleted }) },
    },
    ...(subject === undefined ? {} : { subject }),
  };
}
