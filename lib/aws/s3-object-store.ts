import type { ObjectStore } from '../core/ports.ts';
import { confirmed } from './confirmed.ts';
import type { BucketOptions, S3Calls } from './s3-calls.ts';

/**
 * Objects in one bucket. The client is loaded at the first use.
 * @example s3ObjectStore({ bucket: environment.bucket, limitMs: 1_000 })
 */
export function s3ObjectStore(options: BucketOptions): ObjectStore {
  let loading: Promise<S3Calls> | undefined;
  const load = (): Promise<S3Calls> => {
    loading ??= import('./s3-calls.ts').then(({ s3Calls }) => s3Calls(options));
    return loading;
  };
  return {
    async put(key, bytes) {
      const { putObject } = await load();
      await confirmed('s3:PutObject', putObject(key, bytes));
    },
    async get(key) {
      const { getObject } = await load();
      return confirmed('s3:GetObject', getObject(key));
    },
  };
}
