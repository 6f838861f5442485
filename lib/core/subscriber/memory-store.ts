import { apply, type Row, type RowKey } from '../conditional-write.ts';
import type { EpochMs } from '../request.ts';
import { type StoreOptions, type SubscriberStore, storeSettings } from './store.ts';

/**
 * A store for tests: it forgets everything with the process.
 * @param options.now the time, in ms since the epoch.
 * @example memoryStore({ subscriber: 'test', now: Date.now })
 */
export function memoryStore(options: StoreOptions & { readonly now: () => EpochMs }): SubscriberStore {
  const rows = new Map<RowKey, Row>();
  let tokens = 0;
  return {
    ...storeSettings(options),
    async write(write) {
      const answer = apply(write, rows.get(write.key));
      if (answer.kind === 'written') rows.set(write.key, answer.row);
      return answer;
    },
    now: options.now,
    token() {
      tokens += 1;
      return String(tokens);
    },
  };
}
