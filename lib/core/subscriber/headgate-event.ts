import type { Origin } from '../delivery.ts';
import type { Verdict } from '../event.ts';

/** What every published event says of itself: the attributes of a CloudEvent 1.0, and our extensions. */
export interface EventAttributes {
  readonly specversion: '1.0';
  /** The provider's own id; unique within `source`. */
  readonly id: string;
  /** The source's URI, e.g. `urn:headgate:eu-west-1:123456789012:Receiver:github`. */
  readonly source: string;
  /** The provider's name and its own type: `github.issues.opened`. */
  readonly type: string;
  /** The resource that the event is about, within `source`. */
  readonly subject?: string;
  /** When it happened, by the provider: RFC 3339. */
  readonly time?: string;
  /** Only a state of the subject has one. 16 digits: a higher one is never an older state, and text order is number order. */
  readonly sequence?: string;
  /**
   * - `fresh`: the newest state published, or an event without a subject
   * - `gone`: the resource is deleted
   * - `superseded`: a newer state is out or certain to come
   * - `unconfirmed`: the order is unknown
   */
  readonly verdict: Verdict;
  /** How it came to us. */
  readonly origin: Origin;
  /** When the gateway received it: RFC 3339. */
  readonly receivedtime: string;
  /** The id under which the same bytes came before. `once` takes both for one event. */
  readonly repeatof?: string;
}

/** A published event with its data. */
export interface HeadgateEvent extends EventAttributes {
  readonly data: EventData;
  readonly dataref?: never;
}

/** A published event that was too large for the topic: its data lies in the bucket. `followDataref` gives the whole event. */
export interface ReferencedEvent extends EventAttributes {
  readonly data?: never;
  /** `s3://bucket/key`. */
  readonly dataref: string;
}

/**
 * As the provider sent it. An integer that a number cannot hold (above 2^53) is a string of its digits; a body that is neither
 * JSON nor a form is `{ base64, contentType }`.
 */
export interface EventData {
  readonly payload: unknown;
  /** The canonical resource, where it was fetched. */
  readonly resource?: unknown;
}

/** What makes an event a state of its subject. */
export interface StateAttributes {
  readonly subject: string;
  readonly sequence: string;
}

/** Does the event carry a state of its subject, with its place in the order? `latest` applies only these. */
export function isState<E extends EventAttributes>(event: E): event is E & StateAttributes {
  return event.subject !== undefined && event.sequence !== undefined;
}
