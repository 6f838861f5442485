import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decideContent } from '../../lib/core/claim.ts';
import type { Request } from '../../lib/core/request.ts';
import { mailgun } from '../../lib/providers/mailgun.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/mailgun.ts';

const [{ request }] = fixture.samples;
const source = sourceOf(mailgun);
const TOKEN = 'a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0';

/** Signed by node:crypto alone. */
function sent(timestamp: string, token = TOKEN, more: object = {}): Request {
  const signature = createHmac('sha256', fixture.secret)
    .update(timestamp + token)
    .digest('hex');
  const event = { event: 'delivered', id: 'e1', timestamp: 1_795_514_398.5, ...more };
  const body = JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event });
  return { ...request, body: Buffer.from(body) };
}
const check = (one: Request): Promise<string> => outcomeOf(fixture, one, [fixture.secret]);
const eventOf = ({ body }: Request) => readOne(source, { body });

describe('a signature', () => {
  test('covers nothing of the event', async () => {
    const other = Buffer.from(request.body.toString().replace('delivered', 'complained'));
    expect(await check({ ...request, body: other })).toBe('verified by newest');
  });

  test('has no border between time and token that could be moved', async () => {
    const token = `1${TOKEN}`;
    const { body } = sent('1795514399', token);
    const moved = (timestamp: string, rest: string): Request => {
      const parsed = JSON.parse(body.toString());
      return {
        ...request,
        body: Buffer.from(
          JSON.stringify({ ...parsed, signature: { ...parsed.signature, timestamp, token: rest } }),
        ),
      };
    };
    expect(await check(moved('1795514399', token))).toBe('verified by newest');
    expect(await check(moved('17955143991', TOKEN))).toBe('future-timestamp');
    expect(await check(moved('179551439', `9${token}`))).toBe('stale-timestamp');
  });

  test('holds for longer than Mailgun tries, and then no more', async () => {
    const at = (seconds: number): Promise<string> =>
      check({ ...request, receivedAt: (1_795_514_399 + seconds) * 1000 });
    expect(await at(29_100)).toBe('verified by newest');
    expect(await at(36_001)).toBe('stale-timestamp');
  });

  test('is read from JSON in bounds, before anything is known of it', async () => {
    for (const body of ['{', `${'['.repeat(65)}${']'.repeat(65)}`])
      expect(await check({ ...request, body: Buffer.from(body) })).toBe('malformed-signature');
    expect(await check({ ...request, body: Buffer.from('{"signature":"x"}') })).toBe('missing-signature');
    expect(await check({ ...request, body: Buffer.from('{"signature":{"signature":["x"]}}') })).toBe(
      'missing-signature',
    );
  });
});

describe('a captured signature', () => {
  test('is bound to the event that it came with: another one under it is refused as forged', async () => {
    const [first, other] = [
      await eventOf(sent('1795514399')),
      await eventOf(sent('1795514399', TOKEN, { id: 'e2' })),
    ];
    expect(other.content).toBe(first.content);
    expect(
      decideContent(other, { kind: 'refused', row: { fingerprint: first.fingerprint, id: first.id } }).kind,
    ).toBe('forged');
  });

  test('of a retry is another one, under which the event is the same', async () => {
    const [first, again] = [
      await eventOf(sent('1795514399')),
      await eventOf(sent('1795515000', `${TOKEN}ff`)),
    ];
    expect(again.key).toBe(first.key);
    expect(again.fingerprint).toBe(first.fingerprint);
    expect(again.content).not.toBe(first.content);
  });
});

test('the time has a fraction', async () => {
  expect((await eventOf(sent('1795514399'))).time).toBe(1_795_514_398_500);
});
