import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unsignedHandshake } from '../../lib/core/handshake.ts';
import { x } from '../../lib/providers/x.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { JSON_TYPE, readOne, requestOf, sourceOf } from '../core/intake-cases.ts';
import { SECRET, secretsOf, take } from '../core/intake-world.ts';
import { fixture } from '../fixtures/x.ts';

const source = sourceOf(x);

/** What X's check asks for, answered to anybody. */
function check(token: string): string | undefined {
  const query = `crc_token=${encodeURIComponent(token)}`;
  const answer = unsignedHandshake(source, requestOf({ method: 'GET', body: '', query }), secretsOf(SECRET));
  return answer?.kind === 'handshake' ? JSON.parse(answer.body).response_token : undefined;
}

const deliver = (body: string, signature: string) =>
  take({ body, headers: { ...JSON_TYPE, 'x-twitter-webhooks-signature': signature } }, { provider: x });

describe('the answer to a check', () => {
  test('is the signature of no delivery, whatever token was asked for', async () => {
    const body = fc.oneof(
      fc.json({ maxDepth: 1 }),
      fc.integer().map(String),
      fc.constantFrom('true', 'null', '1e5'),
      fc.string({ maxLength: 140 }),
    );
    await fc.assert(
      fc.asyncProperty(body, async (token) => {
        const signature = check(token);
        if (signature === undefined) return;
        expect(signature).toBe(`sha256=${createHmac('sha256', SECRET).update(token).digest('base64')}`);
        expect(await deliver(token, signature)).toMatchObject({
          kind: 'rejected',
          reason: 'wrong-signature',
        });
      }),
    );
  });

  test('is given for no text that could be an event', () => {
    for (const token of ['{}', '{"for_user_id":"1"}', '[]', '"a"', '1.5', 'a b', '', 'x'.repeat(129)])
      expect(check(token), token).toBeUndefined();
  });

  test('takes nothing from deliveries: what is signed by X comes in', async () => {
    const body = '{"user_event":{}}';
    const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('base64')}`;
    expect(await deliver(body, signature)).toMatchObject({ kind: 'accepted' });
    expect(check('abc-_9')).toMatch(/^sha256=[A-Za-z0-9+/]{43}=$/);
  });
});

test('a signature is base64: the same MAC in hex is none', async () => {
  const [{ request }] = fixture.samples;
  const mac = createHmac('sha256', fixture.secret).update(request.body);
  const headers = { ...request.headers, 'x-twitter-webhooks-signature': `sha256=${mac.digest('hex')}` };
  expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('malformed-signature');
});

describe('an event', () => {
  const of = (document: object) => readOne(source, { body: JSON.stringify(document) });

  test('of a post is one for each user that was subscribed', async () => {
    const post = (for_user_id: string) => of({ for_user_id, tweet_create_events: [{ id_str: '7' }] });
    expect((await post('1')).key).not.toBe((await post('2')).key);
  });

  test('of a post is known by the text of its id: the number has lost digits elsewhere', async () => {
    const body =
      '{"for_user_id":"1","tweet_create_events":[{"id":1993627012345678901,"id_str":"1993627012345678901"}]}';
    expect((await readOne(source, { body })).id).toBe('1/tweet_create_events/1993627012345678901');
  });

  test('of a relation is another one when it comes about again', async () => {
    const follow = (type: string, created_timestamp: string) =>
      of({
        for_user_id: '1',
        follow_events: [{ type, source: { id: '1' }, target: { id: '2' }, created_timestamp }],
      });
    const keys = [follow('follow', '1'), follow('unfollow', '2'), follow('follow', '3')].map(
      async (event) => (await event).key,
    );
    expect(new Set(await Promise.all(keys)).size).toBe(3);
  });

  test('of a kind that is not known yet is an event all the same', async () => {
    expect(await of({ for_user_id: '1', poll_events: [{ a: 1 }] })).toMatchObject({ type: 'event' });
  });
});
