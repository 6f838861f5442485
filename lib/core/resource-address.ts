import type { ResourceAddress } from './event.ts';
import type { FetchedEvent } from './held.ts';
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
 *   // { subject: 'charge/ch_1', address: { path: '/v1/charges/ch_1', kind: 'v1.charges', payload: 'nothing', says: 'stands', shape: {} } }
 */
export function resourceAddress(shape: ResourceShape, read: ReadHole): FoundResource | undefined {
  const { subject: subjectAt, path: paths, ids = 'word', deletion, ...document } = shape;
  const subject = subjectAt && fillFirst(subjectAt, read);
  if (subjectAt !== undefined && subject === undefined) return undefined;
  const place = firstPlace(candidates(paths, read), read, WRITTEN[ids]);
  if (place === undefined) return undefined;
  return {
    address: {
      ...place,
      payload: subjectAt === undefined ? 'state' : 'nothing',
      says: deletion?.every((test) => holds(test, read)) ? 'deleted' : 'stands',
      shape: document,
    },
    ...(subject === undefined ? {} : { subject }),
  };
}

function firstPlace(
  templates: readonly Template[],
  read: ReadHole,
  write: Write,
): Pick<ResourceAddress, 'path' | 'kind'> | undefined {
  for (const template of templates) {
    const path = fill(template, read, write);
    if (path !== undefined) return { path, kind: wordsOf(template) };
  }
  return undefined;
}

function candidates(paths: ResourceShape['path'], read: ReadHole): readonly Template[] {
  if (typeof paths === 'string') return [paths];
  if (!('by' in paths)) return paths;
  const kind = fill(paths.by, read) ?? '';
  const path = Object.hasOwn(paths.of, kind) ? paths.of[kind] : undefined;
  return path === undefined ? [] : [path];
}

/**
 * What kind of resource an event is about: who may read one of it may read others. Where the path has it in a hole, the subject begins
 * with it; where that is an id alone, the path has it.
 * @example kindRead(event) // 'v1.charges.charge'
 */
export function kindRead({ subject, resource }: FetchedEvent): string {
  const [first = '', ...more] = subject.split('/');
  return more.length > 0 && /^[\w.-]+$/.test(first) ? `${resource.kind}.${first}` : resource.kind;
}

function wordsOf(template: Template): string {
  const words = template
    .replace(/\?.*$/s, '')
    .replaceAll(/\{[^{}]*\}/g, '')
    .match(/[\w-]+/g);
  return words?.join('.') ?? '';
}
