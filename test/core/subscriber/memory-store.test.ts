import { memoryStore } from '../../../lib/core/subscriber/memory-store.ts';
import type { SubscriberStore } from '../../../lib/core/subscriber/store.ts';
import { subscriberStoreContract } from '../../contracts/subscriber-store-contract.ts';

const stores = new Map<string, SubscriberStore>();

subscriberStoreContract('The memory of one process', (options) => {
  const store = stores.get(options.subscriber) ?? memoryStore(options);
  stores.set(options.subscriber, store);
  return store;
});
