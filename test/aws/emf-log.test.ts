import { expect, test } from 'vitest';
import { emfLog } from '../../lib/aws/emf-log.ts';
import type { DeliveryId } from '../../lib/core/delivery.ts';
import type { EventKey } from '../../lib/core/event.ts';
import type { EventReport, Report } from '../../lib/core/report.ts';
import type { SourceName } from '../../lib/core/source.ts';

const NOW = Date.UTC(2026, 10, 24, 10);

const accepted: Report = {
  kind: 'intake',
  source: 'github' as SourceName,
  delivery: 'd1' as DeliveryId,
  bytes: 10,
  durationMs: 7,
  outcome: 'accepted',
  secret: 'newest',
  place: 'queue',
};

const published = (latencyMs: number): EventReport => ({
  kind: 'event',
  source: 'github' as SourceName,
  delivery: 'd1' as DeliveryId,
  origin: 'webhook',
  key: 'k' as EventKey,
  id: 'k',
  type: 'push',
  latencyMs,
  outcome: 'published',
  standing: { verdict: 'unconfirmed' },
});

interface MetricLine {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

function logged(...reports: readonly Report[]): { lines: Record<string, unknown>[]; metrics: MetricLine[] } {
  const written: string[] = [];
  emfLog({ namespace: 'Headgate/Receiver', now: () => NOW, write: (line) => written.push(line) })(reports);
  expect(written.filter((line) => line.includes('\n'))).toEqual([]);
  const parsed = written.map((line) => JSON.parse(line));
  return {
    lines: parsed.filter((line) => !('_aws' in line)),
    metrics: parsed.filter((line) => '_aws' in line),
  };
}

test('writes a line for each report, with the keys by which Lambda takes over its level and time', () => {
  expect(logged(accepted, published(1)).lines).toMatchObject([
    { level: 'INFO', timestamp: '2026-11-24T10:00:00.000Z', ...accepted },
    { level: 'INFO', id: 'k', standing: { verdict: 'unconfirmed' } },
  ]);
});

test('warns of items that were taken out of what was accepted', () => {
  expect(logged({ ...accepted, dropped: 1 }).lines).toMatchObject([{ level: 'WARN', dropped: 1 }]);
});

test('takes unwanted events of a batch for no failure', () => {
  const [line] = logged({
    kind: 'delivery',
    outcome: 'filtered',
    source: 'github' as SourceName,
    delivery: 'd1' as DeliveryId,
    count: 3,
  }).lines;
  expect(line).toMatchObject({ level: 'INFO', outcome: 'filtered', count: 3 });
});

test('warns of a look at a provider’s API that showed nothing', () => {
  const fetch = { kind: 'fetch', source: 'github' as SourceName, path: '/repos/a/b', durationMs: 9 } as const;
  const { lines } = logged(
    { ...fetch, outcome: 'absent' },
    { ...fetch, outcome: 'unknown', reason: 'unanswered', cause: 'HTTP 503' },
  );
  expect(lines).toMatchObject([
    { level: 'INFO', kind: 'fetch', outcome: 'absent', path: '/repos/a/b' },
    { level: 'WARN', kind: 'fetch', outcome: 'unknown', reason: 'unanswered', cause: 'HTTP 503' },
  ]);
});

test('writes metrics in the embedded format, by source and for all sources together', () => {
  const [line, ...others] = logged(accepted).metrics;
  expect(others).toEqual([]);
  expect(line).toEqual({
    _aws: {
      Timestamp: NOW,
      CloudWatchMetrics: [
        {
          Namespace: 'Headgate/Receiver',
          Dimensions: [['Source'], []],
          Metrics: [
            { Name: 'Accepted', Unit: 'Count' },
            { Name: 'IntakeDuration', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
    Source: 'github',
    Accepted: 1,
    IntakeDuration: 7,
  });
});

test('writes the metrics of many events in one line', () => {
  const [line, ...others] = logged(...[5, 6, 7].map(published)).metrics;
  expect(others).toEqual([]);
  expect(line).toMatchObject({ Published: 3, Unconfirmed: 3, PublishLatency: [5, 6, 7] });
});

test('puts no more than a hundred values into an array, loses none and counts none twice', () => {
  const latencies = Array.from({ length: 250 }, (_, index) => index);
  const { metrics } = logged(...latencies.map(published));
  const arrays = metrics.map((line) => line.PublishLatency as readonly number[]);
  expect(arrays.map((values) => values.length)).toEqual([100, 100, 50]);
  expect(arrays.flat()).toEqual(latencies);
  expect(metrics.map((line) => line.Published)).toEqual([250, undefined, undefined]);
  for (const line of metrics) {
    const defined = line._aws.CloudWatchMetrics[0]?.Metrics.map(({ Name }) => Name) ?? [];
    expect(Object.keys(line).toSorted()).toEqual(['Source', '_aws', ...defined].toSorted());
  }
});

test('cuts texts from outside short', () => {
  const [line] = logged({ ...published(1), id: 'x'.repeat(100_000) }).lines;
  expect(JSON.stringify(line).length).toBeLessThan(2_000);
});
