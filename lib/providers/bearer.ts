import type { Provider } from '../core/provider.ts';
import { type SenderOptions, sender } from './sender.ts';

export interface BearerOptions extends SenderOptions {
  /** The header that holds the token. Default `authorization`. */
  readonly header?: string;
  /** What stands before the token. Default `Bearer ` in `authorization`, and nothing in another header. */
  readonly prefix?: string;
}

/**
 * A sender that shows a token: `Authorization: Bearer …` (RFC 6750), or in a header of its own.
 * @example bearerSender({ name: 'status-page', header: 'x-status-token', type: 'incident.{body:incident.status}' })
 */
export function bearerSender(options: BearerOptions = {}): Provider {
  const { header = 'authorization', prefix, ...others } = options;
  const before = prefix ?? (header === 'authorization' ? 'Bearer ' : '');
  return sender(others, {
    name: 'bearer',
    title: 'Any sender with a token',
    docs: ['https://www.rfc-editor.org/rfc/rfc6750'],
    scheme: { kind: 'token', header, ...(before === '' ? {} : { prefix: before }) },
    setup: [
      'Choose a long random token, give it to the sender, and store it, without what stands before it (Bearer).',
      'It proves who sends, not what: use it only over TLS, and a signature where the sender has one.',
      'Say where the events’ id and type lie: bearerSender({ id: "{body:…}", type: "{body:…}" }). Without an id, equal bodies are one event.',
    ],
  });
}

/** With nothing said of the sender. */
export const bearer: Provider = bearerSender();
