import { acceptsType } from '../core/event-filter.ts';
import type { Source } from '../core/source.ts';
import { sampleBooks } from './samples/index.ts';
import type { Fresh, Sample, SampleBook } from './samples/sample.ts';
import { templatedSample } from './samples/templated-sample.ts';
import { UsageError } from './usage-error.ts';

export interface Wish {
  /** As Headgate reads it: `issues.opened`. Default: the first sample of a type that the source wants. */
  readonly type?: string;
  /** The exact bytes to send in place of a sample's. */
  readonly body?: Buffer;
}

/**
 * The delivery that somebody wants sent: a sample of the provider, or their own bytes with the headers that belong to them.
 * @throws {UsageError} when there is no such sample: it names those there are.
 * @example chooseSample(source, { type: 'issues.opened' }, freshAt(Date.now())).headers['x-github-event'] // 'issues'
 */
export function chooseSample(source: Source, { type, body }: Wish, fresh: Fresh): Sample {
  const { name, provider } = source;
  const book = Object.hasOwn(sampleBooks, provider.name) ? sampleBooks[provider.name] : undefined;
  const own = body === undefined ? undefined : { headers: { 'content-type': contentTypeOf(body) }, body };
  if (book === undefined) return templatedSample(source, { type, fresh, body: own });
  if (own !== undefined)
    return { ...own, ...withHeaders(book, typeOfOwn(book, type, name), own.headers, fresh) };
  const types = Object.keys(book.bodies);
  const wanted = type ?? types.find((one) => acceptsType(source, one)) ?? types[0] ?? '';
  const make = Object.hasOwn(book.bodies, wanted) ? book.bodies[wanted] : undefined;
  if (make === undefined) {
    throw new UsageError(
      `There is no sample of the type ${wanted}. Of ${provider.title} there are: ${types.join(', ')}. For any other, give its body with --body FILE.`,
    );
  }
  const { contentType, text } = make(fresh);
  return {
    body: Buffer.from(text),
    ...withHeaders(book, wanted, { 'content-type': contentType }, fresh),
  };
}

/** Bytes of one's own can be anything; where a header tells what they are, somebody has to say it. */
function typeOfOwn(book: SampleBook, type: string | undefined, source: string): string {
  if (type !== undefined || book.headers === undefined) return type ?? '';
  throw new UsageError(
    `Say the type of the body too, since a header tells it: headgate send ${source} TYPE --body FILE.`,
  );
}

function withHeaders(
  { headers, signatureHeader }: SampleBook,
  type: string,
  own: Sample['headers'],
  fresh: Fresh,
): Omit<Sample, 'body'> {
  return {
    headers: { ...own, ...headers?.(type, fresh) },
    ...(signatureHeader === undefined ? {} : { signatureHeader }),
  };
}

function contentTypeOf(body: Buffer): string {
  const text = body.toString('utf8');
  if (/^\s*[[{]/.test(text)) return 'application/json';
  return /^[^\s=&]+=/.test(text) ? 'application/x-www-form-urlencoded' : 'application/octet-stream';
}
