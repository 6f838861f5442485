import { header, mediaKind, type Request } from './request.ts';

/** What a decoder puts in the place of bytes that are not UTF-8: U+FFFD. */
const REPLACEMENT = Buffer.from('\ufffd');

/**
 * Were the bytes of a JSON body exchanged on their way to us?
 *
 * An HTTP API hands a JSON body on as text: what is not valid UTF-8 arrives as U+FFFD, and mostly longer than its
 * Content-Length said. But a body may hold that character of its own accord. So `possible` decides nothing while the signature
 * holds; where it does not, it is the likelier reason.
 */
export function damage(request: Request): 'none' | 'possible' | 'certain' {
  if (mediaKind(header(request.headers, 'content-type')) !== 'json') return 'none';
  if (!request.body.includes(REPLACEMENT)) return 'none';
  const length = header(request.headers, 'content-length') ?? '';
  return /^\d+$/.test(length) && Number(length) !== request.body.length ? 'certain' : 'possible';
}
