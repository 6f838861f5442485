import type { EventShape, Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

/** A header for each active key, of which an account may have up to 100: as many as are ever tried. */
const HEADERS = Array.from({ length: 16 }, (_, index) => `x-docusign-signature-${index + 1}`);
const [header = '', ...also] = HEADERS;

const ANY: EventShape = {
  // Each configuration that wants an event sends a delivery of its own, with the data that it asks for.
  id: [
    '{body:configurationId?}/{body:data.envelopeId}/{body:data.recipientId?}/{body:event}/{body:generatedDateTime}',
    '{digest}',
  ],
  type: '{body:event}',
  time: { at: '{body:generatedDateTime}', unit: 'iso' },
};

/**
 * Connect, in its JSON SIM event model; older models send XML or sums of several events, and are not read. There is no event id: envelope,
 * recipient, event and time are one. Only where the configuration includes the envelope's summary does an event carry a state.
 */
export const docusign: Provider = {
  name: 'docusign',
  title: 'Docusign',
  docs: [
    'https://developers.docusign.com/platform/webhooks/connect/validate',
    'https://developers.docusign.com/platform/webhooks/connect/json-sim-event-model',
    'https://developers.docusign.com/platform/webhooks/connect/setting-up-hmac',
  ],
  scheme: bodyMac({ header, also }, { encoding: 'base64' }),
  events: [
    {
      ...ANY,
      when: [{ at: '{body:data.envelopeSummary.lastModifiedDateTime}' }],
      subject: 'envelope/{body:data.envelopeId}',
      version: { at: '{body:data.envelopeSummary.lastModifiedDateTime}', unit: 'iso' },
    },
    ANY,
  ],
  idCoverage: 'signed',
  volatile: ['retryCount'],
  delivery: { timeoutMs: 100_000, retries: { spanSeconds: 1_296_000 }, clientErrors: 'retried' },
  setup: [
    'Admin → Connect → Connect Keys → Add Secret Key. Store it as text, as it is shown once: it is not decoded.',
    'Admin → Connect → Add Configuration → Custom: format JSON, event message delivery mode “Send Individual Messages”, and Include HMAC Signature.',
    'Each active key signs, in a header of its own; of these the first 16 are looked at, so delete keys that you do not need. To change a key add the new one, store both, then delete the old one.',
    'Leave documents out: base64 makes them a third larger, and about 6 MB arrive. With the envelope’s summary events carry the state of their envelope.',
    'A webhook of a single envelope (eventNotification) signs only with includeHMAC, and one on a client’s account with your keys only with integratorManaged.',
  ],
  unverified: [
    'That generatedDateTime stays the same on a retry, where only retryCount is known to change: were it new, the event would be published again.',
    'That lastModifiedDateTime moves with every change of an envelope: where it stands still, two states have no order.',
    'How long failed messages are sent again: up to 15 days is told by others than Docusign.',
  ],
};
