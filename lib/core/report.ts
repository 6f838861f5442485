import type { DeliveryId, Origin } from './delivery.ts';
import type { EventKey, Standing, Subject } from './event.ts';
import type { FetchAnswer } from './ports.ts';
import type { RejectionReason } from './rejection.ts';
import type { SecretAge } from './secret.ts';
import type { SourceName } from './source.ts';

/**
 * What was decided, once for each request and each event: the canonical log line, the metrics and the local runner's
 * output are all made from these. No body, signature or secret is ever among the fields.
 */
export type Report = IntakeReport | EventReport | DeliveryReport | FetchReport;

interface Intake {
  readonly kind: 'intake';
  readonly source: SourceName;
  readonly delivery: DeliveryId;
  readonly bytes: number;
  readonly durationMs: number;
  /** Items of the body that did not prove their origin, and were taken out. */
  readonly dropped?: number;
}

export type IntakeReport = Intake &
  (
    | { readonly outcome: 'accepted'; readonly secret: SecretAge; readonly place: 'queue' | 'store' }
    /** The queue failed; the delivery lies in the bucket, acknowledged. */
    | { readonly outcome: 'spilled'; readonly secret: SecretAge; readonly cause: string }
    | { readonly outcome: 'handshake' }
    /** A set-up request that nothing proved has brought the source's signing secret. */
    | { readonly outcome: 'installed' }
    /** A type that the source does not want: acknowledged, not queued. */
    | { readonly outcome: 'filtered'; readonly type: string }
    | { readonly outcome: 'rejected'; readonly reason: RejectionReason; readonly explanation: string }
    /** Our own trouble: 503, so that the provider sends it again. */
    | { readonly outcome: 'unavailable'; readonly cause: string }
  );

export type DeadReason =
  | 'unreadable'
  | 'unidentified'
  | 'unknown-source'
  | 'contradicted-type'
  | 'collision'
  | 'repeated-content'
  | 'publish-refused'
  | 'unreconciled'
  | 'attempts-exhausted';

interface EventLine {
  readonly kind: 'event';
  readonly source: SourceName;
  readonly delivery: DeliveryId;
  readonly origin: Origin;
  readonly key: EventKey;
  readonly id: string;
  readonly type: string;
  readonly subject?: Subject;
  /** From the gateway's request time to now. */
  readonly latencyMs: number;
}

export type EventReport = EventLine & EventFate;

/** What became of the event. */
export type EventFate =
  | { readonly outcome: 'published'; readonly standing: Standing; readonly repeatOf?: string }
  | { readonly outcome: 'duplicate' }
  /** Another worker holds its claim. */
  | { readonly outcome: 'busy' }
  | { readonly outcome: 'deferred'; readonly on: 'aws' | 'provider'; readonly cause: string }
  | { readonly outcome: 'dead'; readonly reason: DeadReason; readonly explanation: string };

interface DeliveryLine {
  readonly kind: 'delivery';
  readonly source: SourceName | 'unknown';
  readonly delivery: DeliveryId | 'unknown';
}

/** A delivery, or items of it, that did not become events. */
export type DeliveryReport = DeliveryLine &
  (
    | { readonly outcome: 'dead'; readonly reason: DeadReason; readonly explanation: string }
    | { readonly outcome: 'deferred'; readonly reason: 'infrastructure'; readonly explanation: string }
    /** So many events of it are of types that the source does not want: not published. */
    | { readonly outcome: 'filtered'; readonly count: number }
  );

interface FetchLine {
  readonly kind: 'fetch';
  readonly source: SourceName;
  /** Without its query. */
  readonly path: string;
  readonly durationMs: number;
}

type Unknown = Extract<FetchAnswer, { readonly kind: 'unknown' }>;

/** A look at a resource by its provider's API. Nothing of what came is in it. */
export type FetchReport = FetchLine &
  (
    | { readonly outcome: Exclude<FetchAnswer['kind'], 'unknown'> }
    | ({ readonly outcome: 'unknown' } & Pick<Unknown, 'reason' | 'cause'>)
  );

/** Takes each report as it is made. */
export type Reporter = (report: Report) => void;
