import type { EpochMs, Headers, Method } from './request.ts';
import type { SourceName } from './source.ts';

declare const deliveryId: unique symbol;
/** One accepted request; the gateway's request id, so that a log line leads from one to the other. */
export type DeliveryId = string & { readonly [deliveryId]: true };

/** How the events came to us. */
export type Origin = 'webhook' | 'sweep' | 'replay';

/** One accepted request, as queued. Only what has been verified becomes one. */
export interface Delivery {
  readonly id: DeliveryId;
  readonly source: SourceName;
  readonly origin: Origin;
  readonly method: Method;
  readonly path: string;
  readonly query: string;
  /** Only those that identification reads; headers that are the secret are never among them. */
  readonly headers: Headers;
  readonly body: Buffer;
  readonly receivedAt: EpochMs;
}

/** The message attribute that carries a delivery's metadata, as JSON. */
export const METADATA_ATTRIBUTE = 'headgate';

/** SQS's limit for one message, attributes included, in bytes. */
export const MESSAGE_LIMIT = 1_048_576;

/** A delivery as it lies on the queue. */
export interface DeliveryMessage {
  /** The body itself where SQS takes every character of it, else base64, else empty (`stored`). */
  readonly body: string;
  /** JSON of `DeliveryMetadata`. */
  readonly metadata: string;
  readonly group: SourceName;
}
