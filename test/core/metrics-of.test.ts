import { describe, expect, test } from 'vitest';
import type { DeliveryId } from '../../lib/core/delivery.ts';
import type { EventKey, Sequence } from '../../lib/core/event.ts';
import { METRICS, type MetricName } from '../../lib/core/metric.ts';
import { metricsOf } from '../../lib/core/metrics-of.ts';
import type { FetchFailure } from '../../lib/core/ports.ts';
import { type RejectionReason, rejected, rejectionStatus } from '../../lib/core/rejection.ts';
import type { EventReport, FetchReport, IntakeReport, Report } from '../../lib/core/report.ts';
import type { SourceName } from '../../lib/core/source.ts';

const source = 'github' as SourceName;
const delivery = 'd1' as DeliveryId;
const intake = { kind: 'intake', source, delivery, bytes: 10, durationMs: 7 } as const;
const event = {
  kind: 'event',
  source,
  delivery,
  origin: 'webhook',
  key: 'k' as EventKey,
  id: 'k',
  type: 'push',
  latencyMs: 120,
} as const;
const fresh = { verdict: 'fresh', sequence: '0'.repeat(16) as Sequence } as const;

/** What each report comes to, zeros left out. */
function counts(...reports: readonly Report[]): Partial<Record<MetricName, readonly number[]>> {
  const [metrics, ...others] = metricsOf(reports);
  expect(others).toEqual([]);
  const samples = metrics?.samples.filter(({ values }) => values.some((value) => value !== 0)) ?? [];
  return Object.fromEntries(samples.map(({ name, values }) => [name, values]));
}

describe('the metrics of an intake', () => {
  const duration = { IntakeDuration: [7] };
  const refused = (reason: RejectionReason): IntakeReport => ({
    ...intake,
    outcome: 'rejected',
    reason,
    explanation: '',
  });

  test.each<[string, IntakeReport, Partial<Record<MetricName, number[]>>]>([
    ['accepted', { ...intake, outcome: 'accepted', secret: 'newest', place: 'queue' }, { Accepted: [1] }],
    [
      'accepted without some of its items',
      { ...intake, outcome: 'accepted', secret: 'newest', place: 'queue', dropped: 2 },
      { Accepted: [1], SignatureRejections: [2] },
    ],
    [
      'accepted with an old secret',
      { ...intake, outcome: 'accepted', secret: 'older', place: 'store' },
      { Accepted: [1], OlderSecrets: [1] },
    ],
    [
      'spilled',
      { ...intake, outcome: 'spilled', secret: 'newest', cause: '' },
      { Accepted: [1], Spilled: [1] },
    ],
    [
      'spilled with an old secret',
      { ...intake, outcome: 'spilled', secret: 'older', cause: '' },
      { Accepted: [1], Spilled: [1], OlderSecrets: [1] },
    ],
    ['handshake', { ...intake, outcome: 'handshake' }, { Handshakes: [1] }],
    ['filtered', { ...intake, outcome: 'filtered', type: 'a' }, { Filtered: [1] }],
    ['unavailable', { ...intake, outcome: 'unavailable', cause: '' }, { Unavailable: [1] }],
    ['wrong signature', refused('wrong-signature'), { SignatureRejections: [1] }],
    ['stale', refused('stale-timestamp'), { SignatureRejections: [1] }],
    ['too large', refused('too-large'), { RequestRejections: [1] }],
    ['mangled', refused('mangled-body'), { RequestRejections: [1] }],
    ['wrong method', refused('method-not-allowed'), { RequestRejections: [1] }],
    ['without secret', refused('no-secret'), { MissingSecrets: [1] }],
  ])('say what happened: %s', (_what, report, expected) => {
    expect(counts(report)).toEqual({ ...expected, ...duration });
  });
});

describe('the metrics of an event', () => {
  test.each<[string, Report, Partial<Record<MetricName, number[]>>]>([
    [
      'published',
      { ...event, outcome: 'published', standing: fresh },
      { Published: [1], PublishLatency: [120] },
    ],
    ['swept', { ...event, origin: 'sweep', outcome: 'published', standing: fresh }, { Published: [1] }],
    [
      'superseded',
      { ...event, outcome: 'published', standing: { verdict: 'superseded' } },
      { Published: [1], PublishLatency: [120], Superseded: [1] },
    ],
    [
      'unconfirmed',
      { ...event, outcome: 'published', standing: { verdict: 'unconfirmed' } },
      { Published: [1], PublishLatency: [120], Unconfirmed: [1] },
    ],
    [
      'repeated',
      { ...event, outcome: 'published', standing: fresh, repeatOf: 'e0' },
      { Published: [1], PublishLatency: [120], RepeatedContent: [1] },
    ],
    ['duplicate', { ...event, outcome: 'duplicate' }, { Duplicates: [1] }],
    ['busy', { ...event, outcome: 'busy' }, { Busy: [1] }],
    ['deferred', { ...event, outcome: 'deferred', on: 'aws', cause: '' }, { Deferred: [1] }],
    ['deferred', { ...event, outcome: 'deferred', on: 'provider', cause: '' }, {}],
    ['dead', { ...event, outcome: 'dead', reason: 'publish-refused', explanation: '' }, { DeadLetters: [1] }],
    [
      'collided',
      { ...event, outcome: 'dead', reason: 'collision', explanation: '' },
      { DeadLetters: [1], Collisions: [1] },
    ],
    [
      'unreadable delivery',
      { kind: 'delivery', outcome: 'dead', source, delivery, reason: 'unreadable', explanation: '' },
      { DeadLetters: [1] },
    ],
    [
      'unwanted events of a batch',
      { kind: 'delivery', outcome: 'filtered', source, delivery, count: 3 },
      { Filtered: [3] },
    ],
    [
      'delivery put off',
      { kind: 'delivery', outcome: 'deferred', source, delivery, reason: 'infrastructure', explanation: '' },
      { Deferred: [1] },
    ],
  ])('say what happened: %s', (_what, report, expected) => {
    expect(counts(report)).toEqual(expected);
  });
});

describe('the metrics of a look at a provider’s API', () => {
  const fetch = { kind: 'fetch', source, path: '/v1/things/1', durationMs: 9 } as const;
  const unknown = (reason: FetchFailure): FetchReport => ({
    ...fetch,
    outcome: 'unknown',
    reason,
    cause: '',
  });

  test.each<[string, FetchReport, Partial<Record<MetricName, number[]>>]>([
    ['found', { ...fetch, outcome: 'found' }, { Fetches: [1] }],
    ['unchanged', { ...fetch, outcome: 'unchanged' }, { Fetches: [1] }],
    ['absent', { ...fetch, outcome: 'absent' }, { Fetches: [1] }],
    ['unanswered', unknown('unanswered'), { Fetches: [1], FetchFailures: [1] }],
    ['refused', unknown('refused'), { Fetches: [1], FetchFailures: [1] }],
    ['unusable', unknown('unusable'), { Fetches: [1], FetchFailures: [1] }],
    ['throttled', unknown('throttled'), { Fetches: [1], FetchWaits: [1] }],
    ['without a permit', unknown('no-permit'), { FetchWaits: [1] }],
    ['without credentials', unknown('no-credentials'), { FetchFailures: [1] }],
    ['without AWS', unknown('infrastructure'), { FetchFailures: [1] }],
  ])('say what happened: %s', (_what, report, expected) => {
    expect(counts(report)).toEqual(expected);
  });
});

describe('the metrics of an invocation', () => {
  const published = (latencyMs: number, from: SourceName): EventReport => ({
    ...event,
    source: from,
    latencyMs,
    outcome: 'published',
    standing: fresh,
  });

  test('are sums and single times, by source', () => {
    const stripe = 'stripe' as SourceName;
    const metrics = metricsOf([published(10, source), published(30, stripe), published(20, source)]);
    const bySource = new Map(
      metrics.map(({ source: name, samples }) => [name, new Map(samples.map((it) => [it.name, it.values]))]),
    );
    expect([...bySource.keys()]).toEqual(['github', 'stripe']);
    expect(bySource.get('github')?.get('Published')).toEqual([2]);
    expect(bySource.get('github')?.get('PublishLatency')).toEqual([10, 20]);
    expect(bySource.get('stripe')?.get('Published')).toEqual([1]);
  });

  test('hold zeros only of what is always made, and only by the function that makes it', () => {
    const names = (report: Report): readonly string[] =>
      metricsOf([report])[0]?.samples.map(({ name }) => name) ?? [];
    expect(names({ ...intake, outcome: 'handshake' })).toEqual(['Accepted', 'IntakeDuration', 'Handshakes']);
    expect(names({ ...event, outcome: 'busy' })).toEqual(['Published', 'Duplicates', 'Busy']);
  });

  test('are none without reports', () => {
    expect(metricsOf([])).toEqual([]);
  });
});

describe('the catalogue', () => {
  test('has at most eight metrics a source that are always on', () => {
    const always = Object.values(METRICS).filter(({ emitted }) => emitted === 'always');
    expect(always.length).toBeGreaterThan(0);
    expect(always.length).toBeLessThanOrEqual(8);
  });

  test('has a metric for every reason of a refusal', () => {
    const reasons: Record<RejectionReason, true> = {
      'missing-signature': true,
      'malformed-signature': true,
      'wrong-signature': true,
      'missing-timestamp': true,
      'malformed-timestamp': true,
      'stale-timestamp': true,
      'future-timestamp': true,
      'missing-id': true,
      'malformed-id': true,
      'no-secret': true,
      'too-large': true,
      'mangled-body': true,
      'unusable-handshake': true,
      'contradicted-type': true,
      'method-not-allowed': true,
    };
    for (const reason of Object.keys(reasons) as RejectionReason[]) {
      const { kind: _kind, ...rest } = rejected(reason, '');
      const refusals = ['SignatureRejections', 'RequestRejections', 'MissingSecrets'] as const;
      const made = counts({ ...intake, outcome: 'rejected', ...rest });
      expect(refusals.filter((name) => made[name] !== undefined)).toHaveLength(1);
      expect([404, 406, 410]).not.toContain(rejectionStatus(reason));
    }
  });
});
