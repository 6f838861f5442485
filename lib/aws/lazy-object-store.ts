import type { ObjectStore } from '../core/ports.ts';
import type { Connection } from './client-settings.ts';

/** The bucket's object store, whose client is loaded at the first use. */
export function lazyObjectStore(options: {
  readonly bucket: string;
  readonly connection?: Connection;
}): ObjectStore {
  let store: Promise<ObjectStore> | undefined;
  const load = (): Promise<ObjectStore> => {
    store ??= import('./s3-object-store.ts').then(({ s3ObjectStore }) => s3ObjectStore(options));
    return store;
  };
  return {
    put: async (key, bytes) => (await load()).put(key, bytes),
    get: async (key) => (await load()).get(key),
  };
}
