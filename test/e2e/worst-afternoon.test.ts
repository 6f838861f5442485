import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { type Afternoon, livedThrough } from './worst-afternoon/afternoon.ts';
import { judged, noFaults } from './worst-afternoon/judge.ts';

/** HEADGATE_SEED=… sends the same again; only the timing differs. */
const seed = Number(process.env.HEADGATE_SEED ?? randomInt(2 ** 32));
const DELIVERIES = 2_000;

describe('2,000 deliveries of all providers, repeated, forged and shuffled, with kill -9 in the middle', () => {
  // Side by side, since for most of the time each of them waits for the leases of a killed worker to end.
  test.concurrent.for(['standard', 'fifo'] as const)(
    'on a %s topic: nothing lost, nothing forged, nothing twice but what was in flight, nothing out of order',
    { timeout: 240_000 },
    async (topic, { expect }) => {
      const folder = mkdtempSync(join(tmpdir(), 'headgate-afternoon-'));
      const afternoon = await livedThrough({ topic, deliveries: DELIVERIES, seed, folder });
      const { copies, faults } = judged(afternoon);
      const refused = refusals(afternoon);
      process.stdout.write(`${summary(topic, afternoon, copies, refused)}\n`);
      expect(faults).toEqual(noFaults);
      // What a FIFO topic gets twice within five minutes, it drops.
      if (topic === 'fifo') expect(copies).toBe(0);
      // It was killed in the middle of something, on both sides.
      expect(afternoon.kills.map(({ queues }) => queues)).toEqual(
        Array(3).fill(expect.arrayContaining([expect.stringMatching('^headgate-deliveries')])),
      );
      expect(afternoon.cutOff).toBeGreaterThan(0);
      expect(afternoon.cloud.events.claimed).toEqual(new Set());
      expect(afternoon.exitCodes).toEqual([0, 0]);
      // The forgeries were not all refused by one check.
      expect(Object.keys(refused)).toEqual(expect.arrayContaining(REASONS));
      rmSync(folder, { recursive: true });
    },
  );
});

const REASONS = [
  'missing-signature',
  'malformed-signature',
  'wrong-signature',
  'missing-timestamp',
  'malformed-timestamp',
  'stale-timestamp',
  'future-timestamp',
  'missing-id',
  'contradicted-type',
];

/** By reason, as the receiver tells them. */
function refusals({ said }: Afternoon): Readonly<Record<string, number>> {
  const reasons = said.flatMap((line) => / {2}refused +([a-z-]+) /.exec(line)?.[1] ?? []);
  const groups = Map.groupBy(reasons, (reason) => reason);
  return Object.fromEntries([...groups].map(([reason, all]) => [reason, all.length]));
}

function summary(
  topic: string,
  { attempts, lines, kills, deferred, cutOff, cloud, seconds }: Afternoon,
  copies: number,
  refused: Readonly<Record<string, number>>,
): string {
  const statuses = attempts.flatMap(({ answers }) =>
    answers.map((answer) => (answer.kind === 'none' ? 0 : answer.status)),
  );
  const accepted = statuses.filter((status) => status >= 200 && status < 300).length;
  const counts = Object.entries(refused).map(([reason, count]) => `${reason} ${count}`);
  return [
    `${topic}, HEADGATE_SEED=${seed}: ${attempts.length} deliveries in ${statuses.length} requests, ${accepted} accepted`,
    `${lines.length} published, ${cloud.deadLetters.length} dead letters, ${cloud.spilled.length} spilled`,
    `${kills.length} kills: ${cutOff} requests cut off, ${kills.map(({ inFlight }) => inFlight.size)} events in flight; ${deferred.size} deferred; ${copies} copies`,
    `refused: ${counts.join(', ')}`,
    `${seconds.toFixed(1)} s`,
  ].join('; ');
}
