import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { linear } from '../../lib/providers/linear.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/linear.ts';

const source = sourceOf(linear);
const [{ request }] = fixture.samples;
const NOW = 1_795_514_400_000;

/** Signed by node:crypto alone. */
function signed(text: string, headers: Record<string, string> = {}): Request {
  const body = Buffer.from(text);
  const signature = createHmac('sha256', fixture.secret).update(body).digest('hex');
  return {
    ...request,
    receivedAt: NOW,
    body,
    headers: { ...request.headers, 'linear-signature': signature, ...headers },
  };
}
const check = (one: Request): Promise<string> => outcomeOf(fixture, one, [fixture.secret]);
const at = (webhookTimestamp: unknown, headers?: Record<string, string>): Promise<string> =>
  check(signed(JSON.stringify({ type: 'Issue', webhookTimestamp }), headers));

describe('the time', () => {
  test('is that of the signed body, in milliseconds: the header says nothing', async () => {
    expect(await at(NOW - 300_000, { 'linear-timestamp': '0' })).toBe('verified by newest');
    expect(await at(NOW - 300_001, { 'linear-timestamp': String(NOW) })).toBe('stale-timestamp');
    expect(await at(NOW + 300_001, { 'linear-timestamp': String(NOW) })).toBe('future-timestamp');
    expect(await at(NOW / 1000, { 'linear-timestamp': String(NOW) })).toBe('stale-timestamp');
  });

  test('is needed: a body without one, or with another kind of value, is refused although it is signed', async () => {
    const headers = { 'linear-timestamp': String(NOW) };
    for (const value of [undefined, null, {}, [NOW], ''])
      expect(await at(value, headers)).toBe('missing-timestamp');
    for (const value of [true, -NOW, 1.5, 'now', new Date(NOW).toISOString()])
      expect(await at(value, headers)).toBe('malformed-timestamp');
  });

  test('is read only after the signature holds, and in bounds', async () => {
    const deep = `{"webhookTimestamp":${NOW},"a":${'['.repeat(65)}${']'.repeat(65)}}`;
    expect(await check(signed(deep))).toBe('missing-timestamp');
    expect(await check({ ...signed(deep), body: Buffer.from('{') })).toBe('wrong-signature');
  });
});

describe('an event', () => {
  const of = (more: object, headers: Record<string, string> = {}) =>
    readOne(source, {
      body: JSON.stringify({
        type: 'Issue',
        action: 'update',
        createdAt: '2026-11-24T09:59:58.123Z',
        data: { id: 'i', updatedAt: '2026-11-24T09:59:58.120Z' },
        webhookTimestamp: NOW,
        ...more,
      }),
      headers: { 'content-type': 'application/json', ...headers },
    });

  test('is the same when it is sent again at another time, under whatever delivery id', async () => {
    const first = await of({}, { 'linear-delivery': '1' });
    const again = await of({ webhookTimestamp: NOW + 3_600_000 }, { 'linear-delivery': '2' });
    expect(again.key).toBe(first.key);
    expect(again.fingerprint).toBe(first.fingerprint);
  });

  test('is another one when the same change is made again', async () => {
    expect((await of({ createdAt: '2026-11-24T09:59:58.124Z' })).key).not.toBe((await of({})).key);
  });

  test('takes its type from the signed body, whatever the header says', async () => {
    expect((await of({}, { 'linear-event': 'Comment' })).type).toBe('Issue.update');
  });
});
