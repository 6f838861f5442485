import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { fifoDeduplication } from '../../lib/local/fifo-deduplication.ts';

const MINUTES = 60_000;

test('knows an id for five minutes, on its own queue only', () => {
  let now = 0;
  const cacheFor = fifoDeduplication(new DatabaseSync(':memory:'), () => now);
  cacheFor('a').set('id', { messageId: 'm', sequenceNumber: '7' });
  now = 5 * MINUTES - 1;
  expect(cacheFor('a').get('id')).toEqual({ messageId: 'm', sequenceNumber: '7' });
  expect(cacheFor('b').get('id')).toBeUndefined();
  expect(cacheFor('a').get('other')).toBeUndefined();
  now = 5 * MINUTES;
  expect(cacheFor('a').get('id')).toBeUndefined();
});

test('keeps only the ids of the last five minutes', () => {
  let now = 0;
  const database = new DatabaseSync(':memory:');
  const cache = fifoDeduplication(database, () => now)('a');
  cache.set('old', { messageId: 'm' });
  now = 5 * MINUTES;
  cache.set('new', { messageId: 'n' });
  expect(database.prepare('SELECT id FROM fifo_deduplication').all()).toEqual([
    expect.objectContaining({ id: 'new' }),
  ]);
});
