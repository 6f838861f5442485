import { expect, test } from 'vitest';
import type { DeliveryId } from '../../lib/core/delivery.ts';
import { unsignedHandshake } from '../../lib/core/handshake.ts';
import { readEvents } from '../../lib/core/identify.ts';
import { dropbox } from '../../lib/providers/dropbox.ts';
import { call } from '../contracts/provider-fixture.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { deliveryOf, readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/dropbox.ts';

const source = sourceOf(dropbox);
const [accounts, teams] = fixture.samples;
const get = (query: string) => call('GET', `/dropbox${query}`, {}, '', '2026-11-24T10:00:01Z');

test('a second notification with the same body is another change, and no repeat of the first', () => {
  const [first, second] = ['d1', 'd2'].map((id) => {
    const delivery = { ...deliveryOf(source, accounts.request), id: id as DeliveryId };
    const reading = readEvents(source, delivery, {});
    return reading.kind === 'events' ? reading.events[0] : undefined;
  });
  expect([first?.key, second?.key]).toEqual(['d1', 'd2']);
  expect(first).not.toHaveProperty('content');
});

test('a notification that names no account but a team is an event too', async () => {
  expect((await readOne(source, teams?.request ?? accounts.request)).payload).toEqual({
    kind: 'json',
    text: String(teams?.request.body),
  });
});

test('the challenge is echoed as plain text that no browser takes for a page', () => {
  expect(unsignedHandshake(source, get('?challenge=%3Cscript%3Ealert(1)%3C/script%3E'))).toEqual({
    kind: 'handshake',
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body: '<script>alert(1)</script>',
  });
});

test('a challenge that is empty, missing or sent twice is none', () => {
  for (const query of ['', '?challenge=', '?challenge=a&challenge=b', '?Challenge=a'])
    expect(unsignedHandshake(source, get(query)), query).toBeUndefined();
});

test('a challenge beside a notification does not excuse its signature', async () => {
  const forged = { ...accounts.request, query: 'challenge=a', headers: {} };
  expect(unsignedHandshake(source, forged)).toBeUndefined();
  expect(await outcomeOf(fixture, forged, [fixture.secret])).toBe('missing-signature');
});
