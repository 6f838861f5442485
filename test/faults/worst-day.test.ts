import { describe, expect, test } from 'vitest';
import { FATES } from './worst-day/call-fates.ts';
import { type Day, type DayOptions, liveDay } from './worst-day/day.ts';
import { ARTS } from './worst-day/forger.ts';
import type { NamedBug } from './worst-day/planted-bug.ts';
import { PLANTED_BUGS } from './worst-day/planted-bugs.ts';
import { shrink } from './worst-day/shrink.ts';
import { toldFailure } from './worst-day/told-failure.ts';

const TIMEOUT_MS = 300_000;

/** A planted bug that takes more days than these to find would hide behind luck. */
const DAYS_FOR_A_BUG = 30;

const options = (seed: number, more: Partial<DayOptions> = {}): DayOptions => ({
  seed,
  reconcile: 'off',
  ...more,
});

async function firstDayWith({
  bug,
  reconcile,
  breaks,
}: NamedBug): Promise<{ readonly seed: number; readonly day: Day }> {
  for (let seed = 1; seed <= DAYS_FOR_A_BUG; seed += 1) {
    const day = await liveDay({ seed, reconcile, bug });
    if (day.violation?.promise === breaks) return { seed, day };
  }
  throw new Error(`no day of ${DAYS_FOR_A_BUG} breaks ${breaks}`);
}

describe('the simulation', { timeout: TIMEOUT_MS }, () => {
  test.each(PLANTED_BUGS)('finds $title', async (named) => {
    const { day } = await firstDayWith(named);
    expect(day.violation?.words).toMatch(named.shows);
  });

  test('plays the same day again for the same seed, to the last word', async () => {
    const [first, second] = [
      await liveDay(options(11, { told: 'told' })),
      await liveDay(options(11, { told: 'told' })),
    ];
    expect(first.lines.length).toBeGreaterThan(500);
    expect(second.lines).toEqual(first.lines);
    expect(second.happened).toEqual(first.happened);
    expect((await liveDay(options(12))).happened).not.toEqual(first.happened);
  });

  test('makes a failure small, and tells it with its seed', async () => {
    const lost = PLANTED_BUGS.find(({ title }) => title === 'a commit without its condition') as NamedBug;
    const { seed, day } = await firstDayWith(lost);
    const failed = { seed, reconcile: lost.reconcile, bug: lost.bug };
    const small = await shrink(failed, day);
    expect(small.from).toBeGreaterThan(50);
    expect(small.day.happened.length).toBeLessThan(8);
    const told = toldFailure(failed, small);
    expect(told).toContain(`--seed ${seed} --reconcile off`);
    expect(told).toMatch(/the topic takes/);
  });

  test('leaves the real timers in their place', async () => {
    const { setTimeout, clearTimeout } = globalThis;
    await liveDay(options(1));
    expect(globalThis.setTimeout).toBe(setTimeout);
    expect(globalThis.clearTimeout).toBe(clearTimeout);
  });

  test('lets everything happen that it can', async () => {
    const seen = new Set<string>();
    const note = (words: string): void => {
      for (const one of EXPECTED) if (words.includes(one)) seen.add(one);
    };
    for (let seed = 1; seed <= 60; seed += 1) {
      const day = await liveDay(options(seed, { told: 'told' }));
      for (const { words } of day.lines) note(words);
      for (const name of day.happened) note(name);
    }
    expect(EXPECTED.filter((one) => !seen.has(one))).toEqual([]);
  });
});

/** In the words of the story and of what happens by chance. */
const EXPECTED: readonly string[] = [
  ...FATES,
  ...ARTS.map((art) => `is ${art}`),
  ...['dynamodb', 'sqs', 'sns', 's3', 'secretsmanager'].map((service) => `of ${service}`),
  'of a retired secret arrives',
  'runs past its time',
  'is handed out twice',
  'is not deleted, though it is done',
  'is not hidden',
  'leaves event#',
  'comes twice',
  'takes its time',
  'and drops it as a repeat',
  'is said to fail, but is published',
  'is throttled alone',
  'fails alone',
  'larger than the topic takes',
  'larger than the queue takes',
  'is sent late',
  'is sent again for nothing',
  'is asked for again, much later',
  'is lost',
  'is answered, which nobody hears',
  'spill/',
  'is put back',
  'ledger deletes subject#',
  'ledger deletes event#',
  'is dead: publish-refused',
  'is dead: repeated-content',
  'is dead: collision',
  'is dead: received too often',
  ': fresh, sequence',
  ': superseded',
  ': unconfirmed',
  'is answered 200',
  'is answered 401',
  'is answered 500',
  'is answered 503',
];
