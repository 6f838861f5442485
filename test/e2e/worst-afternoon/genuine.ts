import { JSON_TYPE } from './draft.ts';
import { ownDrafts } from './own-drafts.ts';
import { providerDrafts } from './provider-drafts.ts';

/** What must be published of an event, told by whoever made it up: nothing here was read by the code under test. */
export interface Expected {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly subject?: string;
  /** Orders the states of a subject. */
  readonly version?: number;
  /** JSON as it must be published, but for line ends. */
  readonly payload: string;
}

/** A delivery that its provider would send, not signed yet. */
export interface Genuine {
  readonly source: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The id that is signed, where one is. */
  readonly messageId: string;
  /** Which of the scheme's families of headers it comes with. */
  readonly family: number;
  /** None of what is only answered or never readable. */
  readonly events: readonly Expected[];
}

/** As in `sources.ts`. */
export const SOURCE_NAMES = [
  'github',
  'stripe',
  'standard-webhooks',
  'svix',
  'slack',
  'discord',
  'twilio',
  'sendgrid',
  'shopify',
  'deploys',
  'status',
  'doorbell',
  'notary',
] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

const drafts = { ...providerDrafts, ...ownDrafts };

/** How many states each subject goes through. */
const STATES = 5;

/**
 * The delivery number `k` of a source. Each five that follow one another are the states of one subject, oldest first.
 * @param since the time before all of them, epoch ms in whole seconds.
 */
export function genuine(source: SourceName, k: number, since: number): Genuine {
  const turn = {
    k,
    subject: Math.floor(k / STATES),
    version: (k % STATES) + 1,
    at: since + ((k % STATES) + 1) * 1000,
    since,
  };
  const { about, ...draft } = drafts[source](turn);
  const events = about.map((event) => ({ source, ...event }));
  return { source, path: `/${source}`, query: '', messageId: 'none', family: 0, ...draft, events };
}

/** What is answered and never published: set-up challenges, a type that the source does not want. */
export function unpublished(k: number): Genuine {
  const texts: readonly [SourceName, string][] = [
    ['slack', `{"type":"url_verification","challenge":"c${k}"}`],
    ['discord', `{"application_id":"1","id":"${k}","token":"t","type":1,"version":1}`],
    ['notary', `{"seal":"will-${k}","kind":"will.signed"}`],
  ];
  const [source, text] = texts[k % texts.length] as (typeof texts)[number];
  return {
    source,
    path: `/${source}`,
    query: '',
    messageId: 'none',
    family: 0,
    headers: JSON_TYPE,
    body: Buffer.from(text),
    events: [],
  };
}

/** Genuine, and no JSON. */
export function unreadable(k: number): Genuine {
  const source: SourceName = k % 2 === 0 ? 'standard-webhooks' : 'stripe';
  const body = Buffer.from(`{"id":"evt_broken_${k}"`);
  return {
    source,
    path: `/${source}`,
    query: '',
    headers: JSON_TYPE,
    body,
    messageId: `broken_${k}`,
    family: 0,
    events: [],
  };
}

/** The same bytes under another id, where the id is not signed; undefined where there is nothing to change. */
export function captured(original: Genuine): Genuine | undefined {
  const header = { github: 'x-github-delivery', shopify: 'x-shopify-event-id' }[original.source];
  const id = header === undefined ? undefined : original.headers[header];
  if (header === undefined || id === undefined) return undefined;
  const again = `again-${id}`;
  return {
    ...original,
    headers: { ...original.headers, [header]: again },
    events: original.events.map((event) => ({ ...event, id: event.id.replace(id, again) })),
  };
}
