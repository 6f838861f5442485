import type { Inlet } from '../../../lib/core/inlet.ts';
import { resources } from '../../../lib/core/resources.ts';
import type { Reconcile } from '../../../lib/core/source.ts';
import { type Auditor, openAuditor } from './auditor.ts';
import { mapQueue } from './event-source-mapping.ts';
import { openGateway, type Post } from './gateway.ts';
import { ingestFunction } from './ingest-function.ts';
import type { PlantedBug } from './planted-bug.ts';
import { processFunction } from './process-function.ts';
import { DEAD_LETTERS_URL, QUEUE_URL, type ReceiverOptions } from './receiver.ts';
import { type SimulatedBucket, simulatedBucket } from './simulated-bucket.ts';
import type { CloudWorld, SimulatedService } from './simulated-client.ts';
import { type SimulatedTable, simulatedTable } from './simulated-dynamodb.ts';
import { type SimulatedQueue, simulatedQueue } from './simulated-queue.ts';
import { type SimulatedSecrets, simulatedSecrets } from './simulated-secrets.ts';
import { simulatedSqs } from './simulated-sqs.ts';
import { simulatedTopic } from './simulated-topic.ts';
import { applyLatest, handleOnce, subscriberFunction } from './subscriber.ts';
import { POISON } from './things.ts';

/** The receiver, deployed in the simulated cloud, with two subscribers. */
export interface Cloud {
  readonly post: Post;
  readonly auditor: Auditor;
  readonly deliveries: SimulatedQueue;
  readonly deadLetters: SimulatedQueue;
  readonly bucket: SimulatedBucket;
  readonly table: SimulatedTable;
  readonly secrets: SimulatedSecrets;
  /** After the day. */
  close(): Promise<void>;
}

export interface CloudOptions {
  readonly inlets: readonly Inlet[];
  readonly retentionSeconds: number;
  readonly reconcile: Reconcile;
  /** The providers' APIs, by their base URLs. */
  readonly apis: ReadonlyMap<string, SimulatedService>;
  readonly bug?: PlantedBug;
}

/** Their own dead letters are no concern of ours: they try until it works. */
const SUBSCRIBER_VISIBILITY_SECONDS = 60;

export function openCloud(world: CloudWorld, options: CloudOptions): Cloud {
  const { stage } = world;
  const { dice } = stage;
  const topicKind = dice.roll('kind of topic') < 0.3 ? 'fifo' : 'standard';
  const { queue, functions } = resources({ fifo: topicKind === 'fifo' });

  const deadLetters = simulatedQueue(stage, {
    name: 'dead-letters',
    kind: 'standard',
    visibilitySeconds: 30,
  });
  const deliveries = simulatedQueue(stage, {
    name: 'deliveries',
    kind: 'standard',
    visibilitySeconds: queue.visibilitySeconds,
    redrive: {
      maxReceiveCount: dice.pick([queue.maxReceiveCount, queue.maxReceiveCount, 4], 'most receives'),
      to: (letter) => {
        auditor.accounts.died(letter, 'queue');
        deadLetters.send(letter.id, letter);
      },
    },
  });
  const own = (name: string): SimulatedQueue =>
    simulatedQueue(stage, { name, kind: topicKind, visibilitySeconds: SUBSCRIBER_VISIBILITY_SECONDS });
  const [boardQueue, mailQueue] = [own('board'), own('mail')];

  const bucket = simulatedBucket();
  const table = simulatedTable(stage, 'ledger');
  const subscribersTable = simulatedTable(stage, 'subscribers');
  const secrets = simulatedSecrets();
  const auditor = openAuditor(stage, {
    queue: deliveries,
    objects: bucket.objects,
    retentionSeconds: options.retentionSeconds,
    reconcile: options.reconcile,
  });
  const topic = simulatedTopic(stage, {
    kind: topicKind,
    poison: POISON,
    subscriptions: [
      { queue: boardQueue, form: 'message' },
      { queue: mailQueue, form: 'notification' },
    ],
    published: auditor.published,
  });
  const sqs = simulatedSqs(
    stage,
    new Map([
      [QUEUE_URL, deliveries],
      [DEAD_LETTERS_URL, deadLetters],
    ]),
    (letter, to) => {
      if (to === deadLetters) auditor.accounts.died(letter, 'processor');
    },
  );

  const receiver: ReceiverOptions = {
    inlets: options.inlets,
    services: { sqs, topic, table, secrets, bucket, apis: options.apis },
    topicKind,
    retentionSeconds: options.retentionSeconds,
    bug: options.bug ?? {},
    watch: auditor.watch,
  };
  const ingest = ingestFunction(world, receiver);
  const process = processFunction(world, receiver);
  const { states, deeds } = auditor.subscribers;
  const subscriber = { table: subscribersTable, bucket };
  const board = subscriberFunction(world, { ...subscriber, name: 'board', own: states, handle: applyLatest });
  const mail = subscriberFunction(world, { ...subscriber, name: 'mail', own: deeds, handle: handleOnce });

  const concurrency = 2 + Math.floor(dice.roll('processors at once') * (functions.process.concurrency - 1));
  const { batchSize } = functions.process;
  mapQueue(stage, {
    queue: deliveries,
    to: process,
    batchSize,
    concurrency,
    deleted: auditor.accounts.deleted,
  });
  mapQueue(stage, { queue: boardQueue, to: board, batchSize: 5, concurrency: 4, deleted: () => {} });
  mapQueue(stage, { queue: mailQueue, to: mail, batchSize: 5, concurrency: 4, deleted: () => {} });

  const gateway = openGateway(stage, ingest, auditor.answered);
  return {
    post: (call) => {
      auditor.arrived(call);
      gateway(call);
    },
    auditor,
    deliveries,
    deadLetters,
    bucket,
    table,
    secrets,
    close: async () => {
      for (const each of [ingest, process, board, mail]) await each.bury();
    },
  };
}
