import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import ownSources from '../../examples/own-provider.ts';
import type { DeliveryId } from '../../lib/core/delivery.ts';
import type { Event } from '../../lib/core/event.ts';
import { readEvents } from '../../lib/core/identify.ts';
import { ingest } from '../../lib/core/ingest.ts';
import type { IngestOutcome } from '../../lib/core/ingest-outcome.ts';
import { openInlet } from '../../lib/core/inlet.ts';
import type { Headers } from '../../lib/core/request.ts';
import { parseSources } from '../../lib/core/source.ts';
import { onlyDelivery, secretsOf, world } from '../core/intake-world.ts';

interface Sent {
  readonly headers: Headers;
  readonly body: string;
  readonly query?: string;
}

const SECONDS = 1_795_170_000;
const sources = parseSources(ownSources);

async function send(
  name: string,
  secret: string,
  sent: Sent,
): Promise<{ outcome: IngestOutcome; events: readonly Event[] }> {
  const source = sources.find((each) => each.name === name) ?? expect.fail(`no source ${name}`);
  const inlet = await openInlet(source);
  const ports = world({ secrets: { read: async () => secretsOf(secret), refresh: async () => undefined } });
  const outcome = await ingest({
    inlet,
    request: {
      method: 'POST',
      path: source.paths[0],
      query: sent.query ?? '',
      headers: sent.headers,
      body: Buffer.from(sent.body),
      receivedAt: SECONDS * 1000,
    },
    id: 'r1' as DeliveryId,
    publicUrl: 'https://hooks.example.com',
    ports,
  });
  if (ports.sent.length === 0) return { outcome, events: [] };
  const reading = readEvents(source, onlyDelivery(ports), inlet.steps);
  return { outcome, events: reading.kind === 'events' ? reading.events : expect.fail(reading.explanation) };
}

describe('a provider of one’s own', () => {
  const deploy = '{"type":"deploy.finished","app":{"id":7},"revision":12,"at":"2026-11-24T10:20:00Z"}';
  const deploySignature = (url: string): string =>
    createHmac('sha256', 'deploy-secret').update(`dep_81.${SECONDS}.POST.${url}.${deploy}`).digest('hex');
  const deployHeaders = (signature: string): Headers => ({
    'content-type': 'application/json',
    'x-deploy-id': 'dep_81',
    'x-deploy-timestamp': String(SECONDS),
    'x-deploy-signature': signature,
  });

  test('by HMAC over id, time, method, URL and body: its event is read', async () => {
    const signature = deploySignature('https://hooks.example.com/deploys?region=eu');
    const { events } = await send('deploys', 'deploy-secret', {
      headers: deployHeaders(`v1=${'0'.repeat(64)},v1=${signature}`),
      query: 'region=eu',
      body: deploy,
    });
    expect(events).toMatchObject([
      {
        id: 'dep_81',
        type: 'deploy.finished',
        subject: 'app/7',
        time: Date.parse('2026-11-24T10:20:00Z'),
        payload: { kind: 'json', text: deploy },
      },
    ]);
  });

  test('by HMAC over the URL: at another URL it is refused', async () => {
    const signature = deploySignature('https://hooks.example.com/deploys?region=us');
    const { outcome } = await send('deploys', 'deploy-secret', {
      headers: deployHeaders(`v1=${signature}`),
      query: 'region=eu',
      body: deploy,
    });
    expect(outcome).toMatchObject({ kind: 'rejected', reason: 'wrong-signature' });
  });

  const incident = '{"incident":{"id":"i1","status":"resolved"}}';

  test('by token: its event is read, and the same again has the same id', async () => {
    const sent = {
      headers: { authorization: 'Bearer s3cret', 'content-type': 'application/json' },
      body: incident,
    };
    const [first, second] = [await send('status', 's3cret', sent), await send('status', 's3cret', sent)];
    expect(first.events).toMatchObject([{ type: 'incident.resolved', subject: 'incident/i1' }]);
    expect(second.events[0]?.id).toBe(first.events[0]?.id);
  });

  test.each([['Bearer other'], ['s3cret'], ['Bearer '], ['Bearer s3cret,Bearer s3cret']])(
    'by token: %j is refused',
    async (authorization) => {
      const { outcome } = await send('status', 's3cret', { headers: { authorization }, body: incident });
      expect(outcome.kind).toBe('rejected');
    },
  );

  test('by user and password: its form is read', async () => {
    const authorization = `Basic ${Buffer.from('door:bell').toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    const { events } = await send('doorbell', 'door:bell', { headers, body: 'ring=r1&where=back+door' });
    expect(events).toMatchObject([{ id: 'r1', type: 'ring' }]);
    const { outcome } = await send('doorbell', 'door:other', { headers, body: 'ring=r1' });
    expect(outcome).toMatchObject({ kind: 'rejected', reason: 'wrong-signature' });
  });

  test('by ed25519: its event is read, and one that is not wanted is not', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const secret = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
    const signed = (body: string): Sent => ({
      headers: {
        'content-type': 'application/json',
        'x-signature-timestamp': String(SECONDS),
        'x-signature-ed25519': sign(null, Buffer.from(`${SECONDS}${body}`), privateKey).toString('hex'),
      },
      body,
    });
    const { events } = await send('notary', secret, signed('{"seal":"n1","kind":"deed.signed"}'));
    expect(events).toMatchObject([{ id: 'n1', type: 'deed.signed' }]);
    const { outcome } = await send('notary', secret, signed('{"seal":"n2","kind":"will.signed"}'));
    expect(outcome).toMatchObject({ kind: 'filtered', type: 'will.signed' });
    const forged = {
      ...signed('{"seal":"n1","kind":"deed.signed"}'),
      body: '{"seal":"n1","kind":"deed.broken"}',
    };
    expect((await send('notary', secret, forged)).outcome).toMatchObject({ reason: 'wrong-signature' });
  });
});
