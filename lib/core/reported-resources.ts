import type { ResourceReader } from './ports.ts';
import type { Reporter } from './report.ts';
import type { EpochMs } from './request.ts';

/** The same reader, with a report of every answer. */
export function reportedResources(
  { read }: ResourceReader,
  { now, report }: { readonly now: () => EpochMs; readonly report: Reporter },
): ResourceReader {
  return {
    async read(source, address) {
      const since = now();
      const answer = await read(source, address);
      const [path = ''] = address.path.split('?', 1);
      const line = { kind: 'fetch', source: source.name, path, durationMs: now() - since } as const;
      if (answer.kind === 'unknown') {
        const { reason, cause } = answer;
        report({ ...line, outcome: 'unknown', reason, cause });
      } else report({ ...line, outcome: answer.kind });
      return answer;
    },
  };
}
