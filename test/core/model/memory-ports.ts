import { apply, type ConditionalWrite, type Row, type RowKey } from '../../../lib/core/conditional-write.ts';
import type { DeliveryMessage } from '../../../lib/core/delivery.ts';
import { InfrastructureError } from '../../../lib/core/errors.ts';
import type { ProcessPorts } from '../../../lib/core/invocation.ts';
import type { PublishAnswer, ResourceReader, TopicMessage } from '../../../lib/core/ports.ts';

/** What lies on the other side of the ports; many workers can share one. */
export interface MemoryCloud {
  readonly rows: Map<RowKey, Row>;
  readonly objects: Map<string, Buffer>;
  /** In the order in which the topic took them. */
  readonly topic: TopicMessage[];
  readonly deadLetters: { readonly message: DeliveryMessage; readonly reason: string }[];
  /** Every call that was made, done or not. */
  readonly calls: PortCall[];
}

/** One call of one worker. */
export interface PortCall {
  readonly name:
    | 'ledger.write'
    | 'ledger.read'
    | 'topic.publish'
    | 'deadLetters.send'
    | 'objects.put'
    | 'objects.get'
    | 'resources.read';
  /** How many rows, messages or bytes it is about. */
  readonly size: number;
  readonly write?: ConditionalWrite;
}

/** What becomes of a call. Of a worker that dies nothing is ever heard again. */
export type Fate =
  | 'done'
  | 'fails'
  | 'is throttled'
  | 'is refused'
  | 'is done, but its answer is lost'
  | 'is never made, since its worker dies'
  | 'is done, and its worker dies';

/** A worker's ports, and the moment of its end. */
export interface Worker {
  readonly ports: ProcessPorts;
  /** Resolves when the worker dies. */
  readonly death: Promise<'dead'>;
}

export function memoryCloud(): MemoryCloud {
  return { rows: new Map(), objects: new Map(), topic: [], deadLetters: [], calls: [] };
}

export interface WorkerOptions {
  /** Decides about each call when its turn has come. */
  readonly fate?: (call: PortCall, index: number) => Fate;
  /** Waited for before each call: the place where workers can be interleaved, and time can pass. */
  readonly turn?: (call: PortCall) => Promise<void>;
  /** Plants a mistake: what a worker sends in place of what it decided. */
  readonly mistake?: (write: ConditionalWrite) => ConditionalWrite;
  /** What the provider's API says; by default nobody asks it. */
  readonly provider?: ResourceReader['read'];
  /** What the topic says of each message that reaches it. */
  readonly publishAnswer?: (message: TopicMessage) => PublishAnswer;
}

/** A worker on the cloud. An answer of the topic that is not `published` leaves the message out. */
export function memoryWorker(cloud: MemoryCloud, options: WorkerOptions = {}): Worker {
  const death = Promise.withResolvers<'dead'>();
  const never = new Promise<never>(() => {});
  let dead = false;
  const die = (): Promise<never> => {
    dead = true;
    death.resolve('dead');
    return never;
  };

  async function perform<T>(call: PortCall, work: () => T): Promise<T> {
    await options.turn?.(call);
    if (dead) return never;
    cloud.calls.push(call);
    const fate = options.fate?.(call, cloud.calls.length - 1) ?? 'done';
    switch (fate) {
      case 'done':
        return work();
      case 'fails':
        throw new InfrastructureError(call.name, 'unavailable', { explanation: 'HTTP 500' });
      case 'is throttled':
        throw new InfrastructureError(call.name, 'throttled', { explanation: 'HTTP 400' });
      case 'is refused':
        throw new InfrastructureError(call.name, 'refused', { explanation: 'HTTP 403' });
      case 'is done, but its answer is lost':
        work();
        throw new InfrastructureError(call.name, 'unavailable', { explanation: 'no answer' });
      case 'is never made, since its worker dies':
        return die();
      case 'is done, and its worker dies':
        work();
        return die();
    }
  }

  return { death: death.promise, ports: portsOn(cloud, perform, options) };
}

type Perform = <T>(call: PortCall, work: () => T) => Promise<T>;

function portsOn(cloud: MemoryCloud, perform: Perform, options: WorkerOptions): ProcessPorts {
  return {
    ledger: {
      write: (decided) => {
        const write = options.mistake?.(decided) ?? decided;
        return perform({ name: 'ledger.write', size: 1, write }, () => {
          const answer = apply(write, cloud.rows.get(write.key));
          if (answer.kind === 'written') cloud.rows.set(write.key, answer.row);
          return answer;
        });
      },
      read: (keys) =>
        perform({ name: 'ledger.read', size: keys.length }, () => {
          const found = keys.map((key) => [key, cloud.rows.get(key)] as const);
          return new Map(found.flatMap(([key, row]) => (row === undefined ? [] : [[key, row]])));
        }),
    },
    topic: {
      publish: (messages) =>
        perform({ name: 'topic.publish', size: messages.length }, () =>
          messages.map((message) => {
            const answer = options.publishAnswer?.(message) ?? { kind: 'published' };
            if (answer.kind === 'published') cloud.topic.push(message);
            return answer;
          }),
        ),
    },
    deadLetters: {
      send: (message, reason) =>
        perform({ name: 'deadLetters.send', size: 1 }, () => {
          cloud.deadLetters.push({ message, reason });
        }),
    },
    objects: {
      put: (key, bytes) =>
        perform({ name: 'objects.put', size: bytes.length }, () => {
          cloud.objects.set(key, bytes);
        }),
      get: (key) =>
        perform({ name: 'objects.get', size: 0 }, () => {
          const bytes = cloud.objects.get(key);
          if (bytes === undefined)
            throw new InfrastructureError('objects.get', 'refused', { explanation: 'no such object' });
          return bytes;
        }),
    },
    resources: {
      read: async (source, address) => {
        const read = options.provider;
        if (read === undefined) throw new TypeError('nobody may ask the provider here');
        return perform({ name: 'resources.read', size: 1 }, () => read(source, address));
      },
    },
  };
}
