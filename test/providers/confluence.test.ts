import { expect, test } from 'vitest';
import { confluence } from '../../lib/providers/confluence.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';

const source = sourceOf(confluence);
const of = (document: object) => readOne(source, { body: JSON.stringify(document) });

test('an event without an id is another one a millisecond later', async () => {
  const page = (timestamp: number) => of({ timestamp, event: 'page_updated', page: { id: 1 } });
  expect((await page(1)).key).toBe((await page(1)).key);
  expect((await page(1)).key).not.toBe((await page(2)).key);
});

test('the test of a connection is no broken event', async () => {
  expect(await of({ test: true })).toMatchObject({ type: 'test' });
});

test('that a lost event is lost is told, with what helps', () => {
  expect(confluence.delivery).toMatchObject({
    retries: 'none',
    withoutRetries: expect.stringContaining('REST'),
  });
});
