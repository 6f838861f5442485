import type { Provider } from '../core/provider.ts';

/**
 * GROQ-powered webhooks. The body is what your projection makes of a document, so it need not change when the document does, and of a
 * deletion it is the last state. What tells deliveries apart, `idempotency-key`, is not signed; but their signature is of one attempt
 * alone, and so a captured request is known by it. The operation, too, is only in an unsigned header: project it into the body.
 */
export const sanity: Provider = {
  name: 'sanity',
  title: 'Sanity',
  docs: [
    'https://www.sanity.io/docs/content-lake/webhooks',
    'https://www.sanity.io/docs/content-lake/webhook-best-practices',
    'https://github.com/sanity-io/webhook-toolkit',
  ],
  scheme: {
    kind: 'signature',
    families: [
      {
        signature: { header: 'sanity-webhook-signature', separator: ',', assign: '=' },
        timestamp: { label: 't' },
      },
    ],
    signed: '{timestamp}.{body}',
    versions: [{ label: 'v1', algorithm: 'hmac-sha256', encoding: 'base64url', key: { encoding: 'utf8' } }],
    timestamp: { unit: 'ms', toleranceSeconds: 300 },
  },
  events: [
    {
      id: '{header:idempotency-key}',
      type: ['{body:_type}.{body:_operation}', '{body:_type}', 'document'],
      subject: 'document/{body:_id}',
      time: { at: '{body:_updatedAt}', unit: 'iso' },
      version: { at: '{body:_updatedAt}', unit: 'iso' },
    },
  ],
  idCoverage: 'unsigned',
  signatureMark: '{header:sanity-webhook-signature}',
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 60 }, clientErrors: 'dropped' },
  setup: [
    'sanity.io/manage → your project → API → Webhooks → Create webhook, method POST. The secret is a text that you make up: store the same.',
    'Projection: {..., "_operation": delta::operation()}. Without _operation a deletion looks like an update; without _type, _id and _updatedAt an event has no kind, no resource and no order.',
    'The dataset is only in a header, which is not signed: give each dataset a source of its own.',
    'Only 429 and 5xx are sent again, twice in a minute. What was missed shows under Attempts; read it from the Content Lake.',
    'A new secret signs at once: store it first, and keep the old one in the list for a day.',
  ],
  unverified: [
    'That a retry keeps its idempotency-key: were it new, the event would be published again.',
    'Whether a retry is signed with a new time: 5 minutes are enough for both of them. Sanity’s library looks at no age.',
    'How long Sanity waits for an answer: 5 seconds.',
  ],
};
