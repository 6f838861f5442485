/** A metric's name in CloudWatch. */
export type MetricName =
  /** Deliveries acknowledged and kept: queued or spilled. */
  | 'Accepted'
  /** From the call of the function to its answer. */
  | 'IntakeDuration'
  /** Deliveries, or events of a batch, of a type that the source does not want. */
  | 'Filtered'
  /** Set-up challenges answered. */
  | 'Handshakes'
  /** Signing secrets that were stored since a set-up challenge brought them. */
  | 'InstalledSecrets'
  /** Requests whose origin was not proved (401), or items of one. */
  | 'SignatureRejections'
  /** Requests too large, mangled, contradictory or of a wrong method (4xx). */
  | 'RequestRejections'
  /** Requests to a source without a usable secret (503). */
  | 'MissingSecrets'
  /** Deliveries signed with another secret than the newest. */
  | 'OlderSecrets'
  /** Deliveries that went to the bucket because the queue failed. */
  | 'Spilled'
  /** Requests answered 503 for trouble of our own. */
  | 'Unavailable'
  /** Events that the topic has confirmed. */
  | 'Published'
  /** From the gateway’s request time to the topic’s word, webhooks only. */
  | 'PublishLatency'
  /** Events that were published before. */
  | 'Duplicates'
  /** Events published after a newer state of their subject. */
  | 'Superseded'
  /** Events published without a known order. */
  | 'Unconfirmed'
  /** Events whose bytes came before under another id. */
  | 'RepeatedContent'
  /** Events that another worker held. */
  | 'Busy'
  /** Events or deliveries put off because AWS failed. */
  | 'Deferred'
  /** Events or deliveries given up. */
  | 'DeadLetters'
  /** Events with a known key but other content. */
  | 'Collisions'
  /** Questions to the provider’s API. */
  | 'Fetches'
  /** Looks at the provider’s API that showed nothing: no answer, no credentials, refused, unusable. */
  | 'FetchFailures'
  /** Looks at the provider’s API put off: the rate is used up, or it is left alone for a while. */
  | 'FetchWaits';

export interface Metric {
  readonly unit: 'Count' | 'Milliseconds';
  /** The function that makes it. */
  readonly from: 'ingest' | 'process';
  /** A metric costs money in every hour in which it has a value: `always` is for what a graph needs, zeros included. */
  readonly emitted: 'always' | 'not-zero';
}

/**
 * Every metric that Headgate makes, each under the dimension `Source` and under the receiver alone. Functions, alarms and
 * dashboard name them through this.
 */
export const METRICS: Readonly<Record<MetricName, Metric>> = {
  Accepted: { unit: 'Count', from: 'ingest', emitted: 'always' },
  IntakeDuration: { unit: 'Milliseconds', from: 'ingest', emitted: 'always' },
  Filtered: { unit: 'Count', from: 'ingest', emitted: 'not-zero' },
  Handshakes: { unit: 'Count', from: 'ingest', emitted: 'not-zero' },
  InstalledSecrets: { unit: 'Count', from: 'ingest', emitted: 'not-zero' },
  SignatureRejections: { unit: 'Count', from: 'ingest', emitted: 'not-zero' },
  RequestRejections: { unit: 'Count', from: 'ingest', emitted: 'not-zero' },
  MissingSecrets: { unit: 'Count', from: 'ingest', emitted: 'not-zero' },
  OlderSecrets: { unit: 'Count', from: 'ingest', emitted: 'not-zero' },
  Spilled: { unit: 'Count', from: 'ingest', emitted: 'not-zero' },
  Unavailable: { unit: 'Count', from: 'ingest', emitted: 'not-zero' },
  Published: { unit: 'Count', from: 'process', emitted: 'always' },
  PublishLatency: { unit: 'Milliseconds', from: 'process', emitted: 'always' },
  Duplicates: { unit: 'Count', from: 'process', emitted: 'always' },
  Superseded: { unit: 'Count', from: 'process', emitted: 'not-zero' },
  Unconfirmed: { unit: 'Count', from: 'process', emitted: 'not-zero' },
  RepeatedContent: { unit: 'Count', from: 'process', emitted: 'not-zero' },
  Busy: { unit: 'Count', from: 'process', emitted: 'not-zero' },
  Deferred: { unit: 'Count', from: 'process', emitted: 'not-zero' },
  DeadLetters: { unit: 'Count', from: 'process', emitted: 'not-zero' },
  Collisions: { unit: 'Count', from: 'process', emitted: 'not-zero' },
  Fetches: { unit: 'Count', from: 'process', emitted: 'not-zero' },
  FetchFailures: { unit: 'Count', from: 'process', emitted: 'not-zero' },
  FetchWaits: { unit: 'Count', from: 'process', emitted: 'not-zero' },
};
