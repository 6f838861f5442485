import { kindOf } from '../place.ts';
import { exactJson } from './exact-json.ts';
import { UnreadableEventError } from './unreadable-event-error.ts';

/**
 * The value of a JSON text, or of its UTF-8 bytes.
 * @param what names the text in errors.
 * @throws {UnreadableEventError}
 */
export function parseText(text: unknown, what: string): unknown {
  const decoded = text instanceof Uint8Array ? Buffer.from(text).toString() : text;
  if (typeof decoded !== 'string')
    throw new UnreadableEventError(`${what} is ${kindOf(decoded)}, not a text`);
  const parsed = tryParse(decoded);
  if (parsed === undefined) throw new UnreadableEventError(`${what} is not JSON`);
  return parsed.value;
}

function tryParse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: exactJson(text) };
  } catch {
    // The error would quote the text.
    return undefined;
  }
}
