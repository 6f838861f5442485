import type { ApiRequest, ApiResponse } from '../ports.ts';
import { header } from '../request.ts';
import { apiUrl } from './api-request.ts';

/** They say where the same thing is; 300 and 303 lead to something else (RFC 9110, section 15.4). */
const MOVED: readonly number[] = [301, 302, 307, 308];

/**
 * Where the answer to a GET says that the same resource is, below the base URL for sure; undefined when it says nothing of the kind, or
 * leads to another host, to another scheme, out of the base path, back to what was asked for, or is written in a way that a URL parser
 * would have to change.
 * @example redirectTarget('https://api.example/v1', { method: 'GET', url: 'https://api.example/v1/a', headers: {} }, moved('/v1/b'))
 *   // 'https://api.example/v1/b'
 */
export function redirectTarget(
  baseUrl: string,
  asked: ApiRequest,
  { status, headers }: Pick<ApiResponse, 'status' | 'headers'>,
): string | undefined {
  const location = header(headers, 'location');
  if (asked.method !== 'GET' || !MOVED.includes(status)) return undefined;
  if (location === undefined || !URL.canParse(location, asked.url)) return undefined;
  const { href } = new URL(location, asked.url);
  const root = new URL(`${baseUrl}/`).href;
  if (!href.startsWith(root) || !href.endsWith(location) || href === asked.url) return undefined;
  return apiUrl(baseUrl, href.slice(root.length - 1));
}
