import type { ConditionalWrite, Row, RowKey, WriteAnswer } from './conditional-write.ts';
import type { DeliveryMessage } from './delivery.ts';
import type { SourceSecrets } from './secret.ts';
import type { Source } from './source.ts';

/** Every port throws `InfrastructureError` when the other side did not confirm: the work may or may not have been done. */

export interface Secrets {
  /** The cached secrets, or a first read; one flight at a time. */
  read(source: Source): Promise<SourceSecrets>;
  /**
   * After a request that `mismatched` could not prove: other secrets, if there are any by now. Asks again at most once per half
   * minute; undefined when that was done just now. Throws when the last try failed: then nobody knows whose fault it is.
   */
  refresh(source: Source, mismatched: SourceSecrets): Promise<SourceSecrets | undefined>;
}

/** What providers sign with whose keys come as certificates. Asked at intake, while the provider waits: cached, and within a time limit. */
export interface Certificates {
  /**
   * The certificates (PEM, the signer's first) at an address that was checked against the provider's own hosts. It is called over https
   * only, and no redirect is followed.
   */
  read(url: string): Promise<readonly string[]>;
  /** The authorities that a chain must lead to (PEM). */
  roots(): Promise<readonly string[]>;
}

export interface DeliveryQueue {
  /**
   * Resolves only when the queue has confirmed.
   * @param wait how long nobody is to see it, at most 900 seconds; by default not at all.
   */
  send(message: DeliveryMessage, wait?: { readonly seconds: number }): Promise<void>;
}

/** Short waits of messages that a worker holds. */
export interface Visibility {
  /** Each message comes back after its seconds (at most 43,200), given by the receipt of its last receive. */
  hide(waits: readonly { readonly receipt: string; readonly seconds: number }[]): Promise<void>;
}

/** Large bodies, spilled deliveries and claim-checked events. */
export interface ObjectStore {
  put(key: string, bytes: Buffer): Promise<void>;
  get(key: string): Promise<Buffer>;
}

export interface Ledger {
  write(write: ConditionalWrite): Promise<WriteAnswer>;
  /** Strongly consistent; a key without a row is absent from the map. */
  read(keys: readonly RowKey[]): Promise<ReadonlyMap<RowKey, Row>>;
}

/** One message for the topic, ready to go. */
export interface TopicMessage {
  /** A CloudEvent in JSON. */
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** FIFO topics only. */
  readonly group: string;
  readonly deduplicationId: string;
}

/** In the order of the messages: `published` has the topic's word; `unknown` may or may not be out; `refused` will never be taken. */
export type PublishAnswer =
  | { readonly kind: 'published' }
  | { readonly kind: 'unknown'; readonly cause: string }
  | { readonly kind: 'refused'; readonly cause: string };

export interface EventTopic {
  /** At most 10 messages, 262,144 bytes in all. */
  publish(messages: readonly TopicMessage[]): Promise<readonly PublishAnswer[]>;
}

export interface DeadLetters {
  /** @param reason coded, e.g. `collision`; more than 256 bytes of it are cut off. */
  send(message: DeliveryMessage, reason: string): Promise<void>;
}
