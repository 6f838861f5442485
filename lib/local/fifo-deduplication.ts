import type { DatabaseSync } from 'node:sqlite';
import type { SqsQueue } from './fauxqs-parts.ts';

/** What fauxqs asks of a queue's deduplication cache. */
type DeduplicationCache = Pick<SqsQueue['deduplicationCache'], 'get' | 'set'>;

const WINDOW_MS = 5 * 60 * 1000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS fifo_deduplication (
    queue TEXT NOT NULL, id TEXT NOT NULL, message_id TEXT NOT NULL, sequence_number TEXT, at INTEGER NOT NULL,
    PRIMARY KEY (queue, id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS fifo_deduplication_at ON fifo_deduplication (at);`;

/**
 * The five minutes for which FIFO queues remember deduplication ids, in the database: fauxqs keeps them in memory only,
 * so that after a kill the same event would come a second time.
 */
export function fifoDeduplication(
  database: DatabaseSync,
  now: () => number,
): (queueName: string) => DeduplicationCache {
  database.exec(SCHEMA);
  const find = database.prepare(
    'SELECT message_id, sequence_number FROM fifo_deduplication WHERE queue = ? AND id = ? AND at > ?',
  );
  const keep = database.prepare('INSERT OR REPLACE INTO fifo_deduplication VALUES (?, ?, ?, ?, ?)');
  const forget = database.prepare('DELETE FROM fifo_deduplication WHERE at <= ?');
  return (queueName) => ({
    get: (id) => {
      const row = find.get(queueName, id, now() - WINDOW_MS);
      if (row === undefined) return undefined;
      const messageId = String(row.message_id);
      return typeof row.sequence_number === 'string'
        ? { messageId, sequenceNumber: row.sequence_number }
        : { messageId };
    },
    set: (id, { messageId, sequenceNumber }) => {
      forget.run(now() - WINDOW_MS);
      keep.run(queueName, id, messageId, sequenceNumber ?? null, now());
    },
  });
}
