import { type Document, readJson, type Unreadable } from '../document.ts';
import { type Headers, header, mediaKind } from '../request.ts';
import type { DocumentStepCode } from '../step.ts';
import { utf8Text } from '../utf8-text.ts';

/**
 * A CloudEvent as its JSON form, in whatever content mode it came. In binary mode its attributes lie in headers and the body is its
 * data: JSON as it was written, a text, or else base64. A body under a content type of CloudEvents is JSON already.
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export const step: DocumentStepCode = { headerPrefix: 'ce-', read };

type Sent = Parameters<DocumentStepCode['read']>[0];
type Options = Parameters<DocumentStepCode['read']>[1];

function read({ headers, body }: Sent, options: Options): Document | Unreadable {
  const contentType = header(headers, 'content-type');
  const isForm = contentType?.trim().toLowerCase().startsWith('application/cloudevents') ?? false;
  if (isForm || header(headers, 'ce-specversion') === undefined) return readJson(body, options);
  const data = dataMember(body, contentType, options);
  if (typeof data !== 'string') return data;
  const attributes = [
    ...attributesIn(headers),
    ...(contentType === undefined ? [] : [['datacontenttype', contentType]]),
  ].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return { kind: 'json', text: `{${[...attributes, ...(data === '' ? [] : [data])].join(',')}}` };
}

/** Not attributes, whatever a header says: the data is the body, and its type the Content-Type. */
const ELSEWHERE = ['data', 'datacontenttype'];

/** In one order, so that two copies of an event are the same text. */
function attributesIn(headers: Headers): readonly (readonly [name: string, value: string])[] {
  return Object.entries(headers)
    .flatMap(([name, value]) => {
      const attribute = /^ce-([a-z0-9]+)$/.exec(name)?.[1] ?? '';
      return attribute === '' || ELSEWHERE.includes(attribute) ? [] : [[attribute, decoded(value)] as const];
    })
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** §3.1.3.2: the quotes and backslashes of a quoted string, then percent-encoded UTF-8; what is not that stays as it is. */
function decoded(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(value)?.[1];
  const text = quoted === undefined ? value : quoted.replace(/\\(.)/gs, '$1');
  return text.replace(
    /(?:%[0-9a-f]{2})+/gi,
    (escapes) => utf8Text(Buffer.from(escapes.replaceAll('%', ''), 'hex')) ?? escapes,
  );
}

/** Empty where there is no data. */
function dataMember(body: Buffer, contentType: string | undefined, { depth }: Options): string | Unreadable {
  if (body.length === 0) return '';
  if (mediaKind(contentType) === 'json') {
    const data = readJson(body, { depth: depth - 1 });
    return data.kind === 'json' ? `"data":${data.text}` : data;
  }
  const text = isText(contentType ?? '') ? utf8Text(body) : undefined;
  return text === undefined
    ? `"data_base64":${JSON.stringify(body.toString('base64'))}`
    : `"data":${JSON.stringify(text)}`;
}

function isText(contentType: string): boolean {
  return /^\s*text\//i.test(contentType) && !/;\s*charset=(?!"?(?:utf-8|us-ascii)\b)/i.test(contentType);
}
