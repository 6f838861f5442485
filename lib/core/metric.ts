/** A metric's name in CloudWatch. */
export type MetricName =
  | 'Accepted'
  | 'IntakeDuration'
  | 'Filtered'
  | 'Handshakes'
  | 'InstalledSecrets'
  | 'SignatureRejections'
  | 'RequestRejections'
  | 'MissingSecrets'
  | 'OlderSecrets'
  | 'Spilled'
  | 'Unavailable'
  | 'Published'
  | 'PublishLatency'
  | 'Duplicates'
  | 'Superseded'
  | 'Unconfirmed'
  | 'RepeatedContent'
  | 'Busy'
  | 'Deferred'
  | 'DeadLetters'
  | 'Collisions'
  | 'Fetches'
  | 'FetchFailures'
  | 'FetchWaits';

export interface Metric {
  readonly unit: 'Count' | 'Milliseconds';
  /** The function that makes it. */
  readonly from: 'ingest' | 'process';
  /** A metric costs money in every hour in which it has a value: `always` is for what a graph needs, zeros included. */
  readonly emitted: 'always' | 'not-zero';
  /** What it counts or measures, for the dashboard and the docs. */
  readonly meaning: string;
}

/**
 * Every metric that Headgate makes, each under the dimension `Source` and under the receiver alone. Functions, alarms and
 * dashboard name them through this.
 */
export const METRICS: Readonly<Record<MetricName, Metric>> = {
  Accepted: {
    unit: 'Count',
    from: 'ingest',
    emitted: 'always',
    meaning: 'deliveries acknowledged and kept: queued or spilled',
  },
  IntakeDuration: {
    unit: 'Milliseconds',
    from: 'ingest',
    emitted: 'always',
    meaning: 'from the call of the function to its answer',
  },
  Filtered: {
    unit: 'Count',
    from: 'ingest',
    emitted: 'not-zero',
    meaning: 'deliveries, or events of a batch, of a type that the source does not want',
  },
  Handshakes: { unit: 'Count', from: 'ingest', emitted: 'not-zero', meaning: 'set-up challenges answered' },
  InstalledSecrets: {
    unit: 'Count',
    from: 'ingest',
    emitted: 'not-zero',
    meaning: 'signing secrets that were stored since a set-up challenge brought them',
  },
  SignatureRejections: {
    unit: 'Count',
    from: 'ingest',
    emitted: 'not-zero',
    meaning: 'requests whose origin was not proved (401), or items of one',
  },
  RequestRejections: {
    unit: 'Count',
    from: 'ingest',
    emitted: 'not-zero',
    meaning: 'requests too large, mangled, contradictory or of a wrong method (4xx)',
  },
  MissingSecrets: {
    unit: 'Count',
    from: 'ingest',
    emitted: 'not-zero',
    meaning: 'requests to a source without a usable secret (503)',
  },
  OlderSecrets: {
    unit: 'Count',
    from: 'ingest',
    emitted: 'not-zero',
    meaning: 'deliveries signed with another secret than the newest',
  },
  Spilled: {
    unit: 'Count',
    from: 'ingest',
    emitted: 'not-zero',
    meaning: 'deliveries that went to the bucket because the queue failed',
  },
  Unavailable: {
    unit: 'Count',
    from: 'ingest',
    emitted: 'not-zero',
    meaning: 'requests answered 503 for trouble of our own',
  },
  Published: {
    unit: 'Count',
    from: 'process',
    emitted: 'always',
    meaning: 'events that the topic has confirmed',
  },
  PublishLatency: {
    unit: 'Milliseconds',
    from: 'process',
    emitted: 'always',
    meaning: 'from the gateway’s request time to the topic’s word, webhooks only',
  },
  Duplicates: {
    unit: 'Count',
    from: 'process',
    emitted: 'always',
    meaning: 'events that were published before',
  },
  Superseded: {
    unit: 'Count',
    from: 'process',
    emitted: 'not-zero',
    meaning: 'events published after a newer state of their subject',
  },
  Unconfirmed: {
    unit: 'Count',
    from: 'process',
    emitted: 'not-zero',
    meaning: 'events published without a known order',
  },
  RepeatedContent: {
    unit: 'Count',
    from: 'process',
    emitted: 'not-zero',
    meaning: 'events whose bytes came before under another id',
  },
  Busy: { unit: 'Count', from: 'process', emitted: 'not-zero', meaning: 'events that another worker held' },
  Deferred: {
    unit: 'Count',
    from: 'process',
    emitted: 'not-zero',
    meaning: 'events or deliveries put off because AWS failed',
  },
  DeadLetters: {
    unit: 'Count',
    from: 'process',
    emitted: 'not-zero',
    meaning: 'events or deliveries given up',
  },
  Collisions: {
    unit: 'Count',
    from: 'process',
    emitted: 'not-zero',
    meaning: 'events with a known key but other content',
  },
  Fetches: {
    unit: 'Count',
    from: 'process',
    emitted: 'not-zero',
    meaning: 'questions to the provider’s API',
  },
  FetchFailures: {
    unit: 'Count',
    from: 'process',
    emitted: 'not-zero',
    meaning: 'looks at the provider’s API that showed nothing: no answer, no credentials, refused, unusable',
  },
  FetchWaits: {
    unit: 'Count',
    from: 'process',
    emitted: 'not-zero',
    meaning: 'looks at the provider’s API put off: the rate is used up, or it is left alone for a while',
  },
};
