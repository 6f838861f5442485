import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import {
  fauxqsPart,
  type PersistenceManager,
  type S3Store,
  type SnsStore,
  type SqsQueue,
  type SqsStore,
} from './fauxqs-parts.ts';
import { fifoDeduplication } from './fifo-deduplication.ts';

/** The state of SQS, SNS and S3, in memory or in a folder. */
export interface FauxqsStores {
  readonly sqs: SqsStore;
  readonly sns: SnsStore;
  readonly s3: S3Store;
  /** What the (synchronous) work changes is kept as a whole or not at all, whenever the process is killed. */
  atomically<Result>(work: () => Result): Result;
  close(): void;
}

/** What becomes of the messages that an earlier process had received and not deleted. */
export type InFlight = 'keep' | 'release';

/** Opens what is kept in the folder, or starts empty and keeps nothing. Throws what SQLite or the disk throws. */
export async function openFauxqsStores(
  folder: string | undefined,
  inFlight: InFlight,
): Promise<FauxqsStores> {
  const { SqsStore } = await fauxqsPart('sqs/sqsStore.js');
  const { SnsStore } = await fauxqsPart('sns/snsStore.js');
  const { S3Store } = await fauxqsPart('s3/s3Store.js');
  const stores = { sqs: new SqsStore(), sns: new SnsStore(), s3: new S3Store() };
  // Without a host, queue URLs are made of the host that the caller used, not of one that may not resolve.
  stores.sqs.host = '';
  await takeEveryLegalCharacter();
  const disk = folder === undefined ? undefined : await load(stores, folder, inFlight);
  const database = disk?.database ?? new DatabaseSync(':memory:');
  const atomically = transactions(database);
  const cacheFor = fifoDeduplication(database, Date.now);
  eachQueue(stores.sqs, (queue) => {
    if (disk !== undefined) queue.persistence = disk.persistence;
    queue.deduplicationCache = cacheFor(queue.name) as SqsQueue['deduplicationCache'];
    deduplicateOnStandardQueues(queue);
    // A message that moves to the dead-letter queue is deleted from one and inserted into the other.
    const dequeue = queue.dequeue.bind(queue);
    queue.dequeue = (...args) => atomically(() => dequeue(...args));
  });
  const close = (): void => {
    stores.sqs.shutdown();
    database.close();
  };
  return { ...stores, atomically, close };
}

/** fauxqs takes an emoji's two halves for illegal characters; SQS takes U+10000 to U+10FFFF. */
async function takeEveryLegalCharacter(): Promise<void> {
  const { INVALID_MESSAGE_BODY_CHAR } = await fauxqsPart('sqs/sqsTypes.js');
  INVALID_MESSAGE_BODY_CHAR.compile('[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}]', 'u');
}

async function load(
  { sqs, sns, s3 }: Pick<FauxqsStores, 'sqs' | 'sns' | 's3'>,
  folder: string,
  inFlight: InFlight,
): Promise<{ persistence: PersistenceManager; database: DatabaseSync }> {
  const { PersistenceManager } = await fauxqsPart('persistence.js');
  mkdirSync(folder, { recursive: true });
  const persistence = new PersistenceManager(folder);
  const database = databaseOf(persistence);
  try {
    if (inFlight === 'release') {
      database.exec('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL');
    }
    persistence.load(sqs, sns, s3);
    // A killed process loses nothing that SQLite has handed to the system; waiting for the disk would only be slow.
    database.exec('PRAGMA synchronous = NORMAL');
    keepReceiveCounts(persistence, database);
  } catch (error) {
    persistence.close();
    throw error;
  }
  // Set only now: fauxqs would write back what it loads.
  for (const store of [sqs, sns, s3]) store.persistence = persistence;
  return { persistence, database };
}

function databaseOf(persistence: PersistenceManager): DatabaseSync {
  return (persistence as unknown as { readonly db: DatabaseSync }).db;
}

/** fauxqs writes NULL into a NOT NULL column when a message is made visible at once. */
function keepReceiveCounts(persistence: PersistenceManager, database: DatabaseSync): void {
  const ready = database.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  persistence.updateMessageReady = (messageId) => {
    ready.run(messageId);
  };
}

function transactions(database: DatabaseSync): FauxqsStores['atomically'] {
  return (work) => {
    if (database.isTransaction) return work();
    database.exec('BEGIN');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  };
}

/** Applies a change to every queue there is and to every one that will be created. */
function eachQueue(sqs: SqsStore, change: (queue: SqsQueue) => void): void {
  for (const queue of sqs.allQueues()) change(queue);
  const createQueue = sqs.createQueue.bind(sqs);
  sqs.createQueue = (...args) => {
    const queue = createQueue(...args);
    change(queue);
    return queue;
  };
}

/** A FIFO topic drops copies whatever the queue behind it; fauxqs leaves that to FIFO queues. */
function deduplicateOnStandardQueues(queue: SqsQueue): void {
  if (queue.isFifo()) return;
  const enqueue = queue.enqueue.bind(queue);
  queue.enqueue = (message) => {
    const id = message.messageDeduplicationId;
    if (id !== undefined && message.approximateReceiveCount === 0) {
      if (queue.checkDeduplication(id).isDuplicate) return;
      queue.recordDeduplication(id, message.messageId);
    }
    enqueue(message);
  };
}
