import type { EventShape, Provider } from '../core/provider.ts';

const ANY: EventShape = {
  id: '{body:id}',
  type: '{body:trigger}',
  time: { at: '{body:created_at}', unit: 'iso' },
};

/** Nothing changed, so it would be a second state of the same number. */
const LOOKS = ['FILE.PREVIEWED', 'FILE.DOWNLOADED', 'FOLDER.DOWNLOADED'];

/** Files and folders count their changes; comments, tasks and requests for signatures do not. */
function item(kind: string): EventShape {
  return {
    ...ANY,
    when: [{ at: '{body:source.type}', equals: kind }],
    subject: `${kind}/{body:source.id}`,
    version: { at: '{body:source.sequence_id}', unit: 'integer' },
  };
}

/**
 * V2 webhooks; those of V1 are not signed. Box has two keys, each for a header of its own. Either key is taken in either header: both
 * sign the same bytes, so whoever has one can sign under its own name as well, and keys can be changed in any order.
 *
 * Only the bytes that came are verified. Box's library also tries a form of them with escapes, for bodies that a framework has parsed
 * and written anew. It refuses other values of BOX-SIGNATURE-VERSION and -ALGORITHM; these are not signed, and here nothing but HMAC-SHA256
 * by version 1 is ever tried, so that they decide nothing.
 */
export const box: Provider = {
  name: 'box',
  title: 'Box',
  docs: [
    'https://developer.box.com/guides/webhooks/v2/',
    'https://developer.box.com/guides/webhooks/v2/signatures-v2/',
    'https://developer.box.com/guides/webhooks/v2/limitations-v2/',
    'https://developer.box.com/guides/webhooks/triggers/',
  ],
  scheme: {
    kind: 'signature',
    families: [
      {
        signature: { header: 'box-signature-primary', also: ['box-signature-secondary'] },
        timestamp: { header: 'box-delivery-timestamp' },
      },
    ],
    signed: '{body}{timestamp}',
    versions: [{ algorithm: 'hmac-sha256', encoding: 'base64', key: { encoding: 'utf8' } }],
    timestamp: { unit: 'iso', toleranceSeconds: 600 },
  },
  events: [
    ...LOOKS.map((trigger) => ({ ...ANY, when: [{ at: '{body:trigger}', equals: trigger }] })),
    item('file'),
    item('folder'),
    ANY,
  ],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 30_000,
    retries: { spanSeconds: 7_200 },
    clientErrors: 'retried',
    disabling:
      'A webhook is deleted when its last success was 30 days ago and 14 days before its last trigger, and with the last token of its application: WEBHOOK.DELETED tells, then create it again.',
  },
  setup: [
    'Developer Console → your application → Webhooks → Manage signature keys: generate the primary and the secondary key, and store both: ["primary", "secondary"].',
    'Without keys Box signs nothing, and everything is refused.',
    'Create the webhook there or by POST /2.0/webhooks, V2, with its URL on port 443. An item can have one webhook for each application and user.',
    'To change a key, reset it in the console and store the new one; the other one signs meanwhile. Then the other.',
    'NO_ACTIVE_SESSION means that the application’s authorization has ended: events come without their item until it is renewed.',
  ],
  unverified: [
    'That sequence_id grows with every change of a file or folder, and only then: where it stands still, two states have no order.',
    'Whether a retry is signed with a new time: the header is said to tell when the payload was sent.',
  ],
};
