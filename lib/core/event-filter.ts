import { type Document, eventDocuments, type Unreadable } from './document.ts';
import { eventType } from './event-identity.ts';
import { type HoleSource, holeReader } from './hole-reader.ts';
import { intakeDocument } from './intake-document.ts';
import type { Request } from './request.ts';
import type { Verified } from './scheme.ts';
import type { Source } from './source.ts';
import type { Steps } from './steps/load-steps.ts';

export type Wanted = { readonly kind: 'wanted' } | { readonly kind: 'unwanted'; readonly type: string };

/**
 * Is there an event in this request that the source wants? A type that lies in headers costs no parsing. What cannot be told here
 * (a large, deep or odd body) is wanted: it is looked at again after the queue.
 *
 * @example wanted(source, verified, {}) // { kind: 'unwanted', type: 'star.created' }
 */
export function wanted(source: Source, verified: Verified, steps: Steps): Wanted {
  if (source.events === 'all') return { kind: 'wanted' };
  const types = typesIn(source, verified.request, steps);
  const [first] = types;
  if (first === undefined || types.some((type) => type === undefined || acceptsType(source, type)))
    return { kind: 'wanted' };
  return { kind: 'unwanted', type: first };
}

/** Does the source want events of this type? */
export function acceptsType(source: Source, type: string): boolean {
  return source.events === 'all' || source.events.some((pattern) => matchesType(pattern, type));
}

/** @example matchesType('issues.*', 'issues.opened') // true */
export function matchesType(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

/** The type of each event in the request; undefined for one that cannot be told here. */
function typesIn(source: Source, request: Request, steps: Steps): readonly (string | undefined)[] {
  const { provider } = source;
  const typeOf = (document: HoleSource['document']): string | undefined =>
    eventType(provider, holeReader({ ...request, document }), steps);
  const seen: { document?: Document | Unreadable } = {};
  const read = (): Document | Unreadable => {
    seen.document = intakeDocument(request, { place: provider.document, steps });
    return seen.document;
  };
  if (provider.split === undefined) {
    const type = typeOf(read);
    // A type that was read without a body that it needed may be another one's.
    return [seen.document?.kind === 'unreadable' ? undefined : type];
  }
  const document = read();
  if (document.kind === 'unreadable') return [undefined];
  const documents = eventDocuments(document, provider.split);
  return 'kind' in documents ? [undefined] : documents.map((item) => typeOf(() => item));
}
