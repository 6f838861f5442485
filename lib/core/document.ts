import { formFields, MOST_FIELDS } from './form.ts';
import { textPerItem } from './json-items.ts';
import { depthExceeds, itemSpans, parsePath } from './json-span.ts';
import type { DocumentPlace, Provider } from './provider.ts';
import { type Headers, header, mediaKind } from './request.ts';
import type { Steps } from './steps/load-steps.ts';
import { utf8Text } from './utf8-text.ts';

/**
 * A body as it can be read. `json` is valid JSON, as the provider wrote it: numbers above 2^53 and duplicate keys are still there.
 * A form is JSON too: an object of strings (of arrays for names that come twice), or the document in its `formField`.
 */
export type Document =
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly contentType: string };

type JsonDocument = Extract<Document, { readonly kind: 'json' }>;

export interface Unreadable {
  readonly kind: 'unreadable';
  /** What is wrong with the body; quotes nothing of it. */
  readonly explanation: string;
}

/** Nesting that still passes through every JSON library that a subscriber may use. */
export const DEEPEST = 512;

export interface DocumentOptions {
  /** Where the provider's value says that it is; by default where the Content-Type says, and a form is its fields. */
  readonly place?: DocumentPlace | undefined;
  /** For a place that is a step. */
  readonly steps?: Steps;
  /** The deepest nesting that is read. Default `DEEPEST`. */
  readonly depth?: number;
}

/**
 * Reads a body by its Content-Type, or as the provider's value says. Never throws because of what was sent.
 * @throws {TypeError} when the step that it names was not loaded: a bug.
 * @example readDocument({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: Buffer.from('a=1&a=2') }, {})
 *   // { kind: 'json', text: '{"a":["1","2"]}' }
 */
export function readDocument(
  request: { readonly headers: Headers; readonly body: Buffer },
  options: DocumentOptions,
): Document | Unreadable {
  const { place } = options;
  if (place === 'json') return readJson(request.body, options);
  if (place !== undefined && 'step' in place) {
    if (options.steps?.document === undefined)
      throw new TypeError(`the step ${place.step} is not loaded: call loadSteps first`);
    return options.steps.document.read(request, { depth: options.depth ?? DEEPEST });
  }
  const contentType = header(request.headers, 'content-type');
  switch (mediaKind(contentType)) {
    case 'json':
      return readJson(request.body, options);
    case 'form':
      return readForm(request.body, place?.formField, options);
    case 'other':
      return { kind: 'bytes', bytes: request.body, contentType: contentType ?? 'application/octet-stream' };
  }
}

/** What the items of a batch may be together, each with what stands around it, in characters: it is repeated for every one. */
const LARGEST_BATCH = 67_108_864;

/** The document of each event: one for each item where the provider sends batches (`Split`), else the document itself. */
export function eventDocuments(
  document: Document,
  split: Provider['split'],
): readonly Document[] | Unreadable {
  if (split === undefined || document.kind === 'bytes') return [document];
  const texts =
    split === 'items' ? itemTexts(document.text) : textPerItem(document.text, split.map(parsePath));
  if (texts === undefined) return [document];
  // Until one is read, such a text is no copy: V8 only notes its parts.
  const size = texts.reduce((sum, text) => sum + text.length, 0);
  if (size > LARGEST_BATCH)
    return unreadable(`${texts.length} events, with what stands around them: ${size} characters`);
  return texts.map((text) => ({ kind: 'json', text }));
}

function itemTexts(text: string): readonly string[] | undefined {
  return itemSpans(text)?.map(({ start, end }) => text.slice(start, end));
}

/** Bytes that must be JSON, whatever their sender says they are. */
export function readJson(body: Buffer, options: Pick<DocumentOptions, 'depth'>): JsonDocument | Unreadable {
  const text = utf8Text(body);
  if (text === undefined) return unreadable('the body is not valid UTF-8');
  // RFC 8259 §8.1 lets a parser pass over a byte order mark; inside a CloudEvent it would be an error.
  return checkJson(text.startsWith('\ufeff') ? text.slice(1) : text, 'the body', options);
}

/** Every document has one of them, but a number; no encoder of forms leaves one as it is. */
const ONLY_JSON = ['"', '{', '['];

/** The Content-Type is not signed: without care, a captured document would be a form of the fields that somebody wrote into its texts. */
function readForm(
  body: Buffer,
  formField: string | undefined,
  options: DocumentOptions,
): Document | Unreadable {
  if (ONLY_JSON.some((character) => body.includes(character)))
    return unreadable('the form holds what forms escape: it is JSON under the wrong content type');
  const fields = formFields(body);
  if (fields === undefined)
    return unreadable(`the form is not valid UTF-8, or has more than ${MOST_FIELDS} fields`);
  const documents = fields.filter(([name]) => name === formField);
  const [document] = documents;
  if (document === undefined) return { kind: 'json', text: formJson(fields) };
  if (documents.length > 1) return unreadable(`the form holds the field ${document[0]} more than once`);
  return checkJson(document[1], `the form's field ${document[0]}`, options);
}

function formJson(fields: readonly (readonly [string, string])[]): string {
  const values = Map.groupBy(fields, ([name]) => name);
  const members = [...values].map(([name, all]) => {
    const texts = all.map(([, value]) => value);
    return `${JSON.stringify(name)}:${JSON.stringify(texts.length === 1 ? texts[0] : texts)}`;
  });
  return `{${members.join(',')}}`;
}

function checkJson(
  text: string,
  what: string,
  options: Pick<DocumentOptions, 'depth'>,
): JsonDocument | Unreadable {
  const depth = options.depth ?? DEEPEST;
  if (depthExceeds(text, depth)) return unreadable(`${what} is nested deeper than ${depth}`);
  try {
    JSON.parse(text);
  } catch {
    return unreadable(`${what} is not valid JSON`);
  }
  return { kind: 'json', text };
}

function unreadable(explanation: string): Unreadable {
  return { kind: 'unreadable', explanation };
}
