import { describe, expect, test } from 'vitest';
import { followDataref } from '../../../lib/core/subscriber/follow-dataref.ts';
import type { HeadgateEvent, ReferencedEvent } from '../../../lib/core/subscriber/headgate-event.ts';
import { UnreadableEventError } from '../../../lib/core/subscriber/unreadable-event-error.ts';
import { issue, star } from './example-events.ts';

const { data: _, ...attributes } = issue(1);
const referenced: ReferencedEvent = { ...attributes, dataref: 's3://receiver/events/github/abc.json' };

function options(stored: unknown) {
  const fetched: string[] = [];
  return {
    fetched,
    async fetchObject(bucket: string, key: string) {
      fetched.push(`${bucket} ${key}`);
      return Buffer.from(typeof stored === 'string' ? stored : JSON.stringify(stored));
    },
  };
}

describe('an event whose data lies in the bucket', () => {
  test('gets it', async () => {
    const store = options({ ...issue(1), datacontenttype: 'application/json' });
    expect(await followDataref(referenced, { ...store, buckets: ['other', 'receiver'] })).toEqual(issue(1));
    expect(store.fetched).toEqual(['receiver events/github/abc.json']);
  });

  test('gets it from a text as well', async () => {
    const fetchObject = () => Promise.resolve(JSON.stringify(issue(1)));
    expect(await followDataref(referenced, { buckets: ['receiver'], fetchObject })).toEqual(issue(1));
  });

  test('stands as its message says, not as it did when it was published another time', async () => {
    const earlier: HeadgateEvent = { ...issue(1), verdict: 'unconfirmed' };
    const { sequence: __, ...stored } = earlier;
    expect(await followDataref(referenced, { ...options(stored), buckets: ['receiver'] })).toEqual(issue(1));
  });

  test('keeps ids that a number cannot hold', async () => {
    const stored = JSON.stringify(issue(1)).replace('"title 1"', '9007199254740993');
    const { data } = await followDataref(referenced, { ...options(stored), buckets: ['receiver'] });
    expect(data.payload).toEqual({ issue: { title: '9007199254740993' } });
  });

  test.each<[string, string]>([
    ['s3://stranger/events/x.json', 'The dataref leads to none of the buckets receiver.'],
    ['s3://receiver.evil.example/events/x.json', 'The dataref leads to none of the buckets receiver.'],
    ['https://receiver/events/x.json', 'The dataref leads to none of the buckets receiver.'],
    ['S3://receiver/events/x.json', 'The dataref leads to none of the buckets receiver.'],
    ['s3://receiver', 'The dataref leads to none of the buckets receiver.'],
    ['s3://receiver/bodies/x', 'The dataref leads to an object that is not under events/.'],
    ['s3://receiver/events', 'The dataref leads to an object that is not under events/.'],
  ])('is refused before anything is fetched from %s', async (dataref, explanation) => {
    const store = options(issue(1));
    const followed = followDataref({ ...referenced, dataref }, { ...store, buckets: ['receiver'] });
    await expect(followed).rejects.toThrow(new UnreadableEventError(explanation));
    expect(store.fetched).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['another id', { ...issue(1), id: 'other' }],
    ['another source', { ...issue(1), source: 'urn:other' }],
    ['no data of its own', referenced],
  ])('is refused when the object has %s', async (__, stored) => {
    await expect(followDataref(referenced, { ...options(stored), buckets: ['receiver'] })).rejects.toThrow(
      new UnreadableEventError('The dataref leads to another event, or to one without data.'),
    );
  });

  test('is refused when the object is not JSON, without quoting it', async () => {
    await expect(followDataref(referenced, { ...options('xoxb'), buckets: ['receiver'] })).rejects.toThrow(
      new UnreadableEventError('The object of the dataref is not JSON'),
    );
  });

  test('fails as the bucket fails', async () => {
    const failure = new Error('AccessDenied');
    const fetchObject = () => Promise.reject(failure);
    await expect(followDataref(referenced, { buckets: ['receiver'], fetchObject })).rejects.toBe(failure);
  });
});

test('an event that has its data is what it was, and nothing is fetched', async () => {
  const store = options({});
  expect(await followDataref(star, { ...store, buckets: ['receiver'] })).toBe(star);
  expect(store.fetched).toEqual([]);
});
