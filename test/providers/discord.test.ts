import { describe, expect, test } from 'vitest';
import { signedHandshake } from '../../lib/core/handshake.ts';
import { rejectionStatus } from '../../lib/core/rejection.ts';
import type { Headers } from '../../lib/core/request.ts';
import { discord } from '../../lib/providers/discord.ts';
import { outcomeOf, verifyWith } from '../contracts/signed-request.ts';
import { read, readOne, sourceOf, verifiedOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/discord.ts';

const source = sourceOf(discord);
const event = (type: string, data: object, timestamp = '2026-11-24T09:59:58.064834') => ({
  body: JSON.stringify({ version: 1, application_id: '1', type: 1, event: { type, timestamp, data } }),
});
const interaction = (type: number, more: object = {}) => ({
  body: JSON.stringify({
    id: '1310160000000000001',
    application_id: '1',
    token: 'secret',
    version: 1,
    type,
    ...more,
  }),
});

describe('type 1', () => {
  test('is a ping as an interaction, and an event as a webhook event', async () => {
    expect(signedHandshake(source, verifiedOf(interaction(1)))).toMatchObject({
      kind: 'handshake',
      body: '{"type":1}',
    });
    const sent = event('ENTITLEMENT_CREATE', { id: '9' });
    expect(signedHandshake(source, verifiedOf(sent))).toBeUndefined();
    expect(await readOne(source, sent)).toMatchObject({ type: 'ENTITLEMENT_CREATE' });
  });
});

describe('an interaction', () => {
  test.each([
    [2, 'interaction.command'],
    [3, 'interaction.component'],
    [4, 'interaction.autocomplete'],
    [5, 'interaction.modal'],
    [17, 'interaction.17'],
  ])('of type %i is %s', async (type, name) => {
    expect(await readOne(source, interaction(type))).toMatchObject({ id: '1310160000000000001', type: name });
  });

  test('keeps its id, which no double holds', async () => {
    expect((await readOne(source, interaction(2, { id: '18446744073709551615' }))).id).toBe(
      '18446744073709551615',
    );
  });

  test('is published without its token where the source redacts it', async () => {
    const redacting = sourceOf(discord, { redact: ['token'] });
    expect(JSON.stringify((await readOne(redacting, interaction(2))).payload)).not.toContain('secret');
  });
});

describe('a webhook event', () => {
  test('has no id, so its text tells it apart, and a copy has the same key', async () => {
    const keyOf = async (sent: { body: string }) => (await readOne(source, sent)).key;
    const sent = event('ENTITLEMENT_UPDATE', { id: '9' });
    expect(await keyOf(sent)).toMatch(/^[0-9a-f]{64}$/);
    expect(await keyOf(sent)).toBe(await keyOf(event('ENTITLEMENT_UPDATE', { id: '9' })));
    expect(await keyOf(sent)).not.toBe(
      await keyOf(event('ENTITLEMENT_UPDATE', { id: '9' }, '2026-11-24T09:59:58.064835')),
    );
  });

  test('is in UTC when its time has no zone', async () => {
    const [bare, zoned] = await Promise.all(
      ['2026-11-24T09:59:58.064834', '2026-11-24T09:59:58.064834+00:00'].map((time) =>
        readOne(source, event('X', { id: '9' }, time)),
      ),
    );
    expect(bare?.time).toBe(Date.UTC(2026, 10, 24, 9, 59, 58, 64));
    expect(zoned).toMatchObject({ time: bare?.time, version: bare?.version });
  });

  test('is about its resource, or its user', async () => {
    expect(await readOne(source, event('ENTITLEMENT_DELETE', { id: '9', user_id: '3' }))).toMatchObject({
      subject: '9',
    });
    expect(await readOne(source, event('APPLICATION_DEAUTHORIZED', { user: { id: '3' } }))).toMatchObject({
      subject: '3',
    });
  });
});

test('what is neither is dead', async () => {
  for (const body of ['{"type":1}', '{"id":"1","type":2}', '{"event":{"type":"X"}}']) {
    expect(await read(source, { body })).toMatchObject({
      events: [],
      unreadable: [{ reason: 'unidentified' }],
    });
  }
});

test('a probe with a bad signature, or without one, gets 401 and nothing else', async () => {
  const [{ request }] = fixture.samples;
  const { 'x-signature-ed25519': _, 'x-signature-timestamp': __, ...bare } = request.headers;
  const probes: readonly Headers[] = [
    bare,
    { ...request.headers, 'x-signature-ed25519': '0'.repeat(128) },
    { ...request.headers, 'x-signature-ed25519': 'zz' },
    { ...request.headers, 'x-signature-timestamp': '' },
    { ...request.headers, 'x-signature-timestamp': 'now' },
  ];
  for (const headers of probes) {
    const answer = await verifyWith(fixture, { ...request, headers }, [fixture.secret]);
    expect(answer.kind === 'rejected' && rejectionStatus(answer.reason)).toBe(401);
  }
});

test('a retry within 10 minutes is taken, signed anew or not', async () => {
  const [{ request }] = fixture.samples;
  const late = { ...request, receivedAt: request.receivedAt + 600_000 };
  expect(await outcomeOf(fixture, late, [fixture.secret])).toBe('verified by newest');
});
