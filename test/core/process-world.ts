import type { ClaimToken } from '../../lib/core/claim.ts';
import {
  type Delivery,
  type DeliveryId,
  type DeliveryMessage,
  encodeDelivery,
} from '../../lib/core/delivery.ts';
import type { MessageOutcome } from '../../lib/core/finish-message.ts';
import { postponement } from '../../lib/core/postponement.ts';
import { type BatchContext, processBatch } from '../../lib/core/process.ts';
import type { EventShape } from '../../lib/core/provider.ts';
import type { EventReport, Report } from '../../lib/core/report.ts';
import { type ProviderDefinition, parseSources, type SourceName } from '../../lib/core/source.ts';
import { type MemoryCloud, memoryCloud, memoryWorker, type WorkerOptions } from './model/memory-ports.ts';

export const START = 1_795_000_000_000;
/** How long an invocation may take, and how long the queue hides what it has handed out. */
export const LIFE_MS = 50_000;
const VISIBILITY_MS = 200_000;

/** Sends batches of changes; its ids are signed. */
export const shop: ProviderDefinition = {
  name: 'shop',
  scheme: { kind: 'token', header: 'x-token' },
  split: 'items',
  events: [
    {
      id: '{body:id}',
      type: '{body:type}',
      subject: '{body:subject}',
      version: { at: '{body:version}', unit: 'integer' },
      time: { at: '{body:time}', unit: 'ms' },
    },
  ],
  idCoverage: 'signed',
  volatile: ['attempt'],
  delivery: { timeoutMs: 10_000, retries: { spanSeconds: 3_600 } },
};

/** Its id is a header that the signature does not cover. */
const forge: ProviderDefinition = {
  ...shop,
  name: 'forge',
  events: [{ id: '{header:x-id}', type: '{body:type}' }],
  idCoverage: 'unsigned',
};

/** Its signature holds for other bodies too. */
const loose: ProviderDefinition = {
  ...shop,
  name: 'loose',
  idCoverage: 'unsigned',
  signatureMark: '{header:x-signature}',
};

/** Says only that something changed: it gives no ids. */
const poke: ProviderDefinition = {
  ...shop,
  name: 'poke',
  split: ['accounts.*'],
  events: [{ type: 'changed' }],
  idCoverage: 'unsigned',
};

/** Its resources can be read; `when` something `changed` they stand, when it is `deleted` they do not. */
const depot: ProviderDefinition = {
  ...shop,
  name: 'depot',
  events: [
    {
      ...(shop.events as readonly EventShape[])[0],
      id: '{body:id}',
      type: '{body:type}',
      resource: {
        path: '/{body:subject}',
        ids: 'name',
        version: { at: '{body:version}', unit: 'integer' },
        deletion: [{ at: '{body:type}', equals: 'deleted' }],
        deleted: [{ at: '{body:deleted}', equals: 'true' }],
      },
    },
  ],
  api: {
    baseUrls: { live: 'https://api.depot.example' },
    auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
    rate: { perSecond: 10, burst: 10 },
  },
};

/** Says only which resource has changed. */
const hint: ProviderDefinition = {
  ...depot,
  name: 'hint',
  events: [
    {
      id: '{body:id}',
      type: '{body:type}',
      resource: { subject: '{body:subject}', path: '/{body:subject}', ids: 'name' },
    },
  ],
};

const parsed = parseSources({
  depot: { provider: depot, reconcile: 'always' },
  discreet: { provider: depot, reconcile: 'always', api: { redact: ['owner.email', 'version'] } },
  unsure: { provider: depot, reconcile: 'when-unsure' },
  strictly: { provider: depot, reconcile: 'always', patience: { seconds: 600, afterwards: 'dead-letter' } },
  hint: { provider: hint, reconcile: 'when-unsure' },
  shop: { provider: shop },
  forge: { provider: forge },
  loose: { provider: loose },
  poke: { provider: poke },
  strict: { provider: forge, repeatedContent: 'refuse' },
  picky: { provider: shop, events: ['changed'] },
});

export interface Change {
  readonly id: string;
  readonly type?: string;
  readonly subject?: string;
  readonly version?: number;
  readonly text?: string;
  readonly attempt?: number;
}

let deliveries = 0;

/** A delivery on the queue, of the shop unless named. */
export function delivery(
  body: string | Buffer,
  more: { readonly source?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Delivery {
  deliveries += 1;
  const source = (more.source ?? 'shop') as SourceName;
  return {
    id: `delivery-${deliveries}` as DeliveryId,
    source,
    origin: 'webhook',
    method: 'POST',
    path: `/${source}`,
    query: '',
    headers: { 'content-type': 'application/json', ...more.headers },
    body: Buffer.from(body),
    receivedAt: START - 1_000,
  };
}

/** A delivery with these events, as a batch. */
export function changes(...all: readonly Change[]): Delivery {
  return changesOf('shop', ...all);
}

/** The same of another source. */
export function changesOf(source: string, ...all: readonly Change[]): Delivery {
  return delivery(JSON.stringify(all.map((change) => ({ type: 'changed', ...change }))), { source });
}

interface Waiting {
  readonly id: string;
  readonly message: DeliveryMessage;
  readonly receiveCount: number;
  readonly visibleAt: number;
}

export interface Published {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly sequence?: string;
  readonly verdict: string;
  readonly repeatof?: string;
  readonly dataref?: string;
  readonly data?: { readonly payload: unknown; readonly resource?: unknown };
}

export interface World {
  readonly cloud: MemoryCloud;
  readonly reports: Report[];
  /** Puts a delivery on the queue; a body that is too large goes to the object store. */
  accept(one: Delivery): void;
  /** Puts any message on the queue. */
  enqueue(message: DeliveryMessage): void;
  /** Hands out up to ten messages, runs one invocation, and does with each what its outcome says. Undefined when nothing is visible. */
  invoke(options?: InvokeOptions): Promise<readonly MessageOutcome[] | 'dead' | undefined>;
  /** Invokes, letting time pass, until the queue is empty. */
  drain(options?: InvokeOptions): Promise<void>;
  readonly queue: readonly Waiting[];
  published(): readonly Published[];
  eventReports(): readonly EventReport[];
  now(): number;
  pass(ms: number): void;
}

interface InvokeOptions extends WorkerOptions {
  readonly topicKind?: 'standard' | 'fifo';
  /** How long each call takes, in ms. Default 1. */
  readonly callMs?: number;
  /** Default 10. */
  readonly batchSize?: number;
  /** How far the worker's clock is ahead, in ms. Default 0. */
  readonly skewMs?: number;
}

export function processWorld(): World {
  const cloud = memoryCloud();
  const reports: Report[] = [];
  let queue: Waiting[] = [];
  let [now, tokens, messages] = [START, 0, 0];
  const world: World = {
    cloud,
    reports,
    get queue() {
      return queue;
    },
    accept(one) {
      const encoded = encodeDelivery(one);
      if (encoded.kind === 'too-large') cloud.objects.set(encoded.key, one.body);
      world.enqueue(encoded.message);
    },
    enqueue(message) {
      messages += 1;
      queue.push({ id: `m${messages}`, message, receiveCount: 0, visibleAt: now });
    },
    async invoke(options = {}) {
      const batch = queue
        .filter(({ visibleAt }) => visibleAt <= now)
        .slice(0, options.batchSize ?? 10)
        .map((one) => ({ ...one, receiveCount: one.receiveCount + 1 }));
      if (batch.length === 0) return undefined;
      const taken = new Map(batch.map((one) => [one.id, one]));
      const [begun, skewMs] = [now, options.skewMs ?? 0];
      queue = queue.map((one) =>
        taken.has(one.id)
          ? { ...one, receiveCount: one.receiveCount + 1, visibleAt: now + VISIBILITY_MS }
          : one,
      );
      const turn: WorkerOptions['turn'] = async (call) => {
        await options.turn?.(call);
        now += options.callMs ?? 1;
      };
      const worker = memoryWorker(cloud, { ...options, turn });
      const context: BatchContext = {
        ...worker.ports,
        sources: new Map(parsed.map((source) => [source.name, { source, steps: {} }])),
        uri: 'urn:headgate:test',
        bucket: 'bucket',
        topicKind: options.topicKind ?? 'standard',
        retentionSeconds: 19 * 86_400,
        now: () => now + skewMs,
        random: () => 0.5,
        token: () => {
          tokens += 1;
          return `token-${tokens}` as ClaimToken;
        },
        deadline: begun + skewMs + LIFE_MS,
        report: (made) => void reports.push(...made),
      };
      const outcomes = await Promise.race([processBatch(batch, context), worker.death]);
      if (outcomes === 'dead') return 'dead';
      for (const outcome of outcomes) {
        const one = taken.get(outcome.id);
        if (one !== undefined) queue = afterwards(queue, one, outcome, now);
      }
      return outcomes;
    },
    async drain(options = {}) {
      for (let rounds = 0; queue.length > 0; rounds += 1) {
        if (rounds > 500) throw new Error(`the queue still holds ${queue.length} messages`);
        now = Math.max(now, Math.min(...queue.map(({ visibleAt }) => visibleAt)));
        await world.invoke(options);
      }
    },
    published: () => cloud.topic.map(({ message }) => JSON.parse(message) as Published),
    eventReports: () => reports.filter((report) => report.kind === 'event'),
    now: () => now,
    pass(ms) {
      now += ms;
    },
  };
  return world;
}

function afterwards(
  queue: readonly Waiting[],
  one: Waiting,
  outcome: MessageOutcome,
  now: number,
): Waiting[] {
  const others = queue.filter(({ id }) => id !== one.id);
  if (outcome.kind === 'done') return others;
  const how = postponement(outcome, one, now);
  const visibleAt = now + how.seconds * 1000;
  const next = how.kind === 'hide' ? one : { id: `${one.id}+`, message: how.message, receiveCount: 0 };
  return [...others, { ...next, visibleAt }];
}

/** How many calls of each kind were made. */
export function callCounts(world: World): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name } of world.cloud.calls) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** @example outcomesOf(world) // ['a published', 'a duplicate'] */
export function outcomesOf(world: World): readonly string[] {
  return world.eventReports().map(({ id, outcome }) => `${id} ${outcome}`);
}
