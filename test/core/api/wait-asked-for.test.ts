import fc from 'fast-check';
import { expect, test } from 'vitest';
import { waitAskedFor } from '../../../lib/core/api/wait-asked-for.ts';
import type { RateLimitHeaders } from '../../../lib/core/provider-api.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const inSeconds = { remaining: 'x-left', reset: { header: 'x-reset', unit: 'in-s' } } as const;
const atSeconds = { remaining: 'x-left', reset: { header: 'x-reset', unit: 's' } } as const;

test.each<[string, Record<string, string>, RateLimitHeaders | undefined, number | undefined]>([
  ['nothing is asked for', {}, atSeconds, undefined],
  ['seconds', { 'retry-after': '120' }, undefined, 120],
  ['no seconds at all', { 'retry-after': '0' }, undefined, 0],
  ['a part of a second', { 'retry-after': '0.25' }, undefined, 1],
  ['a date to come', { 'retry-after': 'Tue, 24 Nov 2026 12:01:30 GMT' }, undefined, 90],
  ['a date that is over', { 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }, undefined, 0],
  ['a date of next year', { 'retry-after': 'Wed, 24 Nov 2027 12:00:00 GMT' }, undefined, 3_600],
  ['a day in seconds', { 'retry-after': '86400' }, undefined, 3_600],
  ['no date', { 'retry-after': 'Tue, 99 Foo 2026 12:00:00 GMT' }, undefined, undefined],
  ['a date in another zone', { 'retry-after': 'Tue, 24 Nov 2026 12:01:30 CET' }, undefined, undefined],
  ['a negative number', { 'retry-after': '-5' }, undefined, undefined],
  ['two values', { 'retry-after': '5, 6' }, undefined, undefined],
  ['requests left', { 'x-left': '1', 'x-reset': '30' }, inSeconds, undefined],
  ['no requests left', { 'x-left': '0', 'x-reset': '30' }, inSeconds, 30],
  ['no requests left until a time', { 'x-left': '0', 'x-reset': String(NOW / 1000 + 45) }, atSeconds, 45],
  [
    'no requests left, by a header that is not the provider’s',
    { 'x-left': '0', 'x-reset': '30' },
    undefined,
    undefined,
  ],
  ['no requests left until nobody knows when', { 'x-left': '0' }, atSeconds, 60],
  ['both: the longer counts', { 'retry-after': '10', 'x-left': '0', 'x-reset': '30' }, inSeconds, 30],
])('%s', (_, headers, limits, seconds) => {
  expect(waitAskedFor(headers, limits, NOW)).toBe(seconds);
});

test('whatever a provider says, it is between nothing and an hour, in whole seconds', () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.double().map(String),
    fc.date().map(String),
  );
  const headers = fc.record(
    { 'retry-after': value, 'x-left': value, 'x-reset': value },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(headers, fc.constantFrom(inSeconds, atSeconds, undefined), (sent, limits) => {
      const seconds = waitAskedFor(sent, limits, NOW) ?? 0;
      expect(Number.isInteger(seconds) && seconds >= 0 && seconds <= 3_600).toBe(true);
    }),
  );
});
