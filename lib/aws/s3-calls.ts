import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Connection, clientSettings } from './client-settings.ts';

/** The two calls of S3 that we need; they throw what the client throws. */
export interface S3Calls {
  putObject(key: string, bytes: Buffer): Promise<void>;
  getObject(key: string): Promise<Buffer>;
}

/**
 * Import this module dynamically only: its client is as large as all others of the ingest function together, and most
 * deliveries need none.
 */
export function s3Calls(options: { readonly bucket: string; readonly connection?: Connection }): S3Calls {
  const client = new S3Client(clientSettings({ attempts: 2, timeoutMs: 2_000 }, options.connection));
  const { bucket } = options;
  return {
    async putObject(key, bytes) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
    },
    async getObject(key) {
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (body === undefined) throw new Error('an answer without a body');
      return Buffer.from(await body.transformToByteArray());
    },
  };
}
