import type { EpochMs } from '../../../lib/core/request.ts';
import type { Kind } from './kinds.ts';
import type { Stage } from './stage.ts';

/** One resource of a provider, and all the states that it ever has: the truth that nobody else knows. */
export interface Thing {
  readonly kind: Kind;
  /** `count-2`: unique in the day. */
  readonly id: string;
  readonly subject: string;
  readonly states: readonly State[];
}

export interface State {
  /** From 1, in the true order. */
  readonly n: number;
  readonly at: EpochMs;
  readonly change: 'created' | 'updated' | 'deleted';
  readonly version?: number;
  readonly text: string;
}

/** How far a provider's clock is off, at most. */
const PROVIDER_SKEW_MS = 180_000;

/** @param until when the last of its states begins, at the latest. */
export function planThing(
  stage: Stage,
  kind: Kind,
  index: number,
  { from, until }: { readonly from: EpochMs; readonly until: EpochMs },
): Thing {
  const { dice, course } = stage;
  const id = `${kind.name}-${index}`;
  const most = 3 + Math.floor(dice.roll(`changes of ${id}`) * 7);
  const states: State[] = [];
  let at = dice.between(from, from + (until - from) / 2, `begin of ${id}`);
  for (let n = 1; n <= most && at < until; n += 1) {
    const name = `${id}.${n}`;
    if (course.happens(`change ${name}`, 1)) {
      const change = changeAfter(states.at(-1), dice.roll(`what happens to ${name}`));
      states.push({ n, at, change, text: textOf(stage, name), ...versionOf(stage, kind, n, at) });
    }
    at += pauseAfter(stage, name);
  }
  return { kind, id, subject: `thing/${id}`, states };
}

function changeAfter(last: State | undefined, roll: number): State['change'] {
  if (last === undefined || last.change === 'deleted') return 'created';
  return roll < 0.15 ? 'deleted' : 'updated';
}

/** Often within the same second, on some days nearly always; sometimes after a long while. */
function pauseAfter({ dice }: Stage, name: string): number {
  const [atOnce, soon, later] = dice.pick(PACES, 'pace of the day');
  const [kind, length] = [dice.roll(`pause after ${name}`), dice.roll(`length of the pause after ${name}`)];
  if (kind < atOnce) return 1 + length * 900;
  if (kind < soon) return 1_000 + length * 30_000;
  return kind < later ? 60_000 * (1 + length * 8) : 600_000 * (1 + length * 2);
}

/** How many of the pauses are within a second, within half a minute, within minutes. */
const PACES = [
  [0.4, 0.7, 0.9],
  [0.4, 0.95, 1],
  [0.75, 0.95, 1],
] as const;

function versionOf(stage: Stage, kind: Kind, n: number, at: EpochMs): Pick<State, 'version'> {
  switch (kind.versions) {
    case 'count':
      return { version: n };
    case 'seconds':
      return { version: Math.floor(providerTime(stage, kind, at) / 1000) };
    case 'none':
      return {};
  }
}

/** By the provider's own clock. */
export function providerTime({ dice }: Stage, kind: Kind, at: EpochMs): EpochMs {
  return Math.floor(at + dice.between(-PROVIDER_SKEW_MS, PROVIDER_SKEW_MS, `clock of ${kind.name}`));
}

/** What no topic takes. */
export const POISON = 'poisonous';

/** Now and then larger than a topic takes, larger than a queue takes, or what a topic refuses. */
function textOf({ dice, course }: Stage, name: string): string {
  const text = `Grüße, 世界: ${name}`;
  const size = course.oneOf(`text of ${name}`, [
    ['larger than the topic takes', 0.002],
    ['larger than the queue takes', 0.0008],
    [POISON, 0.003],
  ]);
  if (size === undefined) return text;
  if (size === POISON) return `${text} is ${POISON}`;
  const length = size === 'larger than the queue takes' ? 1_050_000 : 263_000;
  return text + 'x'.repeat(length + Math.floor(dice.roll(name) * 100));
}

/** As it stands at a moment; undefined before it was created. */
export function stateAt(thing: Thing, moment: EpochMs): State | undefined {
  return thing.states.findLast(({ at }) => at <= moment);
}
