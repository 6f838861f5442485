import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Connection, clientSettings } from './client-settings.ts';
import { withinLimit } from './within-limit.ts';

/** One bucket, and how long a call to it may take, its body included, in ms. */
export interface BucketOptions {
  readonly bucket: string;
  readonly limitMs: number;
  readonly connection?: Connection;
}

/** The two calls of S3 that we need; they throw what the client throws. */
export interface S3Calls {
  putObject(key: string, bytes: Buffer): Promise<void>;
  getObject(key: string): Promise<Buffer>;
}

/**
 * Import this module dynamically only: its client is as large as all others of the ingest function together, and most
 * deliveries need none.
 */
export function s3Calls({ bucket, limitMs, connection }: BucketOptions): S3Calls {
  const client = new S3Client(clientSettings(limitMs, connection));
  return {
    async putObject(key, bytes) {
      const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes });
      await withinLimit(limitMs, (within) => client.send(command, within));
    },
    getObject(key) {
      return withinLimit(limitMs, async (within) => {
        const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), within);
        if (body === undefined) throw new Error('an answer without a body');
        return Buffer.from(await body.transformToByteArray());
      });
    },
  };
}
