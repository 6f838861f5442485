import { describe, expect, test } from 'vitest';
import { decideContent } from '../../lib/core/claim.ts';
import { zendesk } from '../../lib/providers/zendesk.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { JSON_TYPE, readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/zendesk.ts';

const source = sourceOf(zendesk);
const [{ request }] = fixture.samples;

describe('a signature', () => {
  test('is over the time as it was written: the same instant in other words is another text', async () => {
    for (const time of ['2026-11-24T10:00:00.000Z', '2026-11-24T10:00:00+00:00', '2026-11-24T11:00:00+01:00'])
      expect(
        await outcomeOf(
          fixture,
          { ...request, headers: { ...request.headers, 'x-zendesk-webhook-signature-timestamp': time } },
          [fixture.secret],
        ),
        time,
      ).toBe('wrong-signature');
  });

  test('has a key that is text, although it looks like base64', async () => {
    const decoded = Buffer.from(fixture.secret, 'base64').toString();
    expect(await outcomeOf(fixture, request, [decoded])).toBe('wrong-signature');
    expect(await outcomeOf(fixture, request, [decoded, fixture.secret])).toBe('verified by older');
  });
});

describe('the body of a trigger', () => {
  const sent = (invocation: string, time: string) => ({
    body: '{"id":35436,"type":"zen:event-type:ticket.created"}',
    headers: {
      ...JSON_TYPE,
      'x-zendesk-webhook-invocation-id': invocation,
      'x-zendesk-webhook-signature-timestamp': time,
    },
  });

  test('is no event of Zendesk’s, whatever its writer called the fields: two updates of one ticket are two events', async () => {
    const [one, other] = [await readOne(source, sent('1', 'a')), await readOne(source, sent('2', 'b'))];
    expect(one).toMatchObject({ id: '1', type: 'trigger' });
    expect(other.key).not.toBe(one.key);
    expect(other.content).not.toBe(one.content);
  });

  test('is a repeat when it comes again under another invocation, and none when only its text does, at another time', async () => {
    const [one, replay, later] = [
      await readOne(source, sent('1', 'a')),
      await readOne(source, sent('2', 'a')),
      await readOne(source, sent('3', 'b')),
    ];
    expect(replay.content).toBe(one.content);
    const row = { fingerprint: one.fingerprint, id: one.id };
    expect(decideContent(replay, { kind: 'refused', row })).toEqual({ kind: 'repeat', of: '1' });
    expect(later.content).not.toBe(one.content);
  });

  test('can be no JSON at all', async () => {
    const headers = { 'content-type': 'application/xml', 'x-zendesk-webhook-invocation-id': '3' };
    expect(await readOne(source, { body: '<ticket/>', headers })).toMatchObject({ id: '3', type: 'trigger' });
  });
});
