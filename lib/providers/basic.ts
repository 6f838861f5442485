import type { Provider } from '../core/provider.ts';
import { type SenderOptions, sender } from './sender.ts';

/**
 * A sender that proves itself by user and password (RFC 7617).
 * @example basicSender({ name: 'doorbell', id: '{body:ring}', type: 'ring' })
 */
export function basicSender(options: SenderOptions = {}): Provider {
  return sender(options, {
    name: 'basic',
    title: 'Any sender with user and password',
    docs: ['https://www.rfc-editor.org/rfc/rfc7617'],
    scheme: { kind: 'basic' },
    setup: [
      'Choose a user and a long random password, give both to the sender, and store them as user:password.',
      'They prove who sends, not what: use them only over TLS, and a signature where the sender has one.',
      'Say where the events’ id and type lie: basicSender({ id: "{body:…}", type: "{body:…}" }). Without an id, equal bodies are one event.',
    ],
  });
}

/** With nothing said of the sender. */
export const basic: Provider = basicSender();
