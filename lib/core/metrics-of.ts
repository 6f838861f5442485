import { METRICS, type Metric, type MetricName } from './metric.ts';
import { type RejectionReason, rejectionStatus } from './rejection.ts';
import type { DeliveryReport, EventReport, FetchReport, IntakeReport, Report } from './report.ts';
import type { SecretAge } from './secret.ts';

/** The values of one source's metrics: one sum for a count, each single value for a time. */
export interface SourceMetrics {
  readonly source: string;
  readonly samples: readonly { readonly name: MetricName; readonly values: readonly number[] }[];
}

/**
 * What the reports of one invocation come to, by source.
 * @example metricsOf([report])[0] // { source: 'github', samples: [{ name: 'Accepted', values: [1] }, …] }
 */
export function metricsOf(reports: readonly Report[]): readonly SourceMetrics[] {
  const sources = new Map<string, Report[]>();
  for (const report of reports) {
    const known = sources.get(report.source);
    if (known === undefined) sources.set(report.source, [report]);
    else known.push(report);
  }
  return [...sources].map(([source, ofSource]) => ({ source, samples: samplesOf(ofSource) }));
}

function samplesOf(reports: readonly Report[]): SourceMetrics['samples'] {
  const values = new Map<MetricName, number[]>(always(reports).map((name) => [name, []]));
  for (const report of reports) {
    for (const [name, value] of valuesOf(report)) {
      const known = values.get(name);
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    }
  }
  return [...values].flatMap(([name, found]) => {
    if (METRICS[name].unit === 'Count')
      return [{ name, values: [found.reduce((sum, value) => sum + value, 0)] }];
    return found.length === 0 ? [] : [{ name, values: found }];
  });
}

function always(reports: readonly Report[]): readonly MetricName[] {
  return reports.some(({ kind }) => kind === 'intake') ? ALWAYS.ingest : ALWAYS.process;
}

const ALWAYS: Readonly<Record<Metric['from'], readonly MetricName[]>> = {
  ingest: alwaysFrom('ingest'),
  process: alwaysFrom('process'),
};

function alwaysFrom(from: Metric['from']): readonly MetricName[] {
  const names = Object.keys(METRICS) as MetricName[];
  return names.filter((name) => METRICS[name].from === from && METRICS[name].emitted === 'always');
}

type Values = readonly (readonly [MetricName, number])[];

function valuesOf(report: Report): Values {
  switch (report.kind) {
    case 'intake':
      return [
        ['IntakeDuration', report.durationMs],
        ...intakeCounts(report).map(one),
        ...(report.dropped === undefined ? [] : [['SignatureRejections', report.dropped] as const]),
      ];
    case 'event':
      return eventValues(report);
    case 'delivery':
      return deliveryValues(report);
    case 'fetch':
      return fetchCounts(report).map(one);
  }
}

function intakeCounts(report: IntakeReport): readonly MetricName[] {
  switch (report.outcome) {
    case 'accepted':
      return ['Accepted', ...olderSecret(report.secret)];
    case 'spilled':
      return ['Accepted', 'Spilled', ...olderSecret(report.secret)];
    case 'handshake':
      return ['Handshakes'];
    case 'installed':
      return ['Handshakes', 'InstalledSecrets'];
    case 'filtered':
      return ['Filtered'];
    case 'rejected':
      return [rejectionMetric(report.reason)];
    case 'unavailable':
      return ['Unavailable'];
  }
}

function olderSecret(age: SecretAge): readonly MetricName[] {
  return age === 'older' ? ['OlderSecrets'] : [];
}

function rejectionMetric(reason: RejectionReason): MetricName {
  switch (rejectionStatus(reason)) {
    case 401:
      return 'SignatureRejections';
    case 400:
    case 405:
    case 413:
      return 'RequestRejections';
    case 503:
      return 'MissingSecrets';
  }
}

function eventValues(report: EventReport): Values {
  switch (report.outcome) {
    case 'published': {
      const { verdict } = report.standing;
      return [
        one('Published'),
        ...(report.origin === 'webhook' ? [['PublishLatency', report.latencyMs] as const] : []),
        ...(verdict === 'superseded' ? [one('Superseded')] : []),
        ...(verdict === 'unconfirmed' ? [one('Unconfirmed')] : []),
        ...(report.repeatOf === undefined ? [] : [one('RepeatedContent')]),
      ];
    }
    case 'duplicate':
      return [one('Duplicates')];
    case 'busy':
      return [one('Busy')];
    // That a provider can't say how its resource stands is counted where it is asked.
    case 'deferred':
      return report.on === 'aws' ? [one('Deferred')] : [];
    case 'dead':
      return [one('DeadLetters'), ...(report.reason === 'collision' ? [one('Collisions')] : [])];
  }
}

function deliveryValues(report: DeliveryReport): Values {
  switch (report.outcome) {
    case 'dead':
      return [one('DeadLetters')];
    case 'deferred':
      return [one('Deferred')];
    case 'filtered':
      return [['Filtered', report.count]];
  }
}

function fetchCounts(report: FetchReport): readonly MetricName[] {
  if (report.outcome !== 'unknown') return ['Fetches'];
  switch (report.reason) {
    case 'no-permit':
      return ['FetchWaits'];
    case 'throttled':
      return ['Fetches', 'FetchWaits'];
    case 'refused':
    case 'unanswered':
    case 'unusable':
      return ['Fetches', 'FetchFailures'];
    case 'no-credentials':
    case 'infrastructure':
      return ['FetchFailures'];
  }
}

function one(name: MetricName): readonly [MetricName, number] {
  return [name, 1];
}
