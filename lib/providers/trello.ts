import type { Provider } from '../core/provider.ts';

/** Webhooks of a token. The signature covers the callback URL, as it was registered, behind the body. An action is a change, and no state. */
export const trello: Provider = {
  name: 'trello',
  title: 'Trello',
  docs: ['https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/'],
  scheme: {
    kind: 'signature',
    families: [{ signature: { header: 'x-trello-webhook' } }],
    signed: '{body}{url}',
    versions: [{ algorithm: 'hmac-sha1', encoding: 'base64', key: { encoding: 'utf8' } }],
  },
  handshakes: [{ method: 'HEAD', guard: 'none', answer: { status: 200 } }],
  events: [
    {
      id: '{body:action.id}',
      type: '{body:action.type}',
      time: { at: '{body:action.date}', unit: 'iso' },
    },
  ],
  idCoverage: 'signed',
  // What is watched, as it stands now, and the webhook with its count of failures: several webhooks tell of one action.
  volatile: ['model', 'webhook'],
  delivery: {
    timeoutMs: 10_000,
    retries: { spanSeconds: 210 },
    clientErrors: 'retried',
    disabling:
      'After 30 days and 1,000 failures in a row Trello disables a webhook; a 410 deletes it at once, and Headgate never gives one.',
  },
  setup: [
    'trello.com/power-ups/admin → your Power-Up → API key: store the secret (OAuth) shown there; it is neither the key nor a token.',
    'Deploy first, then POST https://api.trello.com/1/webhooks with idModel and callbackURL: Trello calls the URL with HEAD, and wants a 200.',
    'The signature covers the URL: give callbackURL exactly as Headgate prints it, with the query if there is one.',
    'A webhook goes with the token that made it: a token that expires ends it in silence.',
  ],
  unverified: [
    'Time limit, retries (after 30, 60 and 120 seconds) and the limit of failures: as maintainers and users of Trello told them.',
    'Whether what Trello says of the model or of the webhook differs between attempts: it is left out of the comparison.',
  ],
};
