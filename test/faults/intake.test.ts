import { describe, expect, test } from 'vitest';
import { parallel } from '../../lib/core/parallel.ts';
import type { AwsCall, Fault } from '../../lib/local/cloud-service.ts';
import type { Sent } from '../core/intake-cases.ts';
import { SECRET, signed } from '../core/intake-world.ts';
import { startIntake } from './intake-on-cloud.ts';

/** Every AWS call that the ingest function can make. */
const CALLS = ['GetSecretValue', 'SendMessage', 'PutObject'] as const;
const FAULTS = ['none', 'fail', 'throttle', 'lose-answer'] as const;
type Plan = Readonly<Record<(typeof CALLS)[number], (typeof FAULTS)[number]>>;

const PLANS: readonly Plan[] = FAULTS.flatMap((GetSecretValue) =>
  FAULTS.flatMap((SendMessage) => FAULTS.map((PutObject) => ({ GetSecretValue, SendMessage, PutObject }))),
);

const small = signed({ body: '{"id":"e1"}' });
const large = signed({ body: JSON.stringify({ id: 'e1', text: 'x'.repeat(1_100_000) }) });
const forged = signed({ body: '{"id":"e1"}' }, 'another secret');

function faultOf(plan: Plan, operation: string): Fault | undefined {
  const fault = CALLS.includes(operation as keyof Plan) ? plan[operation as keyof Plan] : 'none';
  return fault === 'none' ? undefined : fault;
}

/** A warm function calls no Secrets Manager for a genuine delivery. */
const WARM_PLANS = PLANS.filter(({ GetSecretValue }) => GetSecretValue === 'none');

/** For a forgery only the secrets are asked. */
const FORGED_PLANS = PLANS.filter(({ SendMessage, PutObject }) => SendMessage === PutObject);

/** Not all at once, so that no call times out for want of a processor. */
const WIDTH = 8;

interface Result {
  readonly plan: Plan;
  readonly status: number;
  readonly safe: readonly Buffer[];
}

/** Sends once to a function that has (`warm`) or has not (`cold`) its secrets, or has old ones (`rotated`). */
async function sendUnder(plan: Plan, sent: Sent, start: 'cold' | 'warm' | 'rotated'): Promise<Result> {
  const intake = await startIntake(start === 'rotated' ? 'old' : SECRET);
  try {
    if (start === 'warm') await intake.send({ body: '{}' });
    if (start === 'rotated') {
      await intake.send(signed({ body: '{"id":"e0"}' }, 'old'));
      intake.cloud.secrets.put('acme', { signing: [SECRET] });
    }
    intake.cloud.breakCalls(({ operation }: AwsCall) => faultOf(plan, operation));
    const { statusCode = 0 } = await intake.send(sent);
    intake.cloud.breakCalls(undefined);
    const safe = await intake.safe();
    return { plan, status: statusCode, safe: safe.map(({ body }) => body) };
  } finally {
    await intake.cloud.close();
  }
}

describe('whatever fails at whichever AWS call, a genuine delivery is safe or asked for again', () => {
  test.each([
    ['cold', 'small', small, PLANS],
    ['warm', 'small', small, WARM_PLANS],
    ['warm', 'large', large, WARM_PLANS],
    ['rotated', 'small', small, PLANS],
  ] as const)('%s function, %s delivery', { timeout: 60_000 }, async (start, _size, sent, plans) => {
    const results = await parallel(plans, WIDTH, (plan) => sendUnder(plan, sent, start));
    const isSafe = ({ safe }: Result): boolean => safe.some((body) => body.equals(Buffer.from(sent.body)));
    const lost = results.filter(
      (result) => !(result.status === 503 || (result.status === 200 && isSafe(result))),
    );
    expect(lost.map(({ plan, status }) => ({ ...plan, status }))).toEqual([]);
    // Not by refusing everything: what can be kept is kept.
    const kept = results.filter(({ status }) => status === 200).map(({ plan }) => plan);
    const keepable = plans.filter(({ GetSecretValue, SendMessage, PutObject }) => {
      const bucket = PutObject === 'none';
      return GetSecretValue === 'none' && (sent === large ? bucket : SendMessage === 'none' || bucket);
    });
    expect(kept).toEqual(keepable);
  });
});

describe('a fault that passes', () => {
  test.each(CALLS.flatMap((call) => FAULTS.slice(1).map((fault) => [call, fault] as const)))(
    'costs nothing but time: the first %s: %s',
    async (call, fault) => {
      const intake = await startIntake(SECRET);
      let seen = 0;
      intake.cloud.breakCalls(({ operation }) => {
        if (operation !== call) return undefined;
        seen += 1;
        return seen === 1 ? (fault as Fault) : undefined;
      });
      expect(await intake.send(large)).toMatchObject({ statusCode: 200 });
      expect(seen).toBe(2);
      expect(intake.reports).toMatchObject([{ outcome: 'accepted', place: 'store' }]);
      intake.cloud.breakCalls(undefined);
      const safe = await intake.safe();
      expect(safe.every(({ body }) => body.equals(Buffer.from(large.body)))).toBe(true);
      await intake.cloud.close();
    },
  );
});

describe('a forgery', () => {
  test('is accepted under no fault whatever', { timeout: 60_000 }, async () => {
    const results = await parallel(FORGED_PLANS, WIDTH, (plan) => sendUnder(plan, forged, 'warm'));
    expect(results.filter(({ status }) => ![401, 503].includes(status))).toEqual([]);
    expect(results.filter(({ safe }) => safe.length > 0)).toEqual([]);
    // While the secrets can be read, it is plainly refused.
    const readable = results.filter(({ plan }) => plan.GetSecretValue === 'none');
    expect(new Set(readable.map(({ status }) => status))).toEqual(new Set([401]));
  });
});

test('a delivery that was spilled is reported as such, with the call that failed', async () => {
  const intake = await startIntake(SECRET);
  intake.cloud.breakCalls(({ operation }) => (operation === 'SendMessage' ? 'fail' : undefined));
  expect(await intake.send(small)).toMatchObject({ statusCode: 200 });
  expect(intake.reports).toMatchObject([
    { outcome: 'spilled', cause: 'sqs:SendMessage unavailable: InternalFailure, HTTP 500' },
  ]);
  await intake.cloud.close();
});

test('a warm function makes one call for a delivery, and none for the secrets', async () => {
  const intake = await startIntake(SECRET);
  await intake.send(small);
  expect(intake.cloud.calls).toEqual(['secretsmanager:GetSecretValue', 'sqs:SendMessage']);
  intake.cloud.calls.length = 0;
  await intake.send(small);
  expect(intake.cloud.calls).toEqual(['sqs:SendMessage']);
  await intake.cloud.close();
});
