import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MetricName } from '../core/metric.ts';
import { receiverMetric } from './receiver-metric.ts';
import type { ReceiverParts } from './receiver-parts.ts';

const HALF = 12;
const WHOLE = 24;
const EVENTS: readonly MetricName[] = ['Published', 'Duplicates', 'Superseded', 'Unconfirmed', 'DeadLetters'];

const FETCHES: readonly MetricName[] = ['Fetches', 'FetchFailures', 'FetchWaits'];

/** One page that follows a webhook: alarms, gateway, intake by source, queue, publishing, functions. */
export class ReceiverDashboard extends Construct {
  readonly dashboard: cloudwatch.Dashboard;

  constructor(
    scope: Construct,
    id: string,
    props: ReceiverParts & { readonly alarms: readonly cloudwatch.IAlarm[] },
  ) {
    super(scope, id);
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(12) });
    this.dashboard.addWidgets(
      new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: 24, height: 4 }),
    );
    this.dashboard.addWidgets(...gatewayGraphs(props));
    this.dashboard.addWidgets(
      bySource(props, 'Accepted deliveries', 'Accepted'),
      bySource(props, 'Requests that do not prove their origin', 'SignatureRejections'),
    );
    this.dashboard.addWidgets(...queueGraphs(props));
    this.dashboard.addWidgets(
      graph(
        'Events',
        EVENTS.map((name) => receiverMetric({ namespace: props.namespace }, name, { label: name })),
      ),
      graph(
        'Received to published, ms',
        latencies((options) => receiverMetric(props, 'PublishLatency', options)),
      ),
    );
    this.dashboard.addWidgets(...fetchGraphs(props), ...functionGraphs(props));
  }
}

function gatewayGraphs({ api }: ReceiverParts): readonly cloudwatch.IWidget[] {
  return [
    graph('Requests', [
      api.metricCount({ label: 'all' }),
      api.metricClientError({ label: '4xx' }),
      api.metricServerError({ label: '5xx' }),
    ]),
    graph(
      'Gateway latency, ms',
      latencies((options) => api.metricLatency(options)),
    ),
  ];
}

function queueGraphs({ queue, deadLetterQueue }: ReceiverParts): readonly cloudwatch.IWidget[] {
  return [
    graph('Queued deliveries', [
      queue.metricApproximateNumberOfMessagesVisible({ label: 'waiting' }),
      queue.metricApproximateNumberOfMessagesNotVisible({ label: 'in work' }),
      deadLetterQueue.metricApproximateNumberOfMessagesVisible({ label: 'dead letters' }),
    ]),
    graph('Oldest queued delivery, s', [queue.metricApproximateAgeOfOldestMessage({ label: 'age' })]),
  ];
}

/** Where a provider's API is asked. */
function fetchGraphs({ sources, namespace }: ReceiverParts): readonly cloudwatch.IWidget[] {
  if (!sources.some(({ reconcile }) => reconcile !== undefined)) return [];
  const metrics = FETCHES.map((name) => receiverMetric({ namespace }, name, { label: name }));
  return [graph('Looks at providers’ APIs', metrics, WHOLE)];
}

function functionGraphs({ ingestFunction, processFunction }: ReceiverParts): readonly cloudwatch.IWidget[] {
  return [
    graph('Functions: failures', [
      ingestFunction.metricErrors({ label: 'ingest errors' }),
      ingestFunction.metricThrottles({ label: 'ingest throttles' }),
      processFunction.metricErrors({ label: 'process errors' }),
      processFunction.metricThrottles({ label: 'process throttles' }),
    ]),
    graph('Functions: duration p99, ms', [
      ingestFunction.metricDuration({ label: 'ingest', statistic: 'p99' }),
      processFunction.metricDuration({ label: 'process', statistic: 'p99' }),
    ]),
  ];
}

function bySource(
  { sources, namespace }: ReceiverParts,
  title: string,
  name: MetricName,
): cloudwatch.GraphWidget {
  return graph(
    title,
    sources.map((source) => receiverMetric({ namespace, source: source.name }, name, { label: source.name })),
  );
}

function latencies(of: (options: cloudwatch.MetricOptions) => cloudwatch.IMetric): cloudwatch.IMetric[] {
  return ['p50', 'p99'].map((statistic) => of({ statistic, label: statistic }));
}

function graph(title: string, left: cloudwatch.IMetric[], width = HALF): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, width });
}
