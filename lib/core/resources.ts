import type { Method } from './request.ts';
import type { Source } from './source.ts';

/** SQS's limit for one message, attributes included, in bytes. */
export const MESSAGE_LIMIT = 1_048_576;

/** Lambda's limit for what a function is called with, and for what it answers, as JSON, in bytes. */
export const LAMBDA_PAYLOAD_LIMIT = 6_291_556;

const DAY = 86_400;
const DEFAULT_KEPT = { queueSeconds: 4 * DAY, deadLettersSeconds: 14 * DAY } as const;

/**
 * What runs on AWS, as plain data: the constructs build it, the local runner builds the same. Times in seconds, sizes in bytes or MB as named.
 * A test compares it with the synthesized template.
 */
export interface Resources {
  readonly queue: {
    readonly visibilitySeconds: number;
    readonly retentionSeconds: number;
    /** A net for crashes only: waiting never uses up receives. */
    readonly maxReceiveCount: number;
    readonly maxMessageBytes: number;
  };
  readonly deadLetters: { readonly retentionSeconds: number };
  readonly table: { readonly partitionKey: 'key'; readonly expiry: 'expires' };
  readonly topic: { readonly fifo: boolean };
  /** Of each route: requests a second, and how many at once. Above what the function takes: a 429 is a 4xx to the provider. */
  readonly gateway: { readonly rateLimit: number; readonly burstLimit: number };
  /** How long the bucket keeps a body and a claim-checked event; spilled deliveries stay until they are queued. */
  readonly objects: { readonly bodiesRetentionSeconds: number; readonly eventsRetentionSeconds: number };
  readonly functions: {
    readonly ingest: { readonly timeoutSeconds: number; readonly memoryMb: number };
    readonly process: {
      readonly timeoutSeconds: number;
      readonly memoryMb: number;
      readonly batchSize: number;
      readonly concurrency: number;
    };
  };
}

/** @example resources({ fifo: false }).queue.maxReceiveCount // 100 */
export function resources(options: { readonly fifo: boolean }): Resources {
  const processTimeout = 50;
  return {
    queue: {
      // Under the 5 minutes in which a FIFO topic drops a copy, so that what a crashed worker had published is not published again by
      // the next. AWS asks for six times the timeout, for the sake of throttled batches: the concurrency is capped where it polls.
      visibilitySeconds: 4 * processTimeout,
      retentionSeconds: DEFAULT_KEPT.queueSeconds,
      maxReceiveCount: 100,
      maxMessageBytes: MESSAGE_LIMIT,
    },
    deadLetters: { retentionSeconds: DEFAULT_KEPT.deadLettersSeconds },
    table: { partitionKey: 'key', expiry: 'expires' },
    topic: { fifo: options.fifo },
    gateway: { rateLimit: 5_000, burstLimit: 5_000 },
    // Queue, dead letters, and the queue again for what is redriven on the last day; subscribers have such queues too.
    objects: { bodiesRetentionSeconds: 30 * DAY, eventsRetentionSeconds: 30 * DAY },
    functions: {
      ingest: { timeoutSeconds: 10, memoryMb: 512 },
      process: { timeoutSeconds: processTimeout, memoryMb: 512, batchSize: 10, concurrency: 10 },
    },
  };
}

/**
 * The shortest time that the ledger must keep what it recorded, in seconds: as long as a copy can still come, by the provider's
 * retries or from our own queue and dead letters, and a day more.
 * @example ledgerRetentionSeconds(sources) // 1_641_600, 19 days
 */
export function ledgerRetentionSeconds(
  sources: readonly Source[],
  kept: { readonly queueSeconds: number; readonly deadLettersSeconds: number } = DEFAULT_KEPT,
): number {
  const spans = sources.map(({ provider: { delivery } }) =>
    delivery.retries === 'none' ? 0 : delivery.retries.spanSeconds,
  );
  return Math.max(kept.queueSeconds + kept.deadLettersSeconds, ...spans) + DAY;
}

export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly source: Source;
}

/**
 * The API's routes: POST for each path of each source, and another method only where the provider's handshake uses it,
 * so that an unknown path costs no function call.
 */
export function routes(sources: readonly Source[]): readonly Route[] {
  return sources.flatMap((source) => {
    const methods = new Set<Method>([
      'POST',
      ...(source.provider.handshakes ?? []).map((handshake) => handshake.method),
    ]);
    return source.paths.flatMap((path) => [...methods].map((method) => ({ method, path, source })));
  });
}

/** Where the bucket keeps what. */
export const OBJECT_PREFIX = {
  /** Bodies too large for a message, until the queue's and the dead letters' retention are over. */
  bodies: 'bodies/',
  /** Accepted deliveries that could not be queued; no lifecycle rule touches them. */
  spill: 'spill/',
  /** Published events above the topic's limit (`dataref`). */
  events: 'events/',
} as const;

/** Environment variables of the functions; everything else lies in the staged sources file. */
export const ENVIRONMENT = {
  queueUrl: 'HEADGATE_QUEUE_URL',
  deadLettersUrl: 'HEADGATE_DEAD_LETTERS_URL',
  table: 'HEADGATE_TABLE',
  topicArn: 'HEADGATE_TOPIC_ARN',
  bucket: 'HEADGATE_BUCKET',
  publicUrl: 'HEADGATE_PUBLIC_URL',
  /** JSON: source name → ARN of its secret. */
  secrets: 'HEADGATE_SECRETS',
  /** The source URI's beginning in CloudEvents, e.g. `headgate:123456789012:eu-west-1:Receiver`. */
  origin: 'HEADGATE_ORIGIN',
  /** The CloudWatch namespace of the metrics: `Headgate/` and the receiver's name. */
  metricsNamespace: 'HEADGATE_METRICS_NAMESPACE',
  /** How long the ledger keeps its rows, in seconds (process). */
  ledgerRetention: 'HEADGATE_LEDGER_RETENTION_SECONDS',
} as const;

/** The sources file staged beside each function's entry. */
export const SOURCES_FILE = 'sources.json';
