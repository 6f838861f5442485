import type { Digest, EventKey } from './event.ts';
import { sha256 } from './scheme.ts';

/**
 * One digest over several parts, none of which can run into the next: each is preceded by its length, and a missing one is not an empty one.
 * @example digestOf(['issues.opened', undefined, '{"id":1}'])
 */
export function digestOf(parts: readonly (string | Buffer | undefined)[]): Digest {
  const pieces = parts.flatMap((part) => {
    if (part === undefined) return [Buffer.from('-;')];
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    return [Buffer.from(`${bytes.length};`), bytes];
  });
  return sha256(Buffer.concat(pieces));
}

const HASHED = 'sha256:';

/** The longest text that is kept as it is, in bytes. */
const LONGEST = 512;

/** What CloudEvents lets no string hold (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#type-system). */
const ILLEGAL = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;

/** Whether a text can be an attribute of a CloudEvent, and is no longer than any provider's. */
export function isAttribute(text: string): boolean {
  return text !== '' && Buffer.byteLength(text) <= LONGEST && !ILLEGAL.test(text);
}

/** The text itself where it can be an attribute, else its digest. */
export function asAttribute(text: string): string {
  return isAttribute(text) && !text.startsWith(HASHED) ? text : hashed(text);
}

/** The id itself where it is short and plain ASCII, else its digest: at most 512 bytes, and different ids have different keys. */
export function eventKey(id: string): EventKey {
  const plain = /^[\x21-\x7e]{1,512}$/.test(id) && !id.startsWith(HASHED);
  return (plain ? id : hashed(id)) as EventKey;
}

/** Over UTF-16, since UTF-8 has one replacement for all lone surrogates. */
function hashed(text: string): string {
  return `${HASHED}${sha256(Buffer.from(text, 'utf16le'))}`;
}
