import type { EventShape, Provider } from '../core/provider.ts';

/** No id is signed: the text is one but for the time of sending. When it happened, to the millisecond, is part of it. */
const ANY: EventShape = {
  id: '{digest}',
  type: ['{body:type}.{body:action}', '{body:type}'],
  time: { at: '{body:createdAt}', unit: 'iso' },
};

/**
 * Webhooks of a workspace, a team or an OAuth application. The signed time lies in the body; the one in Linear-Timestamp, and the id in
 * Linear-Delivery, are not signed, and never looked at.
 */
export const linear: Provider = {
  name: 'linear',
  title: 'Linear',
  docs: ['https://linear.app/developers/webhooks', 'https://linear.app/developers/sdk-webhooks'],
  scheme: {
    kind: 'signature',
    families: [{ signature: { header: 'linear-signature' }, timestamp: { body: 'webhookTimestamp' } }],
    signed: '{body}',
    versions: [{ algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    timestamp: { unit: 'ms', toleranceSeconds: 300 },
  },
  events: [
    {
      ...ANY,
      when: [{ at: '{body:data.id}' }, { at: '{body:data.updatedAt}' }],
      subject: '{body:type}/{body:data.id}',
      version: { at: '{body:data.updatedAt}', unit: 'iso' },
    },
    ANY,
  ],
  idCoverage: 'signed',
  volatile: ['webhookTimestamp'],
  delivery: {
    timeoutMs: 5_000,
    retries: { spanSeconds: 25_260 },
    clientErrors: 'retried',
    disabling:
      'Linear may disable a webhook that keeps failing. Enable it again under Settings → API → Webhooks.',
  },
  setup: [
    'Settings → API → Webhooks → New webhook: the URL and the kinds of data. Store its signing secret.',
    'Each webhook has a secret of its own: several on one source are a list. Two that cover the same team make two events of each.',
    'A new secret signs at once: store it first, and keep the old one in the list for a day.',
    'The signed time is read in bodies of up to 1 MiB; larger ones are refused.',
  ],
  unverified: [
    'Linear’s SDK refuses what is more than a minute off: 5 minutes are taken, and each attempt is counted on to have a new time, since the SDK would refuse it otherwise.',
    'Retries after 1 minute, 1 hour and 6 hours, and that nothing but the time of sending changes between them.',
  ],
};
