import type { DeliveryId, Origin } from './delivery.ts';
import type { DocumentShape } from './provider.ts';
import type { EpochMs } from './request.ts';
import type { SourceName } from './source.ts';

declare const eventKey: unique symbol;
/** Dedups an event within its source. */
export type EventKey = string & { readonly [eventKey]: true };

declare const subject: unique symbol;
/** The resource an event is about, within its source. */
export type Subject = string & { readonly [subject]: true };

declare const version: unique symbol;
/** Order of a subject's states: 20 digits, zero-padded, so that text order is number order. */
export type Version = string & { readonly [version]: true };

declare const sequence: unique symbol;
/** Order of published states: 16 digits, zero-padded, at least the microseconds of its commit. */
export type Sequence = string & { readonly [sequence]: true };

declare const digest: unique symbol;
/** SHA-256, lower-case hex. */
export type Digest = string & { readonly [digest]: true };

/** One thing that happened at the provider, read from a verified delivery. */
export interface Event {
  readonly source: SourceName;
  readonly key: EventKey;
  /** The provider's own id, as published. */
  readonly id: string;
  /** The provider's own type, without our prefix. */
  readonly type: string;
  readonly subject?: Subject;
  readonly version?: Version;
  /** When it happened, by the provider. */
  readonly time?: EpochMs;
  readonly payload: Payload;
  /** Where its resource is read, when its source reconciles and the provider has an API for it. */
  readonly resource?: ResourceAddress;
  /** Of type, subject, time and content outside the volatile paths: tells a duplicate from a collision. */
  readonly fingerprint: Digest;
  /** Of what a replay keeps (the signature, or type and signed bytes), where the id is unsigned and the type is not exempt. */
  readonly content?: Digest;
  readonly delivery: DeliveryId;
  readonly origin: Origin;
  readonly receivedAt: EpochMs;
}

/** Where the resource of an event is read, and how what is read there is understood. */
export interface ResourceAddress {
  /** Below the source's base URL, with `/` first; made of the provider's template and checked ids. */
  readonly path: string;
  /** The words of the path, without ids: `v1.charges`. */
  readonly kind: string;
  /** `state`: the payload holds the resource as it stood. `nothing`: it says only that something changed. */
  readonly payload: 'state' | 'nothing';
  /** What the event says of the resource. */
  readonly says: 'stands' | 'deleted';
  readonly shape: DocumentShape;
}

/** `json` is spliced as text, so that numbers above 2^53 survive; `bytes` is published as base64. */
export type Payload =
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly contentType: string };

/** How a published event stands; only a state has a sequence. */
export type Standing =
  | { readonly verdict: 'fresh'; readonly sequence?: Sequence }
  | { readonly verdict: 'gone'; readonly sequence: Sequence }
  | { readonly verdict: 'superseded' }
  | { readonly verdict: 'unconfirmed' };

export type Verdict = Standing['verdict'];
