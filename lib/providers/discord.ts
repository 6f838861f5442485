import type { EventShape, Provider } from '../core/provider.ts';

/** Both an interaction and a webhook event have `type` 1; only interactions have a token. */
const INTERACTION: EventShape = {
  when: [{ at: '{body:id}' }, { at: '{body:token}' }],
  id: '{body:id}',
  type: 'interaction.{body:type}',
};

function interaction(type: string, name: string): EventShape {
  return {
    ...INTERACTION,
    when: [{ at: '{body:type}', equals: type }, ...(INTERACTION.when ?? [])],
    type: `interaction.${name}`,
  };
}

/**
 * Interactions and webhook events, also on one URL. Webhook events have no id, so the whole text is one (it holds a time in µs).
 * Only digits are taken as a timestamp, which also keeps it apart from the body that follows it without a separator.
 */
export const discord: Provider = {
  name: 'discord',
  title: 'Discord',
  docs: [
    'https://docs.discord.com/developers/interactions/overview',
    'https://docs.discord.com/developers/events/webhook-events',
  ],
  scheme: {
    kind: 'signature',
    families: [
      {
        signature: { header: 'x-signature-ed25519' },
        timestamp: { header: 'x-signature-timestamp' },
      },
    ],
    signed: '{timestamp}{body}',
    versions: [{ algorithm: 'ed25519', encoding: 'hex', key: { encoding: 'hex' } }],
    timestamp: { unit: 's', toleranceSeconds: 900 },
  },
  // Discord keeps probing with wrong signatures, too, and removes the URL unless they get 401: both pings are signed.
  handshakes: [
    {
      method: 'POST',
      guard: 'verified',
      media: 'json',
      when: [
        { at: '{body:type}', equals: '1' },
        { at: '{body:event.type}', is: 'absent' },
      ],
      answer: { status: 200, json: { type: 1 } },
    },
    {
      method: 'POST',
      guard: 'verified',
      media: 'json',
      when: [
        { at: '{body:type}', equals: '0' },
        { at: '{body:event.type}', is: 'absent' },
      ],
      answer: { status: 204, contentType: 'application/json' },
    },
  ],
  events: [
    interaction('2', 'command'),
    interaction('3', 'component'),
    interaction('4', 'autocomplete'),
    interaction('5', 'modal'),
    INTERACTION,
    {
      when: [{ at: '{body:event.type}' }, { at: '{body:application_id}' }],
      id: '{digest}',
      type: '{body:event.type}',
      // Ids are unique over all kinds of resource.
      subject: ['{body:event.data.id}', '{body:event.data.user.id}'],
      time: { at: '{body:event.timestamp}', unit: 'iso' },
      version: { at: '{body:event.timestamp}', unit: 'iso' },
    },
  ],
  idCoverage: 'signed',
  acknowledge: { step: 'discord-acknowledgement' },
  delivery: {
    timeoutMs: 3_000,
    retries: { spanSeconds: 600 },
    clientErrors: 'retried',
    disabling:
      'Discord removes a URL that does not answer wrong signatures with 401, and stops sending to one that fails too often, with a mail to you. Enter the URL again in the developer portal.',
  },
  setup: [
    'The signing "secret" is the public key: discord.com/developers/applications → your app → General Information → Public Key (64 hex digits).',
    'Set the URL as Interactions Endpoint URL (General Information) or under Webhooks → Endpoint. Discord checks it at once, with good and bad signatures: deploy and store the key first.',
    'Interactions are answered as deferred; a subscriber then has 15 minutes to PATCH /webhooks/{application_id}/{token}/messages/@original. Autocomplete gets no choices.',
    'The token of an interaction is a credential for 15 minutes: redact: ["token"], unless a subscriber needs it to answer.',
    'Interactions are never sent again by Discord; only webhook events are.',
  ],
  unverified: [
    'Whether a retry is signed anew is not documented: retries run for 10 minutes, and the tolerance is longer.',
    'That the timestamp counts seconds is what comes, and is not documented.',
    'After how many failures Discord stops sending is not documented.',
  ],
};
