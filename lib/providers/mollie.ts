import type { Provider } from '../core/provider.ts';

const RETRIES = { timeoutMs: 15_000, retries: { spanSeconds: 93_600 }, clientErrors: 'retried' } as const;

/**
 * Next-generation webhooks: events with an id, signed. The entity that may come with an event has no version that would order its
 * states.
 */
export const mollie: Provider = {
  name: 'mollie',
  title: 'Mollie',
  docs: [
    'https://docs.mollie.com/reference/webhooks-new',
    'https://docs.mollie.com/reference/webhooks-best-practices',
  ],
  scheme: {
    kind: 'signature',
    // While the secret changes, the header comes twice.
    families: [{ signature: { header: 'x-mollie-signature', separator: ',', assign: '=' } }],
    signed: '{body}',
    versions: [{ label: 'sha256', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
  },
  events: [{ id: '{body:id}', type: '{body:type}', time: { at: '{body:createdAt}', unit: 'iso' } }],
  idCoverage: 'signed',
  delivery: {
    ...RETRIES,
    disabling: 'A webhook that keeps failing is marked as blocked.',
  },
  setup: [
    'my.mollie.com → Developers → Webhooks → Create webhook, with the event types that you need; or POST /v2/webhooks. Store its signing secret as it is shown.',
    'After a new secret was made, events carry a signature of each for 24 hours: store the new one within that time.',
    'A webhookUrl that is given with a payment is another product, without signatures: use the provider mollieClassic, under a URL of its own.',
  ],
  unverified: [
    'How long and how often a failed event is sent again: 10 times within 26 hours, as for classic webhooks.',
    'What turns a blocked webhook on again, and after how many failures it is blocked.',
  ],
};

/**
 * The webhookUrl of a payment: a form with nothing but the id of what changed. The same id comes with every change, so each delivery
 * is an event of its own. Nothing in the request proves who sent it: the secret is a token that only Mollie was told, in the URL.
 */
export const mollieClassic: Provider = {
  name: 'mollie-classic',
  title: 'Mollie (classic)',
  docs: ['https://docs.mollie.com/reference/webhooks', 'https://docs.mollie.com/reference/security'],
  scheme: { kind: 'token', query: 'token' },
  // Whoever asks Mollie for it writes the id into a URL.
  events: [{ when: [{ at: '{body:id}', is: 'id' }], type: 'changed' }],
  idCoverage: 'unsigned',
  delivery: RETRIES,
  setup: [
    'Mollie signs nothing here, so what can be proved is that the sender knows your URL: make a long random token (openssl rand -hex 32), store it as the signing secret, and give Mollie the URL with ?token=… at its end, as webhookUrl of each payment.',
    'The token proves neither the id nor the time, and stands in the logs of whatever passes the URL on. An event is a hint: ask GET /v2/payments/{id} with your API key, and decide only on that.',
    'To change the token, store the new one first and keep the old one in the list for as long as payments are open that were created with it.',
    'Every id is answered with 200, known or not, as Mollie wants it.',
  ],
  unverified: ['How long a failed call is sent again: 10 times within 26 hours.'],
};
