import type { EventShape, Provider } from '../core/provider.ts';

const ANY: EventShape = {
  id: '{digest}',
  type: ['{body:type}', 'event'],
  time: { at: '{body:timestamp}', unit: 'iso' },
};

/**
 * Webhooks of Adyen for Platforms, of balance accounts and of the Management API: one object a request, signed as a whole.
 * An event has no id, so its text is one: a copy that differs anywhere is another event.
 */
export const adyenPlatform: Provider = {
  name: 'adyen-platform',
  title: 'Adyen for Platforms',
  docs: [
    'https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures',
    'https://docs.adyen.com/marketplaces/manage-webhooks',
  ],
  scheme: {
    kind: 'signature',
    families: [{ signature: { header: 'hmacsignature' } }],
    signed: '{body}',
    versions: [{ algorithm: 'hmac-sha256', encoding: 'base64', key: { encoding: 'hex' } }],
  },
  events: [
    ...['created', 'updated'].map(
      (action): EventShape => ({
        ...ANY,
        when: [{ at: '{body:type}', equals: `balancePlatform.transfer.${action}` }],
        subject: 'transfer/{body:data.id}',
      }),
    ),
    {
      ...ANY,
      subject: ['accountHolder', 'balanceAccount', 'paymentInstrument'].map(
        (kind) => `${kind}/{body:data.${kind}.id}`,
      ),
    },
  ],
  idCoverage: 'signed',
  acknowledge: { status: 200, contentType: 'text/plain; charset=utf-8', body: '[accepted]' },
  delivery: {
    timeoutMs: 10_000,
    retries: { spanSeconds: 2_592_000 },
    clientErrors: 'retried',
    disabling:
      'Adyen sends from a queue for each endpoint, in order: what is never accepted holds up all that is behind it, for up to 30 days.',
  },
  setup: [
    'Balance Platform Customer Area → Developers → Webhooks: URL, and generate an HMAC key. Store it as it is shown (64 hex digits); each webhook has a key of its own.',
    'After a new key was generated, keep the old one in the list for a while.',
  ],
  unverified: [
    'Whether sequenceNumber grows with every state of a transfer is not documented: it orders none, and timestamp has no promise either.',
  ],
};
