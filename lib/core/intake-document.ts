import { type Document, type DocumentOptions, readDocument, type Unreadable } from './document.ts';
import type { Request } from './request.ts';

/** Before the queue nothing larger (in bytes) or deeper is parsed: the provider waits, and so may an attacker with a captured request. */
const LARGEST = 1_048_576;
const DEEPEST = 64;

/**
 * Reads a body while the provider waits: by its Content-Type, or where the provider's value says that its events are.
 * @example intakeDocument(request, { place: source.provider.document, steps })
 */
export function intakeDocument(
  request: Request,
  where: Omit<DocumentOptions, 'depth'> = {},
): Document | Unreadable {
  if (request.body.length > LARGEST) {
    return { kind: 'unreadable', explanation: `the body is larger than ${LARGEST} bytes` };
  }
  return readDocument(request, { ...where, depth: DEEPEST });
}
