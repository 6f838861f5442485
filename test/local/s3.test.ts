import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';
import { type CloudClients, cloudClients } from './cloud-clients.ts';

let cloud: EmbeddedCloud;
let clients: CloudClients;
const Bucket = 'objects';

beforeAll(async () => {
  cloud = await startEmbeddedCloud({ secrets: memorySecretStore({}, Date.now) });
  clients = cloudClients(cloud.endpoint);
  await clients.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  clients.destroy();
  await cloud.close();
});

/** All 256 byte values, again and again. */
const bytes = (length: number): Buffer => Buffer.alloc(length, Buffer.from([...Array(256).keys()]));

async function get(Key: string): Promise<Buffer> {
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

describe('S3', () => {
  test('gives back the exact bytes and the metadata of an object', async () => {
    const Key = 'bodies/2026/a key with spaces & ümlaut+plus';
    const Body = bytes(6_000_000);
    const Metadata = { source: 'github' };
    await clients.s3.send(
      new PutObjectCommand({ Bucket, Key, Body, Metadata, ContentType: 'application/json' }),
    );
    expect(Buffer.compare(await get(Key), Body)).toBe(0);
    await expect(clients.s3.send(new HeadObjectCommand({ Bucket, Key }))).resolves.toMatchObject({
      ContentLength: 6_000_000,
      ContentType: 'application/json',
      Metadata,
    });
  });

  test('takes a stream', async () => {
    const Body = Readable.from([bytes(100_000), bytes(5), bytes(200_000)]);
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: 300_005 }));
    const expected = Buffer.concat([bytes(100_000), bytes(5), bytes(200_000)]);
    expect(Buffer.compare(await get('stream'), expected)).toBe(0);
  });

  test('gives an empty object as empty', async () => {
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'empty', Body: Buffer.alloc(0) }));
    expect(await get('empty')).toHaveLength(0);
  });

  test('overwrites an object, but not when told to create it only', async () => {
    const put = (Body: string, condition: { IfNoneMatch?: string } = {}) =>
      clients.s3.send(new PutObjectCommand({ Bucket, Key: 'once é', Body, ...condition }));
    await put('first', { IfNoneMatch: '*' });
    await expect(put('second', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect((await get('once é')).toString()).toBe('first');
    await put('third');
    expect((await get('once é')).toString()).toBe('third');
  });

  test('lists by prefix, deletes, and then knows the key no more', async () => {
    for (const Key of ['spill/b', 'spill/a', 'other']) {
      await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    }
    const { Contents } = await clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'spill/' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['spill/a', 'spill/b']);
    await clients.s3.send(new DeleteObjectCommand({ Bucket, Key: 'spill/a' }));
    await expect(get('spill/a')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('refuses to put into a bucket that does not exist', async () => {
    const put = new PutObjectCommand({ Bucket: 'missing', Key: 'k', Body: 'x', IfNoneMatch: '*' });
    await expect(clients.s3.send(put)).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});
