import { expect, test } from 'vitest';
import type { FetchAnswer } from '../../lib/core/ports.ts';
import type { Report } from '../../lib/core/report.ts';
import { reportedResources } from '../../lib/core/reported-resources.ts';
import type { Source, SourceName } from '../../lib/core/source.ts';

test.each<[FetchAnswer, object]>([
  [{ kind: 'found', text: '"canary"', etag: '"canary"' }, { outcome: 'found' }],
  [{ kind: 'unchanged' }, { outcome: 'unchanged' }],
  [{ kind: 'absent', ofKind: 'known' }, { outcome: 'absent' }],
  [
    { kind: 'unknown', reason: 'throttled', cause: 'HTTP 429', afterSeconds: 7 },
    { outcome: 'unknown', reason: 'throttled', cause: 'HTTP 429' },
  ],
])('an answer is reported once, without what came and without the query: %o', async (answer, told) => {
  let now = 1_000;
  const reports: Report[] = [];
  const resources = reportedResources(
    {
      read: async () => {
        now += 25;
        return answer;
      },
    },
    { now: () => now, report: (one) => reports.push(one) },
  );
  const source = { name: 'shop' as SourceName } as Source;
  expect(
    await resources.read(source, {
      path: '/v1/things/1?key=canary',
      kind: 'thing',
      shape: {},
      etag: '"canary"',
    }),
  ).toBe(answer);
  expect(reports).toEqual([{ kind: 'fetch', source: 'shop', path: '/v1/things/1', durationMs: 25, ...told }]);
});
