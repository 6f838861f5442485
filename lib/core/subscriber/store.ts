import type { ConditionalWrite, RowKey, WriteAnswer } from '../conditional-write.ts';
import { ConfigurationError } from '../errors.ts';
import type { EpochMs } from '../request.ts';
import { sha256 } from '../scheme/digest.ts';

/** What `once` and `latest` remember by. `dynamodbStore` is the one for production, `memoryStore` the one for tests. */
export interface SubscriberStore {
  /** Whose memory it is: subscribers that share a table do not take each other's events for their own. */
  readonly subscriber: string;
  /** How long a handled event is remembered. */
  readonly retentionSeconds: number;
  /** Writes if the condition holds, in one step that no other writer can come between. */
  write(write: ConditionalWrite): Promise<WriteAnswer>;
  now(): EpochMs;
  /** A text that no other call has got or will get. */
  token(): string;
}

/** What every store is told. */
export interface StoreOptions {
  /** Names the subscriber, `[A-Za-z0-9._-]{1,64}`: what handles an event as one, e.g. `billing`. */
  readonly subscriber: string;
  /**
   * How long a handled event is remembered: as long as a copy can still come, by your queue and its dead letters.
   * @default 30
   */
  readonly retentionDays?: number;
}

const DAY = 86_400;

/** @throws {ConfigurationError} */
export function storeSettings({
  subscriber,
  retentionDays = 30,
}: StoreOptions): Pick<SubscriberStore, 'subscriber' | 'retentionSeconds'> {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(subscriber)) {
    throw new ConfigurationError('subscriber: allowed are 1 to 64 letters, digits, ".", "_" and "-"');
  }
  if (!(retentionDays >= 1)) throw new ConfigurationError('retentionDays: allowed is a number of at least 1');
  return { subscriber, retentionSeconds: Math.ceil(retentionDays * DAY) };
}

/** DynamoDB takes 2,048 bytes; longer names are kept by their digest. */
const NAME_LIMIT = 1024;

/** The row of an event or of a subject. JSON keeps the source and the name apart. */
export function subscriberRow(
  kind: 'once' | 'latest',
  { subscriber }: SubscriberStore,
  source: string,
  name: string,
): RowKey {
  const whole = JSON.stringify([source, name]);
  const short = Buffer.byteLength(whole) <= NAME_LIMIT ? whole : `sha256:${sha256(whole)}`;
  return `${kind}#${subscriber}#${short}` as RowKey;
}
