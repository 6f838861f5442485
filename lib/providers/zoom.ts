import type { Provider } from '../core/provider.ts';

/**
 * Event subscriptions of an app. Events have no id: the text is one, in which a recording’s token and links may be others at the next
 * attempt. Most carry a part of a meeting’s state, and order nothing.
 *
 * The answer to the validation of a URL is the MAC of a text that came with it. It is given only to a request that is signed itself,
 * and only of an opaque token, so that it never is the signature of a delivery.
 */
export const zoom: Provider = {
  name: 'zoom',
  title: 'Zoom',
  docs: [
    'https://developers.zoom.us/docs/api/webhooks/',
    'https://developers.zoom.us/blog/webhook-delays/',
    'https://developers.zoom.us/changelog/platform/webhook-url-validation/',
  ],
  scheme: {
    kind: 'signature',
    families: [
      {
        signature: { header: 'x-zm-signature', assign: '=' },
        timestamp: { header: 'x-zm-request-timestamp' },
      },
    ],
    signed: 'v0:{timestamp}:{body}',
    versions: [{ label: 'v0', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    timestamp: { unit: 's', toleranceSeconds: 7_200 },
  },
  handshakes: [
    {
      method: 'POST',
      guard: 'verified',
      media: 'json',
      when: [{ at: '{body:event}', equals: 'endpoint.url_validation' }],
      mac: '{body:payload.plainToken}',
      answer: { status: 200, json: { plainToken: '{body:payload.plainToken}', encryptedToken: '{mac}' } },
    },
  ],
  events: [{ id: '{digest}', type: '{body:event}', time: { at: '{body:event_ts}', unit: 'ms' } }],
  idCoverage: 'signed',
  volatile: ['download_token', 'payload.object.recording_files.*.download_url'],
  delivery: {
    timeoutMs: 3_000,
    retries: { spanSeconds: 5_100 },
    clientErrors: 'retried',
    disabling:
      'Zoom validates the URL every 72 hours, and sends nothing more to one that fails; validate it again on the page of the app.',
  },
  setup: [
    'marketplace.zoom.us → Manage → your app → Features → Access → Event Subscriptions. Store the Secret Token shown there; it is neither the client secret nor the retired verification token.',
    'Store it before you press Validate: the challenge is signed, and answered with the key that signed it.',
    'Recording events carry a download_token, which reads the recordings for a day: name it in the redact of the source if subscribers need none.',
  ],
  unverified: [
    'Zoom names no tolerance for its signed time, and not whether each of its three retries (after 5, 25 and 85 minutes) is signed anew: 2 hours either way. What comes again within them is a duplicate.',
    'That two attempts of a recording event can differ in token and links was told by users, not by the documentation.',
  ],
};
