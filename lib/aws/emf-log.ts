import { METRICS } from '../core/metric.ts';
import { metricsOf, type SourceMetrics } from '../core/metrics-of.ts';
import type { Report } from '../core/report.ts';
import type { EpochMs } from '../core/request.ts';

/** EMF takes no more values in one array. */
const ARRAY_LIMIT = 100;

/** Longer texts come from outside and tell nobody more. */
const TEXT_LIMIT = 500;

/**
 * Writes the reports of one invocation: a line of JSON for each, and their metrics in CloudWatch's embedded format
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html), so
 * that no call to CloudWatch is on the path.
 * @param options.namespace `Headgate/` and the receiver's name.
 * @param options.write takes one line, without its end.
 */
export function emfLog(options: {
  readonly namespace: string;
  readonly now: () => EpochMs;
  readonly write: (line: string) => void;
}): (reports: readonly Report[]) => void {
  return (reports) => {
    const timestamp = options.now();
    for (const report of reports) options.write(reportLine(report, timestamp));
    for (const metrics of metricsOf(reports)) {
      for (const line of metricLines(metrics, options.namespace, timestamp)) options.write(line);
    }
  };
}

function reportLine(report: Report, timestamp: EpochMs): string {
  return JSON.stringify(
    { level: level(report), time: new Date(timestamp).toISOString(), ...report },
    shortened,
  );
}

function level(report: Report): 'INFO' | 'WARN' | 'ERROR' {
  switch (report.outcome) {
    case 'accepted':
    case 'handshake':
    case 'filtered':
    case 'published':
    case 'duplicate':
    case 'busy':
      return 'INFO';
    case 'rejected':
    case 'deferred':
      return 'WARN';
    case 'spilled':
    case 'unavailable':
    case 'dead':
      return 'ERROR';
  }
}

function shortened(_name: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > TEXT_LIMIT ? `${value.slice(0, TEXT_LIMIT)}…` : value;
}

type Sample = SourceMetrics['samples'][number];

/** One line, and more when a time has more values than an array holds. */
function metricLines(
  { source, samples }: SourceMetrics,
  namespace: string,
  timestamp: EpochMs,
): readonly string[] {
  const lines: string[] = [];
  for (let rest = samples; rest.length > 0; rest = rest.flatMap(beyondLimit)) {
    lines.push(metricLine(source, rest, namespace, timestamp));
  }
  return lines;
}

function beyondLimit({ name, values }: Sample): readonly Sample[] {
  return values.length > ARRAY_LIMIT ? [{ name, values: values.slice(ARRAY_LIMIT) }] : [];
}

function metricLine(
  source: string,
  samples: readonly Sample[],
  namespace: string,
  timestamp: EpochMs,
): string {
  const value = ({ values }: Sample): number | readonly number[] | undefined =>
    values.length === 1 ? values[0] : values.slice(0, ARRAY_LIMIT);
  return JSON.stringify({
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [['Source'], []],
          Metrics: samples.map(({ name }) => ({ Name: name, Unit: METRICS[name].unit })),
        },
      ],
    },
    Source: source,
    ...Object.fromEntries(samples.map((sample) => [sample.name, value(sample)])),
  });
}
