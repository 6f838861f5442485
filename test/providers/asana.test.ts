import { describe, expect, test } from 'vitest';
import { asana } from '../../lib/providers/asana.ts';
import { read, sourceOf } from '../core/intake-cases.ts';
import { secretsOf, take, world } from '../core/intake-world.ts';
import { fixture } from '../fixtures/asana.ts';

const source = sourceOf(asana);
const [batch] = fixture.samples;
const body = batch.request.body.toString();
const heartbeat = fixture.samples[1]?.request ?? expect.fail('no heartbeat');

/** The items of the batch, as Asana wrote them. */
const items: readonly object[] = JSON.parse(body).events;
const batchOf = (...some: readonly object[]): string => JSON.stringify({ events: some });

async function eventsOf(text: string) {
  const reading = await read(source, { body: text });
  if (reading.kind !== 'events') throw new Error(reading.explanation);
  return reading;
}

describe('a heartbeat', () => {
  test('is acknowledged like a delivery, and yields neither an event nor a dead letter', async () => {
    const ports = world({
      secrets: { read: async () => secretsOf(fixture.secret), refresh: async () => undefined },
    });
    expect(await take(heartbeat, { provider: asana, ports })).toMatchObject({
      kind: 'accepted',
      answer: { status: 200 },
    });
    expect(await eventsOf(heartbeat.body.toString())).toEqual({
      kind: 'events',
      events: [],
      unreadable: [],
      unwanted: 0,
    });
  });

  test('that nobody signed is refused: it would tell a forger that the source lives', async () => {
    const { headers, body: bytes } = heartbeat;
    const { 'x-hook-signature': _, ...unsigned } = headers;
    expect(await take({ body: bytes, headers: unsigned }, { provider: asana })).toMatchObject({
      reason: 'missing-signature',
    });
  });
});

describe('an event', () => {
  test('has no id, so its own text tells it apart, in whichever batch it comes again', async () => {
    const first = (await eventsOf(body)).events;
    const again = (
      await eventsOf(batchOf(...items.toReversed(), { action: 'added', resource: { resource_type: 'tag' } }))
    ).events;
    expect(again.slice(0, 3).map(({ key }) => key)).toEqual(first.map(({ key }) => key).toReversed());
    expect(new Set(again.map(({ key }) => key)).size).toBe(4);
  });

  test('a millisecond later is another one', async () => {
    const [one = {}] = items;
    const { events } = await eventsOf(batchOf(one, { ...one, created_at: '2026-11-24T09:59:58.124Z' }));
    expect(new Set(events.map(({ key }) => key)).size).toBe(2);
  });

  test('without a resource is dead alone, and the others of its batch are read', async () => {
    const { events, unreadable } = await eventsOf(batchOf({ action: 'changed' }, ...items));
    expect(events).toHaveLength(3);
    expect(unreadable).toMatchObject([{ index: 0, reason: 'unidentified' }]);
  });

  test('says what happened, not how its task stands: it is about no resource until that is fetched', async () => {
    for (const event of (await eventsOf(body)).events) expect(event).not.toHaveProperty('subject');
  });
});

test('a second webhook at the same source cannot shake hands: it would replace the secret of the first', async () => {
  const ports = world({
    secrets: { read: async () => secretsOf('the first'), refresh: async () => undefined },
  });
  const second = { body: '{}', headers: { 'x-hook-secret': 'b537207f20cbfa02357cf448134da559' } };
  const options = { setup: 'install-secret' } as const;
  expect(await take(second, { provider: asana, options, ports })).toMatchObject({
    reason: 'wrong-signature',
  });
  expect(ports.calls).not.toContain('install');
});
