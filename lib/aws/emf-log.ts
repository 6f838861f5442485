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
  const directiveOf = directives(options.namespace);
  return (reports) => {
    const timestamp = options.now();
    for (const report of reports) options.write(reportLine(report, timestamp));
    for (const metrics of metricsOf(reports)) {
      for (const line of metricLines(metrics, directiveOf, timestamp)) options.write(line);
    }
  };
}

/**
 * Lambda believes `level` only beside a `timestamp` in RFC 3339; a line without one is INFO to its filters
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html).
 */
function reportLine(report: Report, now: EpochMs): string {
  const line = { level: level(report), timestamp: new Date(now).toISOString(), ...report };
  // To ask of each value costs more than to write them all, and next to no line has a long one.
  return JSON.stringify(line, Object.values(line).some(isLong) ? shortened : undefined);
}

function level(report: Report): 'INFO' | 'WARN' | 'ERROR' {
  if ('dropped' in report && report.dropped !== undefined) return 'WARN';
  switch (report.outcome) {
    case 'accepted':
    case 'handshake':
    case 'filtered':
    case 'published':
    case 'duplicate':
    case 'busy':
    case 'found':
    case 'unchanged':
    case 'absent':
      return 'INFO';
    // Rightly done once, by somebody who waits for it; else somebody was faster.
    case 'installed':
    case 'rejected':
    case 'deferred':
    case 'unknown':
      return 'WARN';
    case 'spilled':
    case 'unavailable':
    case 'dead':
      return 'ERROR';
  }
}

function isLong(value: unknown): value is string {
  return typeof value === 'string' && value.length > TEXT_LIMIT;
}

function shortened(_name: string, value: unknown): unknown {
  return isLong(value) ? `${value.slice(0, TEXT_LIMIT)}…` : value;
}

type Sample = SourceMetrics['samples'][number];

/** What CloudWatch is to read from a line with these samples, as JSON. */
type DirectiveOf = (samples: readonly Sample[]) => string;

/** There are few sets of metrics, and the directive of one is most of its line: each is written once. */
function directives(namespace: string): DirectiveOf {
  const written = new Map<string, string>();
  return (samples) => {
    const names = samples.map(({ name }) => name);
    const key = names.join(' ');
    const known = written.get(key);
    if (known !== undefined) return known;
    const Metrics = names.map((name) => ({ Name: name, Unit: METRICS[name].unit }));
    const directive = JSON.stringify([{ Namespace: namespace, Dimensions: [['Source'], []], Metrics }]);
    written.set(key, directive);
    return directive;
  };
}

/** One line, and more when a time has more values than an array holds. */
function metricLines(
  { source, samples }: SourceMetrics,
  directiveOf: DirectiveOf,
  timestamp: EpochMs,
): readonly string[] {
  const lines: string[] = [];
  for (let rest = samples; rest.length > 0; rest = rest.flatMap(beyondLimit)) {
    const values = JSON.stringify({ Source: source, ...Object.fromEntries(rest.map(toEntry)) });
    const aws = `{"Timestamp":${timestamp},"CloudWatchMetrics":${directiveOf(rest)}}`;
    lines.push(`{"_aws":${aws},${values.slice(1)}`);
  }
  return lines;
}

function beyondLimit({ name, values }: Sample): readonly Sample[] {
  return values.length > ARRAY_LIMIT ? [{ name, values: values.slice(ARRAY_LIMIT) }] : [];
}

function toEntry({ name, values }: Sample): readonly [string, number | readonly number[] | undefined] {
  return [name, values.length === 1 ? values[0] : values.slice(0, ARRAY_LIMIT)];
}
