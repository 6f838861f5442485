import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { unsignedHandshake } from '../../lib/core/handshake.ts';
import { trello } from '../../lib/providers/trello.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { readOne, requestOf, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/trello.ts';

const source = sourceOf(trello);
const [{ request }] = fixture.samples;
const check = (one: typeof request, publicUrl = fixture.publicUrl) =>
  outcomeOf({ ...fixture, publicUrl }, one, [fixture.secret]);

describe('a signature', () => {
  test('covers the URL with its query, and stands behind the body', async () => {
    expect(await check({ ...request, query: 'board=2' })).toBe('wrong-signature');
    expect(await check({ ...request, query: '' })).toBe('wrong-signature');
    const url = `${fixture.publicUrl}/trello?board=1`;
    const before = createHmac('sha1', fixture.secret).update(url).update(request.body).digest('base64');
    expect(await check({ ...request, headers: { ...request.headers, 'x-trello-webhook': before } })).toBe(
      'wrong-signature',
    );
  });

  test('is over the bytes of the body: not over Latin-1, and not over JSON that was written anew', async () => {
    const url = Buffer.from(`${fixture.publicUrl}/trello?board=1`);
    const signed = (bytes: Buffer) =>
      createHmac('sha1', fixture.secret).update(bytes).update(url).digest('base64');
    const latin = Buffer.from(request.body.toString(), 'latin1');
    for (const [bytes, outcome] of [
      [request.body, 'verified by newest'],
      [latin, 'wrong-signature'],
      [Buffer.from(JSON.stringify(JSON.parse(request.body.toString()), undefined, 1)), 'wrong-signature'],
    ] as const)
      expect(
        await check({ ...request, headers: { ...request.headers, 'x-trello-webhook': signed(bytes) } }),
      ).toBe(outcome);
  });
});

test('the probe of a URL is answered with 200 and nothing else, whatever comes with it', () => {
  for (const sent of [{ body: '' }, { body: '{"action":{"id":"1"}}' }])
    expect(unsignedHandshake(source, requestOf({ ...sent, method: 'HEAD' }))).toMatchObject({
      status: 200,
      body: '',
    });
  expect(unsignedHandshake(source, requestOf({ body: '', method: 'POST' }))).toBeUndefined();
});

test('an action is the same when another webhook tells of it, or when one counts its failures', async () => {
  const action = { id: '1', type: 'updateCard', date: '2026-11-24T09:59:58.123Z' };
  const of = (more: object) => readOne(source, { body: JSON.stringify({ action, ...more }) });
  const board = await of({ model: { id: 'b' }, webhook: { id: '1', consecutiveFailures: 0 } });
  const card = await of({ model: { id: 'c' }, webhook: { id: '2', consecutiveFailures: 3 } });
  expect(card.key).toBe(board.key);
  expect(card.fingerprint).toBe(board.fingerprint);
});
