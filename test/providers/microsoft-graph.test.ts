import { describe, expect, test } from 'vitest';
import { answerTo } from '../../lib/core/ingest-outcome.ts';
import { microsoftGraph } from '../../lib/providers/microsoft-graph.ts';
import { read, sourceOf } from '../core/intake-cases.ts';
import { onlyDelivery, secretsOf, take, world } from '../core/intake-world.ts';
import { fixture } from '../fixtures/microsoft-graph.ts';

const [{ request }] = fixture.samples;
const { headers } = request;
const source = sourceOf(microsoftGraph);
const portsWith = (...secrets: readonly string[]) =>
  world({ secrets: { read: async () => secretsOf(...secrets), refresh: async () => undefined } });
const typesIn = async (body: Buffer | string): Promise<readonly string[]> => {
  const reading = await read(source, { body, headers });
  if (reading.kind !== 'events') throw new Error(reading.explanation);
  expect(reading.unreadable).toEqual([]);
  return reading.events.map(({ type }) => type);
};

describe('an item with a wrong clientState', () => {
  const forged = '{"subscriptionId":"s","id":"x","changeType":"deleted","clientState":"guess"}';
  const body = `{"value":[${forged},${request.body.toString().slice('{"value":['.length)}`;

  test('is dropped and never published, and the others of the request are', async () => {
    const ports = portsWith(fixture.secret);
    const outcome = await take({ body, headers }, { provider: microsoftGraph, ports });
    expect(outcome).toMatchObject({ kind: 'accepted', dropped: 1 });
    expect(answerTo(outcome).status).toBe(202);
    const delivery = onlyDelivery(ports);
    expect(delivery.body.equals(request.body)).toBe(true);
    expect(await typesIn(delivery.body)).toEqual(['created', 'updated']);
  });

  test('alone is refused, so that Graph sends it again if it was ours', async () => {
    const ports = portsWith(fixture.secret);
    const outcome = await take(
      { body: `{"value":[${forged}]}`, headers },
      { provider: microsoftGraph, ports },
    );
    expect(outcome).toMatchObject({ reason: 'wrong-signature' });
    expect(ports.sent).toEqual([]);
  });

  test('is none where the clientStates of all subscriptions are stored', async () => {
    const ports = portsWith(fixture.secret, 'guess');
    const outcome = await take({ body, headers }, { provider: microsoftGraph, ports });
    expect(outcome).not.toHaveProperty('dropped');
    expect(await typesIn(onlyDelivery(ports).body)).toEqual(['deleted', 'created', 'updated']);
  });
});

test('the check of the URL publishes nothing, whatever lies in its body', async () => {
  const ports = portsWith(fixture.secret);
  const outcome = await take(
    { body: request.body, headers, query: 'validationToken=abc' },
    { provider: microsoftGraph, ports },
  );
  expect(outcome).toMatchObject({ kind: 'handshake', answer: { status: 200, body: 'abc' } });
  expect(ports.sent).toEqual([]);
});

test('the clientState is published with no item', async () => {
  const reading = await read(source, { body: request.body, headers });
  expect(JSON.stringify(reading)).not.toContain(fixture.secret);
});

test('two notifications in equal words are two events where Graph gives no id', async () => {
  const item = `{"changeType":"updated","clientState":"${fixture.secret}","resource":"Users/1"}`;
  const reading = await read(source, { body: `{"value":[${item},${item}]}`, headers });
  if (reading.kind !== 'events') throw new Error(reading.explanation);
  expect(new Set(reading.events.map(({ key }) => key)).size).toBe(2);
});
