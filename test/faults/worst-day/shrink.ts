import { type Day, type DayOptions, liveDay } from './day.ts';
import type { Violation } from './stage.ts';

/** Runs that are spent on making one failure small. */
const MOST_RUNS = 400;

/** A failing day with as little in it as still breaks the same promise; its story is told. */
export interface SmallDay {
  readonly day: Day & { readonly violation: Violation };
  /** How much there was. */
  readonly from: number;
}

/**
 * Leaves out of what happened by chance whatever can be left out: halves first, then smaller and smaller pieces (delta debugging,
 * Zeller and Hildebrandt, 2002, by complements only).
 * @throws {TypeError} when the day does not fail.
 */
export async function shrink(options: DayOptions, failed: Day): Promise<SmallDay> {
  const promise = failed.violation?.promise;
  let runs = 0;
  const stillFails = async (names: readonly string[]): Promise<readonly string[] | undefined> => {
    runs += 1;
    const day = await liveDay({ ...options, only: new Set(names) });
    return day.violation?.promise === promise ? day.happened : undefined;
  };
  let kept = (await stillFails(aboutSame(failed))) ?? failed.happened;
  let size = Math.ceil(kept.length / 2);
  while (size >= 1 && runs < MOST_RUNS) {
    const before = kept.length;
    for (let start = 0; start < kept.length && runs < MOST_RUNS; ) {
      const smaller = await stillFails([...kept.slice(0, start), ...kept.slice(start + size)]);
      if (smaller === undefined) start += size;
      else kept = smaller;
    }
    if (size > 1) size = Math.ceil(size / 2);
    else if (kept.length === before) break;
  }
  const day = await liveDay({ ...options, only: new Set(kept), told: 'told' });
  if (day.violation === undefined) throw new TypeError(`seed ${options.seed} breaks no promise`);
  return { day: { ...day, violation: day.violation }, from: failed.happened.length };
}

/** Often nothing else is needed: what names the things that the failure is about, and outages. */
function aboutSame({ violation, happened }: Day): readonly string[] {
  const things = (violation?.about ?? []).map((name) => name.replace(/\.\d+$/, ''));
  return happened.filter((name) => name.startsWith('outage') || things.some((thing) => name.includes(thing)));
}
