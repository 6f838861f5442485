/** Header names are lower case; a header sent twice is one value, joined with `,` as the gateway does. */
export type Headers = Readonly<Record<string, string>>;

/** Milliseconds since the Unix epoch. */
export type EpochMs = number;

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type Method = (typeof METHODS)[number];

/** The HTTP call as it came: nothing of it has been trusted, decoded or re-encoded. */
export interface Request {
  readonly method: Method;
  /** Path as called, undecoded: `/github`. */
  readonly path: string;
  /** The query string as called, undecoded and without `?`; empty when there is none. */
  readonly query: string;
  readonly headers: Headers;
  /** The exact bytes. */
  readonly body: Buffer;
  /** When the gateway received it. */
  readonly receivedAt: EpochMs;
}

/**
 * A header's value, or undefined when it was not sent.
 * @example header(request, 'x-github-event') // 'push'
 */
export function header(headers: Headers, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}

/** How a body is to be read, from its Content-Type alone. */
export type MediaKind = 'json' | 'form' | 'other';

/**
 * The kind of a media type; parameters and case do not matter.
 * @example mediaKind('application/vnd.api+json; charset=utf-8') // 'json'
 */
export function mediaKind(contentType: string | undefined): MediaKind {
  const media = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (media === 'application/x-www-form-urlencoded') return 'form';
  return media.endsWith('/json') || media.endsWith('+json') ? 'json' : 'other';
}
