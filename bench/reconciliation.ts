import { resourceReader } from '../lib/core/api/resource-reader.ts';
import type { ClaimToken } from '../lib/core/claim.ts';
import { apply, type Row, type RowKey } from '../lib/core/conditional-write.ts';
import { type DeliveryId, encodeDelivery } from '../lib/core/delivery.ts';
import type { QueuedMessage } from '../lib/core/invocation.ts';
import type { Ledger } from '../lib/core/ports.ts';
import { processBatch } from '../lib/core/process.ts';
import type { SigningSecret } from '../lib/core/secret.ts';
import { type ProviderDefinition, parseSources, type Reconcile } from '../lib/core/source.ts';
import type { Measurement } from './measurement.ts';

/** SQS hands out so many messages at once. */
const BATCH = 10;

/** Dollars for each, in us-east-1, as in docs/cost.md. */
const PRICE = { write: 0.625e-6, read: 0.125e-6, publication: 0.5e-6, secret: 5e-6 } as const;

const WORKLOADS = {
  '1 event': { events: 1, subjects: 1 },
  '10 events of one resource': { events: 10, subjects: 1 },
  '100 events of one resource': { events: 100, subjects: 1 },
  '100 events of 100 resources': { events: 100, subjects: 100 },
} as const;

const MODES: readonly Reconcile[] = ['off', 'when-unsure', 'always'];

/** Calls that a burst of events costs, all of one second by the provider's clock: so that nothing but the API can order them. */
export async function reconciliation(): Promise<Measurement> {
  const rows: (readonly string[])[] = [];
  for (const [title, { events, subjects }] of Object.entries(WORKLOADS)) {
    for (const mode of MODES) {
      const counts = await burst(mode, events, subjects);
      const dollars =
        counts.write * PRICE.write +
        counts.read * PRICE.read +
        counts.publication * PRICE.publication +
        counts.secret * PRICE.secret;
      const each = (count: number): string => (count / events).toFixed(2);
      rows.push([
        `${title}, ${mode}`,
        String(counts.fetch),
        each(counts.fetch),
        each(counts.write),
        each(counts.read),
        each(counts.publication),
        ((dollars / events) * 1e6).toFixed(2),
      ]);
    }
  }
  return {
    title: 'Calls of the processor, by how a source reconciles (at most one fetch a batch and resource)',
    how: `Counted on the core, with a ledger in memory: a burst in batches of ${BATCH} messages, every event of the same second, so that versions tie. Dollars are modelled from list prices, without Lambda, queue and what the provider may charge; the secret is read once.`,
    columns: ['', 'fetches', 'an event', 'writes', 'reads', 'publications', '$ a million events'],
    rows,
  };
}

interface Counts {
  fetch: number;
  write: number;
  read: number;
  publication: number;
  secret: number;
}

async function burst(reconcile: Reconcile, events: number, subjects: number): Promise<Counts> {
  const [source] = parseSources({ shop: { provider: shop, reconcile } });
  if (source === undefined) throw new TypeError('one source was given');
  const counts: Counts = { fetch: 0, write: 0, read: 0, publication: 0, secret: 0 };
  let [now, tokens] = [Date.UTC(2026, 0, 1), 0];
  const ledger = countedLedger(counts, () => {
    now += 1;
  });
  const { read } = resourceReader({
    ledger,
    api: {
      send: async () => {
        counts.fetch += 1;
        return { status: 200, headers: {}, body: Buffer.from('{"updated":1767225600}') };
      },
    },
    secrets: {
      read: async () => {
        if (counts.secret === 0) counts.secret = 1;
        return { signing: [{ secret: 'token' as SigningSecret, age: 'newest' }], api: 'key' };
      },
      refresh: async () => undefined,
    },
    now: () => now,
    random: () => 0.5,
    pause: async () => undefined,
  });
  const messages = Array.from({ length: events }, (_, index) => messageOf(index, index % subjects, now));
  for (let start = 0; start < messages.length; start += BATCH) {
    await processBatch(messages.slice(start, start + BATCH), {
      ledger,
      topic: {
        publish: async (all) => {
          counts.publication += 1;
          return all.map(() => ({ kind: 'published' }));
        },
      },
      deadLetters: { send: unused },
      objects: { put: unused, get: unused },
      resources: { read },
      sources: new Map([[source.name, { source, steps: {} }]]),
      uri: 'urn:headgate:bench',
      bucket: 'bench',
      topicKind: 'standard',
      retentionSeconds: 1_641_600,
      now: () => now,
      random: () => 0.5,
      token: () => {
        tokens += 1;
        return `token-${tokens}` as ClaimToken;
      },
      deadline: now + 50_000,
      report: () => {},
    });
  }
  return counts;
}

function countedLedger(counts: Counts, pass: () => void): Ledger {
  const rows = new Map<RowKey, Row>();
  return {
    write: async (write) => {
      counts.write += 1;
      pass();
      const answer = apply(write, rows.get(write.key));
      if (answer.kind === 'written') rows.set(write.key, answer.row);
      return answer;
    },
    read: async (keys) => {
      counts.read += keys.length;
      return new Map(keys.flatMap((key) => (rows.has(key) ? [[key, rows.get(key) ?? {}] as const] : [])));
    },
  };
}

const unused = async (): Promise<never> => {
  throw new TypeError('nothing of this is too large, and nothing fails');
};

function messageOf(index: number, subject: number, receivedAt: number): QueuedMessage {
  const encoded = encodeDelivery({
    id: `delivery-${index}` as DeliveryId,
    source: 'shop' as ReturnType<typeof parseSources>[number]['name'],
    origin: 'webhook',
    method: 'POST',
    path: '/shop',
    query: '',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ id: `event-${index}`, order: subject, updated: 1_767_225_600 })),
    receivedAt,
  });
  if (encoded.kind === 'too-large') throw new TypeError('a small delivery is too large');
  return { id: `message-${index}`, message: encoded.message, receiveCount: 1 };
}

const updated = { at: '{body:updated}', unit: 's' } as const;

const shop: ProviderDefinition = {
  name: 'shop',
  scheme: { kind: 'token', header: 'x-token' },
  events: [
    {
      id: '{body:id}',
      type: 'order.updated',
      subject: 'order/{body:order}',
      version: updated,
      resource: { path: '/orders/{body:order}', version: updated },
    },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: { spanSeconds: 86_400 } },
  api: {
    baseUrls: { live: 'https://api.shop.example' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    rate: { perSecond: 1_000, burst: 1_000 },
  },
};
