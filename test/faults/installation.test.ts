import { describe, expect, test } from 'vitest';
import { emfLog } from '../../lib/aws/emf-log.ts';
import { parallel } from '../../lib/core/parallel.ts';
import type { AwsCall, Fault } from '../../lib/local/cloud-service.ts';
import { sourceOf } from '../core/intake-cases.ts';
import { signed, signingProvider } from '../core/intake-world.ts';
import { type IntakeOnCloud, startIntakeOf } from './intake-on-cloud.ts';

const KEY = 'canary-b537207f20cbfa02357cf448134da559';
const OTHER = 'canary-of-somebody-who-was-faster';

const provider = signingProvider({
  handshakes: [
    {
      method: 'POST',
      guard: { installs: '{header:x-hook-secret}' },
      when: [{ at: '{header:x-hook-secret}' }],
      answer: { status: 200, headers: { 'x-hook-secret': '{header:x-hook-secret}' } },
    },
  ],
});
const bringing = (secret: string) => ({ body: '', headers: { 'x-hook-secret': secret } });
const delivery = signed({ body: '{"id":"e1"}' }, KEY);

const start = (setup: 'install-secret' | undefined, stored = {}) =>
  startIntakeOf(sourceOf(provider, setup === undefined ? {} : { setup }), stored);
const stored = ({ cloud }: IntakeOnCloud): unknown =>
  JSON.parse(cloud.secrets.read('acme')?.current.text ?? 'null');

const CALLS = ['GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'] as const;
const FAULTS = ['none', 'fail', 'throttle', 'lose-answer'] as const;
type Plan = Readonly<Record<(typeof CALLS)[number], (typeof FAULTS)[number]>>;
const PLANS: readonly Plan[] = FAULTS.flatMap((GetSecretValue) =>
  FAULTS.flatMap((PutSecretValue) =>
    FAULTS.map((UpdateSecretVersionStage) => ({ GetSecretValue, PutSecretValue, UpdateSecretVersionStage })),
  ),
);

function faultOf(plan: Plan, { operation }: AwsCall): Fault | undefined {
  const fault = plan[operation as keyof Plan] ?? 'none';
  return fault === 'none' ? undefined : fault;
}

describe('a set-up request that brings the secret, on the whole function', () => {
  test('whatever fails, is answered only when its secret is stored, and otherwise asked for again', {
    timeout: 60_000,
  }, async () => {
    const results = await parallel(PLANS, 8, async (plan) => {
      const intake = await start('install-secret');
      try {
        intake.cloud.breakCalls((call) => faultOf(plan, call));
        const { statusCode: status = 0 } = await intake.send(bringing(KEY));
        intake.cloud.breakCalls(undefined);
        return { plan, status, stored: JSON.stringify(stored(intake)), safe: await intake.safe() };
      } finally {
        await intake.cloud.close();
      }
    });
    const whole = JSON.stringify({ signing: [KEY] });
    const wrong = results.filter(
      (one) =>
        ![whole, '{}'].includes(one.stored) ||
        !(one.status === 503 || (one.status === 200 && one.stored === whole)) ||
        one.safe.length > 0,
    );
    expect(wrong).toEqual([]);
    // Not by refusing everything: a lost answer of the last call is found out.
    const kept = results.filter(({ status }) => status === 200).map(({ plan }) => Object.values(plan).join());
    expect(kept).toEqual(['none,none,none', 'none,none,lose-answer']);
  });

  test('makes its deliveries accepted, and tells nothing of the secret', async () => {
    const intake = await start('install-secret');
    expect(await intake.send(delivery)).toMatchObject({ statusCode: 503 });
    expect(await intake.send(bringing(KEY))).toMatchObject({
      statusCode: 200,
      body: '',
      headers: { 'x-hook-secret': KEY },
    });
    expect(await intake.send(delivery)).toMatchObject({ statusCode: 200 });
    expect(await intake.send(bringing(OTHER))).toMatchObject({ statusCode: 401 });
    expect(await intake.send(bringing(KEY))).toMatchObject({ statusCode: 200 });
    expect(intake.reports.map(({ outcome }) => outcome)).toEqual([
      'rejected',
      'installed',
      'accepted',
      'rejected',
      'handshake',
    ]);
    expect(await intake.safe()).toHaveLength(1);
    const lines: string[] = [];
    emfLog({ namespace: 'Headgate/Test', now: Date.now, write: (line) => lines.push(line) })(intake.reports);
    expect(lines.join('\n')).toContain('"InstalledSecrets":1');
    expect(lines.join('\n')).not.toContain('canary');
    await intake.cloud.close();
  });

  test('of two at a time, one is answered and stored', async () => {
    const intake = await start('install-secret');
    const answers = await Promise.all([intake.send(bringing(KEY)), intake.send(bringing(OTHER))]);
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.toSorted()).toEqual([200, 401]);
    expect(stored(intake)).toEqual({ signing: [statuses[0] === 200 ? KEY : OTHER] });
    await intake.cloud.close();
  });

  test('changes nothing where the source is not in set-up, or has a secret', async () => {
    for (const [setup, value] of [
      [undefined, {}],
      ['install-secret', { signing: ['stored'] }],
    ] as const) {
      const intake = await start(setup, value);
      expect(await intake.send(bringing(KEY))).toMatchObject({ statusCode: 401 });
      expect(stored(intake)).toEqual(value);
      expect(intake.cloud.calls).not.toContain('secretsmanager:PutSecretValue');
      await intake.cloud.close();
    }
  });
});
