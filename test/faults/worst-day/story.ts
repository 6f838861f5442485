import type { EpochMs } from '../../../lib/core/request.ts';

/** What happened, in plain words. Words cost time, so they are made only when somebody wants to read them. */
export interface Story {
  tell(words: () => string): void;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly at: EpochMs;
  readonly words: string;
}

export function story(now: () => EpochMs, told: 'told' | 'untold'): Story {
  const lines: Line[] = [];
  return {
    tell(words) {
      if (told === 'told') lines.push({ at: now(), words: words() });
    },
    lines,
  };
}

/**
 * The last lines that speak of something, with the time since the day began.
 * @example excerpt(lines, { about: ['count-1'], begin, most: 40 }) // ['0:00:01.250 process 1: UpdateItem event#count#count-1.2: written', …]
 */
export function excerpt(
  lines: readonly Line[],
  {
    about,
    begin,
    most,
  }: { readonly about: readonly string[]; readonly begin: EpochMs; readonly most: number },
): readonly string[] {
  const spoken = lines.filter(
    ({ words }) => about.length === 0 || about.some((name) => words.includes(name)),
  );
  return spoken.slice(-most).map(({ at, words }) => `${clock(at - begin)} ${words}`);
}

function clock(ms: number): string {
  const [hours, rest] = [Math.floor(ms / 3_600_000), new Date(ms % 3_600_000).toISOString().slice(14, 23)];
  return `${hours}:${rest}`;
}
