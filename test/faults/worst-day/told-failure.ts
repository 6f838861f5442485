import type { DayOptions } from './day.ts';
import type { SmallDay } from './shrink.ts';
import { DAWN } from './stage.ts';
import { excerpt } from './story.ts';

const MOST_LINES = 60;

/** What a failing test or run prints: the seed, the promise, what it takes to break it, and how that goes, in plain words. */
export function toldFailure({ seed, reconcile }: DayOptions, { day, from }: SmallDay): string {
  const { violation, happened, lines } = day;
  const about = [...new Set(violation.about.map((name) => name.replace(/\.\d+$/, '')))];
  return [
    `seed ${seed}, reconcile ${reconcile}: ${violation.promise} is broken: ${violation.words}`,
    `It takes ${happened.length} of the ${from} things that happened by chance:`,
    ...happened.map((name) => `  ${name}`),
    `The end of the story of ${about.join(', ') || 'the day'}:`,
    ...excerpt(lines, { about, begin: DAWN, most: MOST_LINES }).map((line) => `  ${line}`),
    `Again: node test/faults/worst-day/run.ts --seed ${seed} --reconcile ${reconcile}`,
  ].join('\n');
}
