import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { paddle } from '../../lib/providers/paddle.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/paddle.ts';

const { secret } = fixture;
const [{ request }] = fixture.samples;
const source = sourceOf(paddle);

describe('a signature', () => {
  const h1 = (key: string): string =>
    `h1=${createHmac('sha256', key).update('1795514400:').update(request.body).digest('hex')}`;
  const send = (value: string): Promise<string> =>
    outcomeOf(fixture, { ...request, headers: { ...request.headers, 'paddle-signature': value } }, [secret]);

  test('of any secret is enough, wherever it stands: the SDK takes the last alone', async () => {
    const [ours, other] = [h1(secret), h1('the key of before')];
    for (const value of [`ts=1795514400;${ours};${other}`, `ts=1795514400;${other};${ours}`])
      expect(await send(value), value).toBe('verified by newest');
    expect(await send(`ts=1795514400;${other};${other}`)).toBe('wrong-signature');
    expect(await send(`ts=1795514400;${ours.replace('h1', 'h2')}`)).toBe('malformed-signature');
  });

  test('is taken for five minutes, not for the five seconds of the SDK', async () => {
    const aged = async (seconds: number): Promise<string> => {
      const timestamp = request.receivedAt - seconds * 1000;
      return outcomeOf(fixture, await signedAgain(fixture, request, { signer: secret, timestamp }), [secret]);
    };
    expect(await aged(6)).toBe('verified by newest');
    expect(await aged(300)).toBe('verified by newest');
    expect(await aged(301)).toBe('stale-timestamp');
    expect(await aged(-301)).toBe('future-timestamp');
  });
});

describe('an event', () => {
  const event = { event_id: 'evt_1', event_type: 'transaction.paid', notification_id: 'ntf_1' };
  const of = (changes: object) => readOne(source, { body: JSON.stringify({ ...event, ...changes }) });

  test('is the same under the notification of another destination, and when it is replayed', async () => {
    const [one, other] = [await of({}), await of({ notification_id: 'ntf_2' })];
    expect(other.key).toBe(one.key);
    expect(other.fingerprint).toBe(one.fingerprint);
  });

  test('is the state of its entity when it occurred', async () => {
    const at = async (time: string) => of({ occurred_at: time, data: { id: 'txn_1', updated_at: 'later' } });
    const [one, other] = [await at('2026-11-24T09:59:58.123456Z'), await at('2026-11-24T09:59:58.123457Z')];
    expect(one.subject).toBe('txn_1');
    expect(Number(other.version) - Number(one.version)).toBeGreaterThan(0);
  });
});
