import type { EventShape, Provider } from '../core/provider.ts';

/** Bounces and complaints have an id of their own; what else happens to a message is known by what it says, times to 100 ns included. */
function record(type: string, time: string, id = '{body:MessageID}/{digest}'): EventShape {
  return {
    when: [{ at: '{body:RecordType}', equals: type }],
    id: `${type}/${id}`,
    type,
    time: { at: `{body:${time}}`, unit: 'iso' },
  };
}

/** What happens to sent messages, and messages that come in. Nothing is signed. An event is something that happened, and no state. */
export const postmark: Provider = {
  name: 'postmark',
  title: 'Postmark',
  docs: [
    'https://postmarkapp.com/developer/webhooks/webhooks-overview',
    'https://postmarkapp.com/support/article/understanding-inbound-webhook-retries-in-postmark',
  ],
  scheme: { kind: 'any', of: [{ kind: 'basic' }, { kind: 'token', header: 'x-postmark-token' }] },
  events: [
    record('Bounce', 'BouncedAt', '{body:ID}'),
    record('SpamComplaint', 'BouncedAt', '{body:ID}'),
    record('Delivery', 'DeliveredAt'),
    record('Open', 'ReceivedAt'),
    record('Click', 'ReceivedAt'),
    record('SubscriptionChange', 'ChangedAt'),
    { when: [{ at: '{body:RecordType}' }], id: '{body:RecordType}/{digest}', type: '{body:RecordType}' },
    { id: 'Inbound/{body:MessageID}', type: 'Inbound' },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 10_000, retries: { spanSeconds: 37_800 }, clientErrors: 'retried' },
  setup: [
    'Choose a user and a long random password, and store them as user:password. Put them into the webhook’s URL (https://user:password@…), or into its basic auth credentials.',
    'In their place a webhook of a message stream can send a custom header: X-Postmark-Token, with a long random text that you store alone.',
    'A 403 ends the attempts of Postmark; Headgate never answers with one.',
    'Inbound messages hold their attachments: above some 4 MB they are refused with 413, and shown as Inbound Error at Postmark.',
  ],
  unverified: [
    'How long Postmark waits for an answer: 10 seconds are taken.',
    'Retries of other than inbound messages: the same span is taken; it only makes copies known for longer.',
    'Whether an attempt that is repeated has the same bytes: opens, clicks and deliveries have no id, so another text would be another event.',
  ],
};
