import type { EpochMs } from '../core/request.ts';

/** A provider has one or two addresses in use. */
const KEPT = 16;

interface Kept<Answer> {
  readonly answer: Promise<Answer>;
  readonly since: EpochMs;
}

/**
 * Answers by address, each kept for as long as its reader takes it: one call at a time for an address. A failure is not kept, and
 * what was known before it is.
 * @example const text = keptAnswers({ now: Date.now, ask: getText }); await text('https://example.com/keys', 60_000)
 */
export function keptAnswers<Answer>(options: {
  readonly now: () => EpochMs;
  readonly ask: (url: string) => Promise<Answer>;
}): (url: string, longestMs: number) => Promise<Answer> {
  const kept = new Map<string, Kept<Answer>>();
  return (url, longestMs) => {
    const known = kept.get(url);
    if (known !== undefined && options.now() - known.since < longestMs) return known.answer;
    const answer = options.ask(url);
    kept.delete(url);
    const [oldest] = kept.keys();
    if (kept.size >= KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(url, { answer, since: options.now() });
    answer.catch(() => {
      if (kept.get(url)?.answer !== answer) return;
      if (known === undefined) kept.delete(url);
      else kept.set(url, known);
    });
    return answer;
  };
}
