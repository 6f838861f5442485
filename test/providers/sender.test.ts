import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Provider } from '../../lib/core/provider.ts';
import { parseSources } from '../../lib/core/source.ts';
import { basicSender } from '../../lib/providers/basic.ts';
import { bearerSender } from '../../lib/providers/bearer.ts';
import { hmacSender } from '../../lib/providers/hmac.ts';
import { post } from '../contracts/provider-fixture.ts';
import { outcomeOf } from '../contracts/signed-request.ts';
import { JSON_TYPE, readOne, sourceOf } from '../core/intake-cases.ts';

const NOW = '2026-11-24T10:00:00Z';
const check = (provider: Provider, headers: Record<string, string>, body: string): Promise<string> =>
  outcomeOf({ provider, publicUrl: 'https://hooks.example.com' }, post('/acme', headers, body, NOW), [
    'secret',
  ]);
const parsed = (provider: Provider): Provider | undefined =>
  parseSources({ acme: { provider } })[0]?.provider;

describe('of a sender that is not in the list', () => {
  test('equal bodies are one event and others are not, whatever resource they are about', async () => {
    const source = sourceOf(hmacSender());
    const ids = await Promise.all(
      ['{"id":7,"state":"a"}', '{"id":7,"state":"b"}', '{"id":7,"state":"a"}'].map(
        async (body) => (await readOne(source, { body })).id,
      ),
    );
    expect(new Set(ids).size).toBe(2);
    expect(ids[2]).toBe(ids[0]);
  });

  test.each([
    ['{"type":"a","event":"b"}', 'a'],
    ['{"event":"b"}', 'b'],
    ['{"event":{"name":"b"}}', 'event'],
    ['[1]', 'event'],
  ])('%s has the type %s', async (body, type) => {
    expect((await readOne(sourceOf(bearerSender()), { body })).type).toBe(type);
  });

  test('a body that is no JSON is an event too', async () => {
    const event = await readOne(sourceOf(basicSender()), {
      body: Buffer.from([0, 255]),
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(event.type).toBe('event');
  });

  test('an id in a header, which a signature over the body leaves out, is an unsigned one', () => {
    const id = ['{header:x-event-id}', '{digest}'];
    expect(hmacSender({ id }).idCoverage).toBe('unsigned');
    expect(hmacSender({ id: '{body:event_id}' }).idCoverage).toBe('signed');
    expect(bearerSender({ id }).idCoverage).toBe('signed');
  });
});

test('a captured body is no other event under another id or type, where both lie outside the signed bytes', async () => {
  const source = sourceOf(hmacSender({ id: '{header:x-id}', type: '{header:x-type}' }));
  const sent = (id: string, type: string) =>
    readOne(source, { body: '{"a":1}', headers: { ...JSON_TYPE, 'x-id': id, 'x-type': type } });
  const [genuine, again, forged] = [await sent('1', 'a'), await sent('2', 'a'), await sent('3', 'b')];
  expect(new Set([genuine, again, forged].map(({ content }) => content)).size).toBe(1);
  expect(again.fingerprint).toBe(genuine.fingerprint);
  // Under one mark with another fingerprint: refused as forged.
  expect(forged.fingerprint).not.toBe(genuine.fingerprint);
});

describe('what is said of it', () => {
  test('makes a value that a source takes, and staging changes nothing of', () => {
    for (const provider of [
      hmacSender({
        name: 'acme',
        header: 'x-acme-signature',
        label: 'sha256',
        id: '{header:x-acme-id}',
        type: 'order.{body:state}',
        subject: 'order/{body:order}',
        version: { at: '{body:revision}', unit: 'integer' },
        timestamp: { header: 'x-acme-time', unit: 'ms', toleranceSeconds: 60 },
        delivery: { timeoutMs: 3_000, retries: { spanSeconds: 3_600 } },
      }),
      bearerSender({ name: 'acme', header: 'x-token', split: 'items', volatile: ['attempt'] }),
      basicSender({ name: 'acme', title: 'Acme', acknowledge: { status: 202 } }),
    ]) {
      expect(JSON.parse(JSON.stringify(provider))).toEqual(provider);
      expect(parsed(provider)).toEqual(provider);
      expect(provider.name).toBe('acme');
    }
    expect(basicSender({ name: 'acme', title: 'Acme' }).title).toBe('Acme');
    expect(basicSender({ name: 'acme' }).title).toBe('acme');
  });

  test('of its signature is what is checked: algorithm, encoding, label, key and time', async () => {
    const body = '{"a":1}';
    const key = Buffer.from('secret').toString('base64');
    const time = String(Date.parse(NOW) / 1000 - 59);
    const mac = createHmac('sha512', 'secret').update(`${time}.${body}`).digest('base64url');
    const provider = hmacSender({
      header: 'x-acme-signature',
      label: 'v1',
      algorithm: 'hmac-sha512',
      encoding: 'base64url',
      key: { encoding: 'base64' },
      timestamp: { header: 'x-acme-time', unit: 's', toleranceSeconds: 60 },
    });
    const sent = (headers: Record<string, string>): Promise<string> =>
      outcomeOf(
        { provider, publicUrl: 'https://hooks.example.com' },
        post('/acme', { ...JSON_TYPE, ...headers }, body, NOW),
        [key],
      );
    expect(await sent({ 'x-acme-signature': `v1=${mac}`, 'x-acme-time': time })).toBe('verified by newest');
    expect(await sent({ 'x-acme-signature': mac, 'x-acme-time': time })).toBe('malformed-signature');
    expect(await sent({ 'x-acme-signature': `v1=${mac}` })).toBe('missing-timestamp');
    expect(await sent({ 'x-acme-signature': `v1=${mac}`, 'x-acme-time': `${time}0` })).toBe(
      'wrong-signature',
    );
  });

  test('may be a token in a header of its own, with or without a word before it', async () => {
    expect(await check(bearerSender({ header: 'x-token' }), { 'x-token': 'secret' }, '{}')).toBe(
      'verified by newest',
    );
    expect(
      await check(bearerSender({ header: 'x-token', prefix: 'Token ' }), { 'x-token': 'Token secret' }, '{}'),
    ).toBe('verified by newest');
    expect(await check(bearerSender({ prefix: '' }), { authorization: 'secret' }, '{}')).toBe(
      'verified by newest',
    );
    expect(await check(bearerSender(), { authorization: 'secret' }, '{}')).toBe('malformed-signature');
  });
});
