import type { ConditionalWrite, Row, RowKey, WriteAnswer } from './conditional-write.ts';
import type { DeliveryMessage } from './delivery.ts';
import type { DocumentShape } from './provider-api.ts';
import type { SigningSecret, SourceSecrets } from './secret.ts';
import type { Reconciliation, Source } from './source.ts';

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

/** Only for sources in set-up: of no other secret may a value be put. */
export interface SecretInstaller {
  /**
   * Stores a source's first signing secret; `Secrets` of the same process know it at once. One that is there is never replaced, whoever stored it and
   * however close in time (`kept`). Resolves only when the store has confirmed; when it throws, the secret is stored whole or not at all.
   */
  install(source: Source, secret: SigningSecret): Promise<'installed' | 'kept'>;
}

/** A key of such a set, as it came. */
export type WebKey = Readonly<Record<string, unknown>>;

/** What providers sign with whose keys lie at an address of theirs. Asked at intake, while the provider waits: cached, and within a time limit. */
export interface Certificates {
  /**
   * The certificates (PEM, the signer's first) at an address that was checked against the provider's own hosts. It is called over https
   * only, and no redirect is followed.
   */
  read(url: string): Promise<readonly string[]>;
  /** The authorities that a chain must lead to (PEM). */
  roots(): Promise<readonly string[]>;
  /**
   * The keys of a JSON Web Key Set (RFC 7517) at such an address.
   * @param kid of the key that is needed: a set that lacks it is asked for again, at most every five minutes.
   */
  keySet(url: string, kid: string): Promise<readonly WebKey[]>;
}

/** Says yes to a provider that takes a call for an answer. Made at intake, while the provider waits: within a time limit. */
export interface Confirmations {
  /** Resolves when the address, which was built for the provider's own host, has answered 200. Over https only; no redirect is followed. */
  confirm(url: string): Promise<void>;
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

/** One question to a provider's API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** Absolute, on the source's base URL. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Only where credentials are exchanged for a token. */
  readonly body?: string;
}

export interface ApiResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Where a source's API is. */
export type ApiBase = Pick<Reconciliation, 'baseUrl' | 'network'>;

/** HTTP to a provider's API and to nowhere else. */
export interface ApiClient {
  /**
   * Resolves with whatever status came. No redirect is followed; addresses outside the base's network are refused, and those of this
   * machine, its link and its metadata in any case, but for a stub at 127.0.0.1; size and time are limited.
   * @throws {InfrastructureError} when no whole answer came: `unavailable` in time or at all, `refused` where none of this address or
   * size is ever taken. Its message quotes neither what was sent nor what came.
   */
  send(request: ApiRequest, base: ApiBase): Promise<ApiResponse>;
}

/** How a resource stands, by the provider's API. */
export type FetchAnswer =
  /** `text` is JSON, as the provider wrote it. */
  | { readonly kind: 'found'; readonly text: string; readonly etag?: string }
  /** As it was when the tag that was sent along came (304). */
  | { readonly kind: 'unchanged' }
  /** 404 or 410. `known`: the key has read a resource of this kind before, in whatever sandbox, so it is not for want of a permission. */
  | { readonly kind: 'absent'; readonly ofKind: 'known' | 'unknown' }
  /** Nobody knows. Asked again after at least so many seconds, where somebody has said or counted how many. */
  | {
      readonly kind: 'unknown';
      readonly reason: FetchFailure;
      readonly cause: string;
      readonly afterSeconds?: number;
    };

/**
 * Why nobody knows how a resource stands.
 *
 * | reason | what happened |
 * |---|---|
 * | `no-permit` | the provider was not asked: the rate is used up, it told us to wait, or it has failed so often that only one probe asks |
 * | `throttled` | it was asked, and wants to be asked later (429, or 403 with a limit used up) |
 * | `no-credentials` | the stored secret holds none that fit, or the provider gives no token for them |
 * | `refused` | 401, 403, or an error under 200: they do not let us read this, for all that is known |
 * | `unanswered` | no whole answer in time, or 5xx |
 * | `unusable` | a redirect, another status, or a body that is no JSON, too large or too deep |
 * | `infrastructure` | our own side failed: the ledger or Secrets Manager |
 */
export type FetchFailure =
  | 'no-permit'
  | 'throttled'
  | 'no-credentials'
  | 'refused'
  | 'unanswered'
  | 'unusable'
  | 'infrastructure';

export interface ResourceReader {
  /** Never throws but on a bug: what fails is `unknown`. */
  read(
    source: Source,
    address: {
      readonly path: string;
      /** What all resources have in common that the same permission reads: `v1.charges.charge`. */
      readonly kind: string;
      /** How an answer is understood. */
      readonly shape: DocumentShape;
      readonly etag?: string;
    },
  ): Promise<FetchAnswer>;
}

export interface DeadLetters {
  /** @param reason coded, e.g. `collision`; more than 256 bytes of it are cut off. */
  send(message: DeliveryMessage, reason: string): Promise<void>;
}
