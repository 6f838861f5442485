import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawPermits, type Permit } from '../../../lib/core/api/draw-permits.ts';
import { noteSigns } from '../../../lib/core/api/note-signs.ts';
import { apply, type Row } from '../../../lib/core/conditional-write.ts';
import type { Rate } from '../../../lib/core/provider-api.ts';
import type { SourceName } from '../../../lib/core/source.ts';
import { PROCESS_LIMITS } from '../../../lib/core/time-limits.ts';

const shop = 'shop' as SourceName;
const START = 1_795_000_000_000;

/** One thing that happens; workers act on what they read last, however long ago. */
type Move =
  | { readonly kind: 'passes'; readonly ms: number }
  | { readonly kind: 'reads'; readonly worker: number }
  | {
      readonly kind: 'draws';
      readonly worker: number;
      readonly wanted: number;
      readonly fate: 'arrives' | 'is lost';
    }
  | {
      readonly kind: 'notes';
      readonly worker: number;
      readonly health: 'up' | 'down';
      readonly waitSeconds: number;
    };

const WORKERS = 4;
const worker = fc.nat({ max: WORKERS - 1 });
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    kind: fc.constant('passes' as const),
    ms: fc.oneof(fc.nat({ max: 400 }), fc.nat({ max: 40_000 })),
  }),
  fc.record({ kind: fc.constant('reads' as const), worker }),
  fc.record({
    kind: fc.constant('draws' as const),
    worker,
    wanted: fc.integer({ min: 1, max: 12 }),
    fate: fc.constantFrom('arrives' as const, 'arrives' as const, 'is lost' as const),
  }),
  fc.record({
    kind: fc.constant('notes' as const),
    worker,
    health: fc.constantFrom('up' as const, 'down' as const, 'down' as const),
    waitSeconds: fc.constantFrom(0, 0, 0, 2, 90),
  }),
);

const rate: fc.Arbitrary<Rate> = fc.record({
  perSecond: fc.constantFrom(0.5, 1, 3, 7, 25),
  burst: fc.constantFrom(1, 2, 5, 30),
});

interface Granted {
  readonly permit: Permit;
  /** By the world's clock. */
  readonly drawnAt: number;
  readonly at: number;
  /** When the other workers could know how it ended. */
  notedAt?: number;
}

interface World {
  readonly granted: readonly Granted[];
  readonly row: Row | undefined;
}

/** Plays the moves. A worker's clock is off by its skew. */
function play(moves: readonly Move[], of: Rate, skews: readonly number[] = []): World {
  let now = START;
  let row: Row | undefined;
  const seen: (Row | undefined)[] = [];
  const held: Granted[][] = Array.from({ length: WORKERS }, () => []);
  const granted: Granted[] = [];
  const clock = (one: number): number => now + (skews[one] ?? 0);
  const moved: { readonly [K in Move['kind']]: (move: Extract<Move, { kind: K }>) => void } = {
    passes: ({ ms }) => {
      now += ms;
    },
    reads: ({ worker: one }) => {
      seen[one] = row;
    },
    draws: ({ worker: one, wanted, fate }) => {
      const draw = drawPermits(shop, seen[one], { wanted, rate: of, now: clock(one) });
      if (draw.kind === 'wait') return;
      const answer = apply(draw.write, row);
      if (answer.kind === 'written') row = answer.row;
      if (fate === 'is lost') return;
      seen[one] = answer.row;
      if (answer.kind === 'refused') return;
      for (const permit of draw.permits) {
        const one_: Granted = { permit, drawnAt: now, at: permit.at - (skews[one] ?? 0) };
        granted.push(one_);
        held[one]?.push(one_);
      }
    },
    notes: ({ worker: one, health, waitSeconds }) => {
      const asked = held[one]?.shift();
      if (asked === undefined) return;
      const write = noteSigns(shop, row, { permit: asked.permit, health, waitSeconds }, clock(one));
      if (write !== undefined) ({ row } = apply(write, row));
      asked.notedAt = now;
    },
  };
  for (const each of moves) moved[each.kind](each as never);
  return { granted, row };
}

/** The most permits of any stretch of time, beyond what the rate gives for it. */
function mostAtOnce(granted: readonly Granted[], { perSecond }: Rate): number {
  const times = granted.map(({ at }) => at).toSorted((a, b) => a - b);
  let most = 0;
  for (const [first, from] of times.entries()) {
    for (const [last, to] of times.entries())
      if (last >= first) most = Math.max(most, last - first + 1 - (perSecond * (to - from)) / 1000);
  }
  return most;
}

/** Permits at whole microseconds, summed up as fractions. */
const ROUNDING = 1e-3;

describe('permits of one source', () => {
  test('are never more than the burst and what the rate gives, however workers interleave, lose answers and die', () => {
    fc.assert(
      fc.property(rate, fc.array(move, { maxLength: 120, size: 'max' }), (of, moves) => {
        expect(mostAtOnce(play(moves, of).granted, of)).toBeLessThanOrEqual(of.burst + ROUNDING);
      }),
      { numRuns: 800 },
    );
  });

  test('are more by no more than the rate gives in the time by which clocks differ', () => {
    const skews = fc.array(fc.integer({ min: -20_000, max: 20_000 }), {
      minLength: WORKERS,
      maxLength: WORKERS,
    });
    fc.assert(
      fc.property(rate, fc.array(move, { maxLength: 80, size: 'max' }), skews, (of, moves, off) => {
        const difference = (Math.max(...off) - Math.min(...off)) / 1000;
        const { granted } = play(moves, of, off);
        expect(mostAtOnce(granted, of)).toBeLessThanOrEqual(
          of.burst + of.perSecond * 2 * difference + ROUNDING,
        );
      }),
      { numRuns: 500 },
    );
  });

  test('are all given out in the end: the bucket is used, not only guarded', () => {
    const of = { perSecond: 10, burst: 5 };
    const second: Move[] = [
      { kind: 'draws', worker: 0, wanted: 12, fate: 'arrives' },
      { kind: 'passes', ms: 1_000 },
    ];
    const { granted } = play(Array.from({ length: 10 }, () => second).flat(), of);
    // Nine seconds between the first and the last draw, and a second ahead of it.
    expect(granted).toHaveLength(5 + 9 * 10 + 10);
  });

  test('are to be used within a second', () => {
    const draw = drawPermits(shop, undefined, { wanted: 100, rate: { perSecond: 4, burst: 2 }, now: START });
    expect(draw.kind === 'draw' && draw.permits.map(({ at }) => at - START)).toEqual([
      0, 0, 250, 500, 750, 1_000,
    ]);
  });
});

/** Time from the first failure on is seldom quiet for long enough, so that the circuit opens: workers fail at once. */
const failing: fc.Arbitrary<readonly Move[]> = fc.array(move, { maxLength: 60, size: 'max' }).map((moves) => [
  ...Array.from({ length: 5 }, (): readonly Move[] => [
    { kind: 'reads', worker: 0 },
    { kind: 'draws', worker: 0, wanted: 1, fate: 'arrives' },
    { kind: 'notes', worker: 0, health: 'down', waitSeconds: 0 },
    { kind: 'passes', ms: 2_000 },
  ]).flat(),
  ...moves,
]);

describe('a circuit that has opened', () => {
  const of = { perSecond: 25, burst: 30 };

  test('lets nobody ask beside its one probe, until that has failed, succeeded or is taken for dead', () => {
    let probes = 0;
    fc.assert(
      fc.property(failing, (moves) => {
        const { granted } = play(moves, of);
        const tried = granted.filter(({ permit }) => permit.probeUntil !== undefined);
        probes += tried.length;
        for (const probe of tried) {
          const until = Math.min(probe.notedAt ?? Number.POSITIVE_INFINITY, probe.permit.probeUntil ?? 0);
          const beside = granted.filter(
            (other) => other !== probe && other.drawnAt >= probe.drawnAt && other.drawnAt < until,
          );
          expect(beside).toEqual([]);
        }
      }),
      { numRuns: 800 },
    );
    expect(probes).toBeGreaterThan(100);
  });

  const open = play(
    Array.from({ length: 5 }, (): readonly Move[] => [
      { kind: 'reads', worker: 0 },
      { kind: 'draws', worker: 0, wanted: 1, fate: 'arrives' },
      { kind: 'notes', worker: 0, health: 'down', waitSeconds: 0 },
    ]).flat(),
    of,
  ).row;

  test('is open for half a minute after five failures, then for a minute after a probe that fails, and five at most', () => {
    let [row, now] = [open, START];
    const waits: number[] = [];
    for (let probe = 0; probe < 7; probe += 1) {
      const wait = drawPermits(shop, row, { wanted: 1, rate: of, now });
      if (wait.kind !== 'wait') throw new Error('it is closed');
      expect(wait.cause).toContain(`failed ${5 + probe} times in a row`);
      waits.push((wait.until - now) / 1000);
      now = wait.until;
      const draw = drawPermits(shop, row, { wanted: 9, rate: of, now });
      if (draw.kind !== 'draw') throw new Error('it stays open');
      expect(draw.permits).toHaveLength(1);
      ({ row } = apply(draw.write, row));
      const note = noteSigns(shop, row, { permit: draw.permits[0] as Permit, health: 'down' }, now);
      if (note === undefined) throw new Error('nothing is noted');
      ({ row } = apply(note, row));
    }
    expect(waits).toEqual([30, 60, 120, 240, 300, 300, 300]);
  });

  test('closes after one probe that succeeds', () => {
    const now = START + 30_000;
    const probe = drawPermits(shop, open, { wanted: 3, rate: of, now });
    if (probe.kind !== 'draw') throw new Error('no probe');
    const { row: probing } = apply(probe.write, open);
    const note = noteSigns(shop, probing, { permit: probe.permits[0] as Permit, health: 'up' }, now);
    if (note === undefined) throw new Error('nothing is noted');
    const { row } = apply(note, probing);
    expect(row).toMatchObject({ failures: 0, openUntil: 0 });
    expect(drawPermits(shop, row, { wanted: 3, rate: of, now })).toMatchObject({
      kind: 'draw',
      permits: { length: 3 },
    });
  });

  test('takes a probe of which nobody hears for failed, once no call of it can be under way', () => {
    const now = START + 30_000;
    const probe = drawPermits(shop, open, { wanted: 1, rate: of, now });
    if (probe.kind !== 'draw') throw new Error('no probe');
    const { row } = apply(probe.write, open);
    const wait = drawPermits(shop, row, { wanted: 1, rate: of, now });
    if (wait.kind !== 'wait') throw new Error('a second probe');
    // A token, the question, both again with other credentials, and the note.
    expect(wait.until - now).toBeGreaterThan(4 * PROCESS_LIMITS.api + PROCESS_LIMITS.ledgerWrite);
    expect(drawPermits(shop, row, { wanted: 1, rate: of, now: wait.until })).toMatchObject({ kind: 'draw' });
    const late = noteSigns(shop, row, { permit: { at: now, probeUntil: now + 1 }, health: 'up' }, now);
    expect(late).toBeUndefined();
  });

  test('is not moved by what was asked before it opened', () => {
    for (const health of ['up', 'down', 'untold'] as const)
      expect(noteSigns(shop, open, { permit: { at: START }, health }, START)).toBeUndefined();
  });
});

test('no failure in a row is left after a success', () => {
  const row = { drawn: 0, pausedUntil: 0, failures: 4, openUntil: 0 };
  const permit = { at: START };
  const note = noteSigns(shop, row, { permit, health: 'up' }, START);
  expect(note && apply(note, row).row).toMatchObject({ failures: 0, openUntil: 0 });
  expect(noteSigns(shop, { ...row, failures: 0 }, { permit, health: 'up' }, START)).toBeUndefined();
});

test('nothing is noted in a row that is lost: whoever draws next makes it anew', () => {
  const lost = { permit: { at: START }, health: 'down', waitSeconds: 9 } as const;
  expect(noteSigns(shop, undefined, lost, START)).toBeUndefined();
});

test('a pause only ever becomes longer', () => {
  const row = { drawn: 0, pausedUntil: START + 50_000, failures: 0, openUntil: 0 };
  const permit = { at: START };
  expect(noteSigns(shop, row, { permit, health: 'up', waitSeconds: 20 }, START)).toBeUndefined();
  const note = noteSigns(shop, row, { permit, health: 'up', waitSeconds: 90 }, START);
  expect(note && apply(note, row).row).toMatchObject({ pausedUntil: START + 90_000 });
});

test('whatever is in the row, by whatever clock, nobody waits for much more than an hour', () => {
  const cell = fc.oneof(
    fc.integer({ min: -10_000_000, max: 10_000_000 }).map((off) => START + off),
    fc.maxSafeInteger(),
    fc.constant('text'),
  );
  const row = fc.record(
    {
      drawn: fc.oneof(
        cell,
        fc.integer({ min: -1e10, max: 1e10 }).map((off) => START * 1000 + off),
      ),
      pausedUntil: cell,
      failures: fc.nat(),
      openUntil: cell,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(row, rate, (cells, of) => {
      let now = START;
      for (let waits = 0; waits < 4; waits += 1) {
        const draw = drawPermits(shop, cells, { wanted: 1, rate: of, now });
        if (draw.kind === 'draw') {
          expect(apply(draw.write, cells).kind).toBe('written');
          // A condition on a cell that is not there is none that DynamoDB takes.
          expect(JSON.stringify(draw.write.condition)).not.toMatch(/"equal","name":"\w+"\}/);
          return;
        }
        expect(draw.until).toBeGreaterThan(now);
        now = draw.until;
        expect(now - START).toBeLessThan((3_600 + 300 + 3 * 60 + (of.burst + 1) / of.perSecond + 60) * 1000);
      }
      throw new Error('it waits for ever');
    }),
    { numRuns: 2_000 },
  );
});
