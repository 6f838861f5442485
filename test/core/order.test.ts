import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply, type Row } from '../../lib/core/conditional-write.ts';
import type { DeliveryId } from '../../lib/core/delivery.ts';
import type { Digest, EventKey, Sequence, Standing, Subject, Version } from '../../lib/core/event.ts';
import { firstOrder, nextOrder, type OrderClock, type SubjectEvent } from '../../lib/core/order.ts';
import type { SourceName } from '../../lib/core/source.ts';

const NOW = 1_795_000_000_000;
const clock: OrderClock = { now: NOW, micros: NOW * 1000, retentionSeconds: 1_000 };
const sequence = (micros: number): Sequence => String(micros).padStart(16, '0') as Sequence;
const version = (of: number): Version => String(of).padStart(20, '0') as Version;

function state(key: string, of?: number, time?: number): SubjectEvent {
  return {
    source: 'shop' as SourceName,
    key: key as EventKey,
    id: key,
    type: 'changed',
    subject: 'orders/1' as Subject,
    ...(of === undefined ? {} : { version: version(of) }),
    ...(time === undefined ? {} : { time }),
    payload: { kind: 'json', text: '{}' },
    fingerprint: key as Digest,
    delivery: 'd' as DeliveryId,
    origin: 'webhook',
    receivedAt: NOW,
  };
}

/** Runs the order of one event against a row until it is settled. */
function order(
  event: SubjectEvent,
  row: Row | undefined,
  at: OrderClock = clock,
): { readonly standing: Standing; readonly row: Row | undefined; readonly writes: number } {
  let [step, current, writes] = [firstOrder(event, at), row, 0];
  while (step.kind === 'commit') {
    writes += 1;
    const answer = apply(step.write, current);
    current = answer.row;
    step = nextOrder(event, at, step.sequence, answer);
  }
  return { standing: step.standing, row: current, writes };
}

const second = order(state('b', 2), undefined).row;

describe('the order of a state', () => {
  test('is the time of its commit, in microseconds of 16 digits', () => {
    expect(order(state('a', 1), undefined)).toMatchObject({
      standing: { verdict: 'fresh', sequence: '1795000000000000' },
      writes: 1,
    });
  });

  test.each<readonly [string, SubjectEvent, Standing]>([
    [
      'a newer state is fresh, and counts up where the clock stands still',
      state('c', 3),
      { verdict: 'fresh', sequence: sequence(NOW * 1000 + 1) },
    ],
    ['an older state is superseded', state('a', 1), { verdict: 'superseded' }],
    ['another state of the same version is unconfirmed', state('x', 2), { verdict: 'unconfirmed' }],
    ['a state without version is unconfirmed', state('x'), { verdict: 'unconfirmed' }],
    [
      'a retry gets the sequence that was committed',
      state('b', 2),
      { verdict: 'fresh', sequence: sequence(NOW * 1000) },
    ],
  ])('after a state of version 2: %s', (_title, event, standing) => {
    expect(order(event, second).standing).toEqual(standing);
  });

  test('stands above a row whose clock was ahead', () => {
    const ahead = order(state('b', 2), undefined, { ...clock, micros: NOW * 1000 + 5_000_000 }).row;
    expect(order(state('c', 3), ahead)).toMatchObject({
      standing: { verdict: 'fresh', sequence: sequence(NOW * 1000 + 5_000_001) },
      writes: 2,
    });
  });

  test('compares versions as numbers of many digits', () => {
    const nine = order(state('a', 9), undefined).row;
    expect(order(state('b', 10), nine).standing.verdict).toBe('fresh');
  });

  test('is unknown after a state without version, whatever comes', () => {
    const row = order(state('a'), undefined).row;
    expect(order(state('b'), row).standing).toEqual({ verdict: 'unconfirmed' });
    expect(order(state('c', 3), row).standing).toEqual({ verdict: 'unconfirmed' });
    expect(order(state('a'), row).standing).toEqual({ verdict: 'fresh', sequence: sequence(NOW * 1000) });
  });

  test('is unknown where only fetched states count', () => {
    const row = { ...second, fetchOnly: 1 };
    expect(order(state('a', 1), row).standing).toEqual({ verdict: 'unconfirmed' });
  });

  test('is not taken from a row that was committed by a fetch', () => {
    const row = { ...second, from: 'fetch' };
    expect(order(state('b', 2), row).standing).toEqual({ verdict: 'unconfirmed' });
  });

  test('counts a row that has expired but is still there', () => {
    const later = { ...clock, now: NOW + 9_000_000, micros: (NOW + 9_000_000) * 1000 };
    expect(order(state('a', 1), second, later).standing).toEqual({ verdict: 'superseded' });
    expect(order(state('c', 3), second, later).standing.verdict).toBe('fresh');
  });
});

describe('an event that is older than rows live', () => {
  const old = NOW - 1_000_001;

  test('is unconfirmed when there is no row, since there may have been one', () => {
    expect(order(state('a', 1, old), undefined).standing).toEqual({ verdict: 'unconfirmed' });
    expect(order(state('a', undefined, old), undefined)).toMatchObject({
      standing: { verdict: 'unconfirmed' },
      writes: 0,
    });
  });

  test('is ordered by a row that is there', () => {
    expect(order(state('c', 3, old), second).standing.verdict).toBe('fresh');
    expect(order(state('a', 1, old), second).standing).toEqual({ verdict: 'superseded' });
  });

  test('is one that a row may not outlive: rows live an hour longer', () => {
    expect(order(state('a', 1, NOW - 1_000_000), undefined).standing.verdict).toBe('fresh');
    expect(second?.expires).toBe(NOW / 1000 + 1_000 + 3_600);
  });
});

test('whatever comes in whichever order by whatever clocks, once or again, a higher sequence is never a lower version', () => {
  const versions = fc.array(fc.option(fc.nat(6), { nil: undefined }), { minLength: 1, maxLength: 8 });
  const arrivals = fc.array(fc.record({ pick: fc.nat(7), skew: fc.integer({ min: -3, max: 3 }) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(versions, arrivals, (all, coming) => {
      let row: Row | undefined;
      const states = new Map<string, number>();
      for (const { pick, skew } of coming) {
        const index = pick % all.length;
        const result = order(state(`e${index}`, all[index]), row, { ...clock, micros: clock.micros + skew });
        row = result.row;
        if (result.standing.verdict === 'fresh')
          states.set(String(result.standing.sequence), all[index] ?? Number.NaN);
      }
      const inOrder = [...states].sort().map(([, of]) => of);
      for (const [place, of] of inOrder.entries()) {
        if (place > 0) expect(of).toBeGreaterThan(inOrder[place - 1] ?? Number.NaN);
      }
    }),
  );
});
