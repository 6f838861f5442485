import { sqsDeliveryQueue } from '../../lib/aws/sqs-delivery-queue.ts';
import { type ClaimToken, claimWrite } from '../../lib/core/claim.ts';
import { type Delivery, type DeliveryId, encodeDelivery } from '../../lib/core/delivery.ts';
import { readEvents } from '../../lib/core/identify.ts';
import { OBJECT_PREFIX } from '../../lib/core/resources.ts';
import { sha256 } from '../../lib/core/scheme.ts';
import {
  type ProviderDefinition,
  parseSources,
  type Source,
  type SourceName,
} from '../../lib/core/source.ts';
import { CALM, type Operation, type Station, TIMEOUT_MS } from './process-on-cloud.ts';

/** Its ids are signed; it sends batches. */
const shop: ProviderDefinition = {
  name: 'shop',
  scheme: { kind: 'token', header: 'x-token' },
  split: 'items',
  events: [
    {
      id: '{body:id}',
      type: '{body:type}',
      subject: '{body:subject}',
      version: { at: '{body:version}', unit: 'integer' },
    },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 10_000, retries: { spanSeconds: 3_600 } },
};

/** Its id is a header that no signature covers. */
const forge: ProviderDefinition = {
  ...shop,
  name: 'forge',
  events: [{ id: '{header:x-id}', type: 'push', subject: '{body:subject}' }],
  idCoverage: 'unsigned',
};

export const SOURCES: readonly Source[] = parseSources({
  shop: { provider: shop },
  forge: { provider: forge },
  strict: { provider: forge, repeatedContent: 'refuse' },
});

/** What lies on the queue, and what has to become of it. Names begin with a tag, so that no run meets the rows of another. */
export interface Scenario {
  readonly name: string;
  /** Puts everything in its place. */
  readonly prepare: (station: Station, tag: string) => Promise<void>;
  /** Ids of events that have to come out. */
  readonly published: (tag: string) => readonly string[];
  /** The last of a subject's states. */
  readonly newest?: (tag: string) => string;
  /** Reasons of the dead letters that there have to be. */
  readonly dead?: readonly string[];
  /** Fails every time until time passes, whatever else goes wrong. */
  readonly failing?: Operation;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'an event whose id is not signed, about a resource',
    prepare: (station, tag) => enqueue(station, pushed(`${tag}-a`, { subject: tag })),
    published: (tag) => [`${tag}-a`],
  },
  {
    name: 'states of one resource and a plain event in three messages',
    prepare: (station, tag) =>
      enqueue(
        station,
        changes({ id: `${tag}-2`, subject: tag, version: 2 }, { id: `${tag}-1`, subject: tag, version: 1 }),
        changes({ id: `${tag}-plain` }),
        changes({ id: `${tag}-3`, subject: tag, version: 3 }),
      ),
    published: (tag) => [`${tag}-1`, `${tag}-2`, `${tag}-3`, `${tag}-plain`],
    newest: (tag) => `${tag}-3`,
  },
  {
    name: 'an event too large for the topic, from a body too large for the queue',
    prepare: (station, tag) =>
      enqueueStored(
        station,
        changes({ id: `${tag}-large`, subject: tag, version: 1, text: 'x'.repeat(270_000) }),
      ),
    published: (tag) => [`${tag}-large`],
  },
  {
    name: 'a message that comes again, with one of its events recorded',
    prepare: async (station, tag) => {
      const both = changes(
        { id: `${tag}-a`, subject: tag, version: 1 },
        { id: `${tag}-b`, subject: tag, version: 2 },
      );
      await enqueue(station, changes({ id: `${tag}-a`, subject: tag, version: 1 }));
      await station.settle(CALM);
      await enqueue(station, both);
      await station.handOut(1);
    },
    published: (tag) => [`${tag}-b`],
  },
  {
    name: 'an event that a dead worker holds',
    prepare: (station, tag) => abandoned(station, tag),
    published: (tag) => [`${tag}-a`],
  },
  {
    name: 'an event that a dead worker holds, in a message that was handed out often',
    prepare: async (station, tag) => {
      await abandoned(station, tag);
      await station.handOut(20);
    },
    published: (tag) => [`${tag}-a`],
  },
  {
    name: 'a repeat under another id, where repeats are refused',
    prepare: async (station, tag) => {
      await enqueue(station, pushed(`${tag}-first`, { source: 'strict', subject: tag }));
      await station.settle(CALM);
      await enqueue(station, pushed(`${tag}-again`, { source: 'strict', subject: tag }));
    },
    published: () => [],
    dead: ['repeated-content'],
  },
  {
    name: 'a good event beside an unreadable one',
    prepare: (station, tag) =>
      enqueue(station, changes({ id: `${tag}-good`, subject: tag }, { subject: tag })),
    published: (tag) => [`${tag}-good`],
    dead: ['unidentified'],
  },
  {
    name: 'an event while the topic is down',
    prepare: (station, tag) => enqueue(station, changes({ id: `${tag}-a`, subject: tag, version: 1 })),
    published: (tag) => [`${tag}-a`],
    failing: 'PublishBatch',
  },
];

let deliveries = 0;

function delivery(source: string, body: string, headers: Readonly<Record<string, string>> = {}): Delivery {
  deliveries += 1;
  return {
    id: `delivery-${deliveries}` as DeliveryId,
    source: source as SourceName,
    origin: 'webhook',
    method: 'POST',
    path: `/${source}`,
    query: '',
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(body),
    receivedAt: Date.now(),
  };
}

/** A batch of the shop's. */
function changes(...all: readonly Readonly<Record<string, string | number>>[]): Delivery {
  return delivery('shop', JSON.stringify(all.map((change) => ({ type: 'changed', ...change }))));
}

function pushed(
  id: string,
  { source = 'forge', subject }: { readonly source?: string; readonly subject: string },
): Delivery {
  return delivery(source, JSON.stringify({ subject }), { 'x-id': id });
}

/** As the ingest function does it. */
async function enqueue(station: Station, ...all: readonly Delivery[]): Promise<void> {
  const { clients, queue } = station.cloud;
  for (const one of all)
    await sqsDeliveryQueue({ client: clients.sqs, queueUrl: queue.url, limitMs: 3_000 }).send(
      encodeDelivery(one).message,
    );
}

/** As a body of more than a megabyte, only smaller, for it is sent more than a hundred times. */
async function enqueueStored(station: Station, one: Delivery): Promise<void> {
  const { clients, queue } = station.cloud;
  const digest = sha256(one.body);
  const key = `${OBJECT_PREFIX.bodies}${one.source}/${digest}`;
  await station.objects.put(key, one.body);
  const { message } = encodeDelivery(one);
  const metadata = { ...JSON.parse(message.metadata), body: { kind: 'stored', key, sha256: digest } };
  const stored = { ...message, body: '-', metadata: JSON.stringify(metadata) };
  await sqsDeliveryQueue({ client: clients.sqs, queueUrl: queue.url, limitMs: 3_000 }).send(stored);
}

/** A worker has claimed it, and never will be heard of again; its lease has just begun. */
async function abandoned(station: Station, tag: string): Promise<void> {
  const one = changes({ id: `${tag}-a`, subject: tag, version: 1 });
  await enqueue(station, one);
  const source = SOURCES.find(({ name }) => name === one.source) as Source;
  const reading = readEvents(source, one, {});
  const [event] = reading.kind === 'events' ? reading.events : [];
  if (event === undefined) throw new Error('the delivery cannot be read');
  const now = Date.now();
  const token = `dead-${tag}` as ClaimToken;
  await station.ledger.write(
    claimWrite(event, { token, leaseUntil: now + TIMEOUT_MS + 5_000, now, retentionSeconds: 86_400 }),
  );
}
