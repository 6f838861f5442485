import type { EpochMs } from '../../../lib/core/request.ts';
import type { Stage } from './stage.ts';

/** `down`: next to nothing is done; `throttling`: it asks for fewer calls; `locked`: somebody broke its permissions. */
export type OutageKind = 'down' | 'throttling' | 'locked';

interface Outage {
  readonly kind: OutageKind;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Each service's outages of the day. */
export interface Weather {
  of(service: string): Outage | undefined;
}

/** @param until the faults' own end. */
export function openWeather(
  stage: Stage,
  { from, until }: { readonly from: EpochMs; readonly until: EpochMs },
): Weather {
  const { dice, faults, temper, time } = stage;
  const known = new Map<string, readonly Outage[]>();
  const outagesOf = (service: string): readonly Outage[] =>
    Array.from({ length: temper.outages }, (_, index) => `outage ${index + 1} of ${service}`)
      .filter((name) => faults.happens(name, 0.5))
      .map((name) => {
        const begin = dice.between(from, until, `${name}: begin`);
        const length = 60_000 * 2 ** dice.between(0, 5, `${name}: length`);
        const kind = dice.pick(['down', 'down', 'throttling', 'locked'] as const, `${name}: kind`);
        return { kind, from: begin, to: Math.min(begin + length, until) };
      });
  return {
    of(service) {
      const outages = known.get(service) ?? outagesOf(service);
      known.set(service, outages);
      const now = time.now();
      return outages.find((outage) => outage.from <= now && now < outage.to);
    },
  };
}
