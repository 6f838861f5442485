import { describe, expect, test } from 'vitest';
import { calendly } from '../../lib/providers/calendly.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/calendly.ts';

const source = sourceOf(calendly);
const [{ request }] = fixture.samples;
const of = (more: object, payload: object = {}) =>
  readOne(source, {
    body: JSON.stringify({
      event: 'invitee.canceled',
      created_at: '2026-11-24T09:59:58.000001Z',
      created_by: 'https://api.calendly.com/users/A',
      payload: { uri: 'https://api.calendly.com/scheduled_events/E/invitees/I', ...payload },
      ...more,
    }),
  });

test('a signature is over time and body: one over the body alone, or under another time, is none', async () => {
  const sent = request.headers['calendly-webhook-signature'] ?? '';
  for (const value of [sent.replace('t=1795514400', 't=1795514401'), sent.replace('t=1795514400,', '')])
    expect(
      await outcomeOf(fixture, { ...request, headers: { 'calendly-webhook-signature': value } }, [
        fixture.secret,
      ]),
      value,
    ).toMatch(/^(wrong-signature|missing-timestamp)$/);
});

describe('an event', () => {
  test('has no id: it is another one when the same happens to the same invitee later', async () => {
    const first = await of({});
    expect((await of({})).key).toBe(first.key);
    expect((await of({ created_at: '2026-11-24T09:59:58.000002Z' })).key).not.toBe(first.key);
    expect((await of({ event: 'invitee.created' })).key).not.toBe(first.key);
  });

  test('is the same for every subscription that tells of it', async () => {
    const [one, other] = [await of({}), await of({ created_by: 'https://api.calendly.com/users/B' })];
    expect(other.key).toBe(one.key);
    expect(other.fingerprint).toBe(one.fingerprint);
  });

  test('is ordered by microseconds', async () => {
    const versionOf = async (updated_at: string) => (await of({}, { updated_at })).version ?? '';
    const earlier = await versionOf('2026-11-24T09:59:58.000001Z');
    expect((await versionOf('2026-11-24T09:59:58.000002Z')) > earlier).toBe(true);
  });
});
