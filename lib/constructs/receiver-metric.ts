import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS, type MetricName } from '../core/metric.ts';

/**
 * One of our own metrics: of the receiver, or of one source of it.
 * @param of.namespace the receiver's own, so that two receivers never mix.
 * @example receiverMetric({ namespace: 'Headgate/Hooks', source: 'github' }, 'SignatureRejections')
 */
export function receiverMetric(
  of: { readonly namespace: string; readonly source?: string },
  metricName: MetricName,
  options: cloudwatch.MetricOptions = {},
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: of.namespace,
    metricName,
    period: Duration.minutes(5),
    statistic: METRICS[metricName].unit === 'Count' ? cloudwatch.Stats.SUM : cloudwatch.Stats.percentile(99),
    ...(of.source === undefined ? {} : { dimensionsMap: { Source: of.source } }),
    ...options,
  });
}
