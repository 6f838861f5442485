import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { InfrastructureError } from '../core/errors.ts';
import type { ObjectStore } from '../core/ports.ts';
import { type Connection, clientSettings } from './client-settings.ts';
import { confirmed } from './confirmed.ts';

/**
 * Objects in one bucket. Import this module only through `lazyObjectStore`: its client is as large as all the others of the
 * ingest function together, and most deliveries need none.
 */
export function s3ObjectStore(options: {
  readonly bucket: string;
  readonly connection?: Connection;
}): ObjectStore {
  const client = new S3Client({
    ...clientSettings({ attempts: 2, timeoutMs: 2_000 }, options.connection),
    // A bucket's name as a host name resolves on AWS alone.
    forcePathStyle: options.connection?.endpoint !== undefined,
  });
  const { bucket } = options;
  return {
    async put(key, bytes) {
      await confirmed(
        's3:PutObject',
        client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes })),
      );
    },
    async get(key) {
      const call = 's3:GetObject';
      const { Body: body } = await confirmed(
        call,
        client.send(new GetObjectCommand({ Bucket: bucket, Key: key })),
      );
      if (body === undefined)
        throw new InfrastructureError(call, 'unavailable', { explanation: 'an answer without a body' });
      return Buffer.from(await confirmed(call, body.transformToByteArray()));
    },
  };
}
