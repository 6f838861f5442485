import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../core/metric.ts';
import type { AlarmName } from './alarm-name.ts';
import type { Place } from './console-link.ts';
import { receiverMetric } from './receiver-metric.ts';
import type { ReceiverParts } from './receiver-parts.ts';

export interface AlarmDefinition {
  readonly name: AlarmName;
  /** Where there is one alarm for each source. */
  readonly source?: string;
  /** What has happened, in one sentence. */
  readonly says: string;
  readonly metric: cloudwatch.IMetric;
  /** The alarm goes on above it. */
  readonly threshold: number;
  /** All of so many periods in a row. */
  readonly periods: number;
  readonly look: Place;
}

/** Every alarm of a receiver, with its default threshold. */
export function alarmDefinitions(parts: ReceiverParts): readonly AlarmDefinition[] {
  return [...gateway(parts), ...intake(parts), ...functions(parts), ...processing(parts)];
}

function gateway({ api, sources }: ReceiverParts): readonly AlarmDefinition[] {
  const shortestTimeout = Math.min(...sources.map(({ provider }) => provider.delivery.timeoutMs));
  return [
    {
      name: 'api-client-errors',
      says: 'More than a quarter of the requests were refused (4xx), at least 20 in 5 minutes.',
      metric: share(api.metricClientError(), api.metricCount(), 20),
      threshold: 25,
      periods: 3,
      look: 'api',
    },
    {
      name: 'api-server-errors',
      says: 'More than 1 % of the requests failed (5xx) in 5 minutes. Some providers do not send again.',
      metric: share(api.metricServerError(), api.metricCount()),
      threshold: 1,
      periods: 1,
      look: 'api',
    },
    {
      name: 'api-latency',
      says: 'One in a hundred answers took longer than half of what the most impatient provider waits.',
      metric: api.metricLatency({ statistic: 'p99', period: FIVE_MINUTES }),
      threshold: shortestTimeout / 2,
      periods: 3,
      look: 'ingest',
    },
  ];
}

function intake(parts: ReceiverParts): readonly AlarmDefinition[] {
  return [
    ...parts.sources.map(
      ({ name }): AlarmDefinition => ({
        ...count('signature-rejections', parts, 'SignatureRejections', 'secrets', 10),
        source: name,
        says: `Requests to ${name} do not prove their origin: a forger, or a secret that is not the provider's.`,
        metric: receiverMetric({ namespace: parts.namespace, source: name }, 'SignatureRejections'),
      }),
    ),
    ...parts.sources.map(({ name }) => nothingAccepted(parts, name)),
    {
      ...count('missing-secrets', parts, 'MissingSecrets', 'secrets'),
      says: 'A source without a usable secret got requests and told the provider 503.',
    },
    {
      ...count('request-rejections', parts, 'RequestRejections', 'ingest'),
      says: 'Requests were too large, mangled, contradictory or of a wrong method. Some providers do not send again.',
    },
    {
      ...count('unavailable', parts, 'Unavailable', 'ingest'),
      says: 'Requests could not be verified or kept because AWS failed, and the provider was told 503.',
    },
    {
      ...count('spilled', parts, 'Spilled', 'queue'),
      says: 'The queue failed; deliveries lie in the bucket under spill/ and are not processed until they are queued.',
    },
    {
      ...count('older-secrets', parts, 'OlderSecrets', 'secrets'),
      says: 'A provider has signed with an older secret on two days in a row: the rotation is not finished.',
      metric: receiverMetric(parts, 'OlderSecrets', { period: Duration.days(1) }),
      periods: 2,
    },
    ...parts.sources
      .filter(({ setup }) => setup === 'install-secret')
      .map(
        ({ name }): AlarmDefinition => ({
          ...count('installed-secrets', parts, 'InstalledSecrets', 'secrets'),
          source: name,
          says: `A set-up request has stored the secret of ${name}. Was it yours? Whoever sent it can sign from now on.`,
          metric: receiverMetric({ namespace: parts.namespace, source: name }, 'InstalledSecrets'),
        }),
      ),
  ];
}

function functions({ ingestFunction, processFunction }: ReceiverParts): readonly AlarmDefinition[] {
  const usual = { threshold: 0, periods: 1 };
  return [
    {
      ...usual,
      name: 'ingest-errors',
      says: 'The ingest function crashed or timed out; the provider got a 5xx.',
      metric: ingestFunction.metricErrors({ period: FIVE_MINUTES }),
      look: 'ingest',
    },
    {
      ...usual,
      name: 'ingest-throttles',
      says: 'Lambda had no room for the ingest function; the provider got a 5xx.',
      metric: ingestFunction.metricThrottles({ period: FIVE_MINUTES }),
      look: 'ingest',
    },
    {
      ...usual,
      name: 'process-errors',
      says: 'The process function crashed or timed out; its deliveries come back to the queue.',
      metric: processFunction.metricErrors({ period: FIVE_MINUTES }),
      look: 'process',
    },
    {
      ...usual,
      name: 'process-throttles',
      says: 'Lambda had no room for the process function for 15 minutes; deliveries wait on the queue.',
      metric: processFunction.metricThrottles({ period: FIVE_MINUTES }),
      periods: 3,
      look: 'process',
    },
  ];
}

function processing(parts: ReceiverParts): readonly AlarmDefinition[] {
  const { queue, deadLetterQueue, topic } = parts;
  return [
    {
      name: 'queue-age',
      says: 'The oldest delivery has waited on the queue for more than 15 minutes.',
      metric: queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES, statistic: 'max' }),
      threshold: 15 * 60,
      periods: 1,
      look: 'queue',
    },
    {
      ...count('new-dead-letters', parts, 'DeadLetters', 'dead-letters'),
      says: 'Events or deliveries were given up just now; what they have in common may concern the next ones too.',
    },
    {
      name: 'dead-letters',
      says: 'Deliveries have failed for good and wait for somebody to look at them; SQS deletes them in the end.',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        period: FIVE_MINUTES,
        statistic: 'max',
      }),
      threshold: 0,
      periods: 1,
      look: 'dead-letters',
    },
    {
      ...count('deferred', parts, 'Deferred', 'process'),
      says: 'AWS failed while events were claimed or published, for 15 minutes; they are tried again.',
      periods: 3,
    },
    ...(parts.sources.some(({ reconcile }) => reconcile !== undefined) ? [reconcileFailures(parts)] : []),
    {
      name: 'publish-latency',
      says: 'One in a hundred events took more than a minute from the gateway to the topic.',
      metric: receiverMetric(parts, 'PublishLatency'),
      threshold: 60_000,
      periods: 3,
      look: 'process',
    },
    {
      ...count('collisions', parts, 'Collisions', 'dead-letters'),
      says: 'An event came with the key of another one but other content; it was not published.',
    },
    {
      ...count('repeated-content', parts, 'RepeatedContent', 'process'),
      says: 'The bytes of an event came again under another id: a replayed request, or a provider that repeats itself.',
    },
    {
      name: 'subscription-failures',
      says: 'SNS failed to hand events to a subscriber: for good, but for HTTP, where each attempt counts.',
      metric: topic.metricNumberOfNotificationsFailed({ period: FIVE_MINUTES, statistic: 'sum' }),
      threshold: 0,
      periods: 1,
      look: 'topic',
    },
  ];
}

const FIVE_MINUTES = Duration.minutes(5);

/**
 * A wrong secret refuses everything, of however few requests; forgers and scanners come beside what is accepted. `accepted` has a
 * value whenever a request came, zero included, and without refusals the expression has none.
 */
function nothingAccepted({ namespace }: ReceiverParts, source: string): AlarmDefinition {
  const hourly = (metric: MetricName): cloudwatch.Metric =>
    receiverMetric({ namespace, source }, metric, { period: Duration.hours(1) });
  return {
    name: 'nothing-accepted',
    source,
    says: `For an hour nothing to ${source} was accepted, and requests did not prove their origin: most likely the secret is wrong.`,
    metric: new cloudwatch.MathExpression({
      expression: 'IF(accepted > 0, 0, refused)',
      usingMetrics: { accepted: hourly('Accepted'), refused: hourly('SignatureRejections') },
      period: Duration.hours(1),
      label: 'refused, none accepted',
    }),
    threshold: 0,
    periods: 1,
    look: 'secrets',
  };
}

/** Only where there is an API to be asked: each alarm costs. */
function reconcileFailures(parts: ReceiverParts): AlarmDefinition {
  return {
    ...count('reconcile-failures', parts, 'FetchFailures', 'process'),
    says: 'For 15 minutes a provider’s API did not tell how resources stand; their events wait, and are not confirmed in the end.',
    periods: 3,
  };
}

type Counted = Omit<AlarmDefinition, 'says'>;

/** Of one of our own counts: on when it is above the threshold within 5 minutes. */
function count(
  name: AlarmName,
  parts: ReceiverParts,
  metric: MetricName,
  look: Place,
  threshold = 0,
): Counted {
  return { name, metric: receiverMetric(parts, metric), threshold, periods: 1, look };
}

/** Failures in percent of all requests; where a few are no news, none below so many. */
function share(failed: cloudwatch.IMetric, all: cloudwatch.IMetric, few?: number): cloudwatch.MathExpression {
  const percent = '100 * failed / requests';
  return new cloudwatch.MathExpression({
    expression: few === undefined ? percent : `IF(failed >= ${few}, ${percent}, 0)`,
    usingMetrics: { failed, requests: all },
    period: FIVE_MINUTES,
    label: '% of requests',
  });
}
