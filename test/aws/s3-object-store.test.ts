import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { s3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.close());

const store = (bucket: string = cloud.bucket) =>
  s3ObjectStore({ bucket, connection: cloud.connection, limitMs: 3_000 });

test.each([
  ['bodies/github/00ff', randomBytes(3_000_000)],
  ['spill/github/2026-11-24T10:00:00.000Z-JKJaXmPLvHcESHA=', Buffer.from('{}')],
  ['spill/github/a b/c+d/é?#%25', Buffer.alloc(0)],
])('gives back the bytes that were put: %s', async (key, bytes) => {
  const objects = store();
  await objects.put(key, bytes);
  expect((await objects.get(key)).equals(bytes)).toBe(true);
});

test('keeps the last of several bytes under one key', async () => {
  const objects = store();
  await objects.put('twice', Buffer.from('1'));
  await objects.put('twice', Buffer.from('2'));
  expect((await objects.get('twice')).toString()).toBe('2');
});

test.each([
  ['fail', 'unavailable'],
  ['throttle', 'throttled'],
  ['lose-answer', 'unavailable'],
] as const)('tells of a call that does not come through: %s', async (fault, nature) => {
  const objects = store();
  cloud.breakCalls(() => fault);
  await expect(objects.put('k', Buffer.from('x'))).rejects.toMatchObject({ call: 's3:PutObject', nature });
  await expect(objects.get('k')).rejects.toMatchObject({ call: 's3:GetObject', nature });
  cloud.breakCalls(undefined);
});

test('tells of what is not there as something to be changed', async () => {
  await expect(store().get('missing')).rejects.toMatchObject({ call: 's3:GetObject', nature: 'refused' });
  await expect(store('no-bucket').put('k', Buffer.from('x'))).rejects.toMatchObject({ nature: 'refused' });
});
