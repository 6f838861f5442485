import { type DayOptions, liveDay } from './day.ts';
import { shrink } from './shrink.ts';
import { toldFailure } from './told-failure.ts';

export const HOLDS = 'every promise holds';

/** Lives through a day for each seed, until one breaks a promise: then what there is to know of it, made small. */
export async function firstFailure(
  options: Omit<DayOptions, 'seed'>,
  seeds: { readonly from: number; readonly to: number; readonly step?: number },
): Promise<string> {
  for (let seed = seeds.from; seed <= seeds.to; seed += seeds.step ?? 1) {
    const day = await liveDay({ ...options, seed });
    if (day.violation !== undefined)
      return toldFailure({ ...options, seed }, await shrink({ ...options, seed }, day));
  }
  return HOLDS;
}
