import { MESSAGE_LIMIT } from './delivery.ts';
import type { Method } from './request.ts';
import type { Source } from './source.ts';

const MINUTE = 60;
const DAY = 86_400;

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
  const processTimeout = MINUTE;
  return {
    queue: {
      // AWS asks for six times the function's timeout.
      visibilitySeconds: 6 * processTimeout,
      retentionSeconds: 4 * DAY,
      maxReceiveCount: 100,
      maxMessageBytes: MESSAGE_LIMIT,
    },
    deadLetters: { retentionSeconds: 14 * DAY },
    table: { partitionKey: 'key', expiry: 'expires' },
    topic: { fifo: options.fifo },
    functions: {
      ingest: { timeoutSeconds: 10, memoryMb: 512 },
      process: { timeoutSeconds: processTimeout, memoryMb: 512, batchSize: 10, concurrency: 10 },
    },
  };
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
    const methods = new Set<Method>(['POST', ...(source.provider.handshakes ?? []).map((handshake) => handshake.method)]);
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
} as const;

/** The sources file staged beside each function's entry. */
export const SOURCES_FILE = 'sources.json';
