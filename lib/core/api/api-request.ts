import type { ApiRequest } from '../ports.ts';
import type { Source } from '../source.ts';
import { entityTag } from './entity-tag.ts';

/** A source whose provider's API is asked. */
export type ReconciledSource = Source & Required<Pick<Source, 'reconcile'>>;

/**
 * A question for the provider's API.
 * @param credentials the headers that prove who asks; whatever else there is, they count.
 * @example apiRequest(source, { url: 'https://api.stripe.com/v1/charges/ch_1' }, { authorization: 'Bearer …' })
 */
export function apiRequest(
  source: ReconciledSource,
  question: { readonly url: string; readonly etag?: string },
  credentials: Readonly<Record<string, string>>,
): ApiRequest {
  const etag = entityTag(question.etag);
  return {
    method: 'GET',
    url: question.url,
    headers: {
      ...commonHeaders(source),
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
      ...credentials,
    },
  };
}

/** What every request says; compressed answers would have to be unpacked before they can be measured. */
export function commonHeaders({ provider }: ReconciledSource): Readonly<Record<string, string>> {
  return {
    accept: 'application/json',
    // GitHub refuses whoever does not say who he is.
    'user-agent': 'headgate',
    ...provider.api?.headers,
    'accept-encoding': 'identity',
  };
}

/** None of them empty, which some servers pass over; but for a slash at the end, which some want. */
const SEGMENTS = /^(\/[^/?]+)+\/?(\?|$)/;

/**
 * The address of a path below a base URL. Undefined when it would lead anywhere else, or when a URL parser reads it in another way than
 * it is written (dot segments, white space, what has to be escaped): then something that is no id was put into it.
 */
export function apiUrl(baseUrl: string, path: string): string | undefined {
  const base = `${baseUrl}/`;
  const text = `${baseUrl}${path}`;
  if (!SEGMENTS.test(path) || !URL.canParse(base) || !URL.canParse(text)) return undefined;
  const [root, url] = [new URL(base), new URL(text)];
  const isBelow = url.origin === root.origin && url.pathname.startsWith(root.pathname);
  const asWritten = url.pathname + url.search === `${root.pathname.slice(0, -1)}${path}`;
  return isBelow && asWritten && url.hash === '' && url.username + url.password === '' ? url.href : undefined;
}
