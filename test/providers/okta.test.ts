import { describe, expect, test } from 'vitest';
import { okta } from '../../lib/providers/okta.ts';
import { read, sourceOf } from '../core/intake-cases.ts';
import { onlyDelivery, secretsOf, take, world } from '../core/intake-world.ts';
import { fixture } from '../fixtures/okta.ts';

const source = sourceOf(okta);
const [{ request }] = fixture.samples;
const envelope = JSON.parse(request.body.toString());
const stored = () =>
  world({ secrets: { read: async () => secretsOf(fixture.secret), refresh: async () => undefined } });

async function eventsOf(text: string) {
  const reading = await read(source, { body: text });
  if (reading.kind !== 'events') throw new Error(reading.explanation);
  return reading;
}

describe('an event', () => {
  test('is the same in another batch, and of another hook: the envelope is that of the request', async () => {
    const [, second] = (await eventsOf(JSON.stringify(envelope))).events;
    const [alone] = (
      await eventsOf(
        JSON.stringify({
          ...envelope,
          eventId: 'another',
          eventTime: '2026-11-24T10:00:09.000Z',
          source: 'https://example.okta.com/api/v1/eventHooks/another',
          data: { events: [envelope.data.events[1]] },
        }),
      )
    ).events;
    expect(alone?.key).toBe(second?.key);
    expect(alone?.fingerprint).toBe(second?.fingerprint);
  });

  test('is known by its own uuid, not by the id of the envelope, which its batch shares', async () => {
    const { events } = await eventsOf(JSON.stringify(envelope));
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(events.map(({ id }) => id)).not.toContain(envelope.eventId);
  });

  test('without a uuid is dead alone, and the others of its batch are read', async () => {
    const [first, second] = envelope.data.events;
    const { events, unreadable } = await eventsOf(
      JSON.stringify({ ...envelope, data: { events: [{ ...first, uuid: undefined }, second] } }),
    );
    expect(events.map(({ id }) => id)).toEqual([second.uuid]);
    expect(unreadable).toMatchObject([{ index: 0, reason: 'unidentified' }]);
  });
});

test('the secret in Authorization is checked, and goes no further', async () => {
  const ports = stored();
  expect(await take(request, { provider: okta, ports })).toMatchObject({ kind: 'accepted' });
  expect(JSON.stringify(onlyDelivery(ports))).not.toContain(fixture.secret);
});

test('the answer is an empty 200, as Okta wants it', async () => {
  expect(await take(request, { provider: okta, ports: stored() })).toMatchObject({
    answer: { status: 200, body: '' },
  });
});

test('a challenge in a POST is no challenge, so that no delivery is lost to it', async () => {
  const headers = { ...request.headers, 'x-okta-verification-challenge': 'x' };
  expect(await take({ ...request, headers }, { provider: okta, ports: stored() })).toMatchObject({
    kind: 'accepted',
  });
});
