import { expect, test } from 'vitest';
import type { DeliveryId } from '../../lib/core/delivery.ts';
import type { EventKey, Sequence, Subject } from '../../lib/core/event.ts';
import type { EventFate, EventReport, IntakeReport, Report } from '../../lib/core/report.ts';
import type { SourceName } from '../../lib/core/source.ts';
import { reportLine } from '../../lib/local/report-line.ts';

const source = 'github' as SourceName;
const delivery = '4f0c9d21-aaaa' as DeliveryId;
const now = new Date(2026, 10, 24, 12, 4, 31).getTime();
const intake = { kind: 'intake', source, delivery, bytes: 7134, durationMs: 4 } as const;
const sequence = '1795520032471000' as Sequence;

function line(report: Report): string {
  return reportLine(report, { paint: (_meaning, text) => text, now, width: 8 });
}

function event(fate: EventFate, changes: Partial<EventReport> = {}): EventReport {
  const subject = 'issue/1' as Subject;
  const known = { kind: 'event', source, delivery, origin: 'webhook', subject, latencyMs: 12 } as const;
  return {
    ...known,
    key: 'k' as EventKey,
    id: '72d3162e',
    type: 'issues.opened',
    ...fate,
    ...changes,
  } as EventReport;
}

test('begins with time, source and outcome, and ends with the delivery', () => {
  expect(line({ ...intake, outcome: 'accepted', secret: 'newest', place: 'queue' })).toBe(
    '12:04:31  github    accepted     origin proved; queued; 7,134 bytes in 4 ms  (4f0c9d21)',
  );
});

test.each<[string, IntakeReport]>([
  [
    'accepted     origin proved by an older secret; queued, its body in the bucket; ',
    { ...intake, outcome: 'accepted', secret: 'older', place: 'store' },
  ],
  [
    'spilled      origin proved, but the queue failed, so it lies in the bucket: sqs down',
    { ...intake, outcome: 'spilled', secret: 'newest', cause: 'sqs down' },
  ],
  [
    'accepted     without 2 of its items, which did not prove their origin; origin proved; queued',
    { ...intake, outcome: 'accepted', secret: 'newest', place: 'queue', dropped: 2 },
  ],
  ['handshake  ', { ...intake, outcome: 'handshake' }],
  ['filtered     push is not among the events', { ...intake, outcome: 'filtered', type: 'push' }],
  [
    'refused      wrong-signature (401): made with another',
    { ...intake, outcome: 'rejected', reason: 'wrong-signature', explanation: 'made with another' },
  ],
  ['unavailable  answered 503: secrets down', { ...intake, outcome: 'unavailable', cause: 'secrets down' }],
])('says of a request: %s', (expected, report) => {
  expect(line(report)).toContain(`  ${expected}`);
});

test.each<[string, EventFate]>([
  [
    'published    issues.opened 72d3162e: the newest state of issue/1; 12 ms after it came',
    { outcome: 'published', standing: { verdict: 'fresh', sequence } },
  ],
  [
    'published    issues.opened 72d3162e: issue/1 is deleted',
    { outcome: 'published', standing: { verdict: 'gone', sequence } },
  ],
  [
    'published    issues.opened 72d3162e: superseded: a newer state of issue/1 is out',
    { outcome: 'published', standing: { verdict: 'superseded' } },
  ],
  [
    'published    issues.opened 72d3162e: its order among the states of issue/1 is unknown',
    { outcome: 'published', standing: { verdict: 'unconfirmed' } },
  ],
  [
    '; its bytes came before, as 11111111 (repeatof)',
    { outcome: 'published', standing: { verdict: 'fresh', sequence }, repeatOf: '11111111' },
  ],
  ['duplicate    issues.opened 72d3162e: published before, so not published again', { outcome: 'duplicate' }],
  ['busy         issues.opened 72d3162e', { outcome: 'busy' }],
  [
    'deferred     issues.opened 72d3162e: tried again later, for sns throttled',
    { outcome: 'deferred', on: 'aws', cause: 'sns throttled' },
  ],
  [
    'dead letter  issues.opened 72d3162e: collision: other content',
    { outcome: 'dead', reason: 'collision', explanation: 'other content' },
  ],
])('says of an event: %s', (expected, fate) => {
  expect(line(event(fate))).toContain(expected);
});

test('says of an event without a resource that it has no order', () => {
  const { subject: _subject, ...about } = event({ outcome: 'published', standing: { verdict: 'fresh' } });
  expect(line(about as EventReport)).toContain('about no resource, so without order');
});

test('says of a delivery that cannot be read why it is dead, or waits', () => {
  const unread = {
    kind: 'delivery',
    source: 'unknown',
    delivery: 'unknown',
    explanation: 'no JSON',
  } as const;
  expect(line({ ...unread, outcome: 'dead', reason: 'unreadable' })).toContain(
    'unknown   dead letter  unreadable: no JSON',
  );
  expect(line({ ...unread, outcome: 'deferred', reason: 'infrastructure' })).toContain(
    'deferred     tried again later: infrastructure: no JSON',
  );
});

test('says how many events of a delivery are not wanted', () => {
  expect(line({ kind: 'delivery', outcome: 'filtered', source, delivery, count: 3 })).toContain(
    'github    filtered     events that are not among those of this source, and so not published: 3',
  );
});

test('says of a look at a provider’s API what it showed, or why it showed nothing', () => {
  const fetch = { kind: 'fetch', source, path: '/repos/a/b', durationMs: 31 } as const;
  expect(line({ ...fetch, outcome: 'found' })).toBe(
    "12:04:31  github    found        /repos/a/b, by the provider's API, in 31 ms",
  );
  expect(line({ ...fetch, outcome: 'unknown', reason: 'refused', cause: 'HTTP 403' })).toMatch(
    /unknown {6}\/repos\/a\/b, .*: refused: HTTP 403$/,
  );
});

test('lets nothing from outside steer the terminal, break the line or fill the screen', () => {
  const id = `\u001b[2Jevil\u009b31m\r\n\u202e\u2028${'x'.repeat(1000)}`;
  const shown = line(event({ outcome: 'duplicate' }, { id }));
  expect(shown).toContain('\\u{1b}[2Jevil\\u{9b}31m\\u{d}\\u{a}\\u{202e}\\u{2028}xxx');
  expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(shown.length).toBeLessThan(600);
});
