import type { EventShape, Provider } from '../core/provider.ts';

const TOPIC = '{header:x-contentful-topic}';

/** Those headers are there only where they are signed: without them the bytes tell the event, and the body its kind. */
const ANY: EventShape = {
  id: ['{header:x-contentful-idempotency-key}', `${TOPIC}/{digest}`, '{digest}'],
  type: [TOPIC, '{body:sys.type}'],
  time: { at: '{body:sys.updatedAt}', unit: 'iso' },
};

/** A resource, and what is left of it after it was unpublished or deleted. Revisions and versions begin again with a new resource of an old id; times don't. */
function state(kind: string, collection: string): readonly EventShape[] {
  return [kind, `Deleted${kind}`].map((type) => ({
    ...ANY,
    when: [{ at: '{body:sys.type}', equals: type }],
    subject: `${kind}/{body:sys.space.sys.id}/{body:sys.environment.sys.id}/{body:sys.id}`,
    version: { at: '{body:sys.updatedAt}', unit: 'iso' },
    resource: {
      path: `/spaces/{body:sys.space.sys.id}/environments/{body:sys.environment.sys.id}/${collection}/{body:sys.id}`,
      ids: 'name',
      // What was unpublished is there still.
      deletion: [{ at: TOPIC, equals: `ContentManagement.${kind}.delete` }],
    },
  }));
}

/** Webhooks of a space, with request verification. Drafts and published entries are states of one subject: the topic tells them apart. What is fetched is the draft, with the version that is published. */
export const contentful: Provider = {
  name: 'contentful',
  title: 'Contentful',
  docs: [
    'https://www.contentful.com/developers/docs/extensibility/webhooks/request-verification',
    'https://www.contentful.com/developers/docs/extensibility/webhooks/headers',
    'https://www.contentful.com/developers/docs/references/content-management-api/',
    'https://www.contentful.com/developers/changelog/idempotency-key-headers-for-webhook-requests/',
  ],
  scheme: { kind: 'step', step: 'contentful-signature', toleranceSeconds: 300 },
  events: [
    ...state('Entry', 'entries'),
    ...state('Asset', 'assets'),
    ...state('ContentType', 'content_types'),
    ANY,
  ],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 10_000,
    retries: 'none',
    withoutRetries:
      'Whether Contentful tries again is not said in its pages: look at the activity log of the webhook after an outage.',
  },
  api: {
    baseUrls: { live: 'https://api.contentful.com', eu: 'https://api.eu.contentful.com' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    headers: { accept: 'application/vnd.contentful.management.v1+json' },
    // 7 in a second on the smallest plan.
    rate: { perSecond: 3, burst: 4 },
    rateLimit: {
      remaining: 'x-contentful-ratelimit-second-remaining',
      reset: { header: 'x-contentful-ratelimit-reset', unit: 'in-s' },
    },
  },
  setup: [
    'Settings → Webhooks → Settings → Enable request verification: store the signing secret (64 characters), which is shown once and holds for the whole space.',
    'Settings → Webhooks → Add webhook: the URL exactly as Headgate prints it, since path and query are signed. Keep the content type application/vnd.contentful.management.v1+json.',
    'Do not customize the payload: the kind, the resource and its time are read from sys.',
    'To reconcile, store a token for the Content Management API (Settings → CMA tokens) of somebody who may read the space. It gives drafts, too; the tokens of the Delivery API give only what is published, and are refused.',
  ],
  unverified: [
    'Whether updatedAt of a fetched entry is that of the event which told of the same state: the two are not compared, so what is fetched once is fetched from then on.',
    'How many requests Contentful lets a client make: 7 in a second is told for the smallest plan.',
    'Which headers Contentful signs: the topic and the idempotency key are read only where they are signed, else type and id come from the body.',
    'That the idempotency key is the same in every attempt and that no later event has it: the changelog calls it unique to a webhook that is fired.',
    'The tolerance: Contentful’s own library takes 30 seconds, into the past only; five minutes outlast a slow start, and a copy within them is known by its id.',
    'Time limit and retries: 10 seconds, and nothing is counted on.',
    'The order of events: only sys.updatedAt orders states.',
  ],
};
