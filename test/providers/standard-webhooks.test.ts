import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Provider } from '../../lib/core/provider.ts';
import type { Request } from '../../lib/core/request.ts';
import { standardEvent, standardWebhooks } from '../../lib/providers/standard-webhooks.ts';
import { svix } from '../../lib/providers/svix.ts';
import { outcomeOf, signedAgain, verifyWith } from '../contracts/signed-request.ts';
import { JSON_TYPE, readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/standard-webhooks.ts';
import { fixture as svixFixture } from '../fixtures/svix.ts';

const { secret } = fixture;
const [{ request }] = fixture.samples;
const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
const t = '1795514400';

function v1(id: string, time: string, secretKey: Buffer | string = key): string {
  return `v1,${createHmac('sha256', secretKey).update(`${id}.${time}.`).update(request.body).digest('base64')}`;
}

function send(
  signature: string,
  secrets: readonly string[] = [secret],
  id = 'msg_1',
  time = t,
): Promise<string> {
  const headers = {
    ...JSON_TYPE,
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': signature,
  };
  return outcomeOf(fixture, { ...request, headers }, secrets);
}

describe('the secret', () => {
  test('is the base64 after whsec_, with or without that', async () => {
    expect(await send(v1('msg_1', t))).toBe('verified by newest');
    expect(await send(v1('msg_1', t), [secret.replace('whsec_', '')])).toBe('verified by newest');
    expect(await send(v1('msg_1', t, secret))).toBe('wrong-signature');
  });

  test('without a key in it is none', async () => {
    expect(await send(v1('msg_1', t, ''), ['whsec_'])).toBe('no-secret');
    expect(await send(v1('msg_1', t, ''), ['whsec_ '])).toBe('no-secret');
    expect(await send(v1('msg_1', t, ''), ['whpk_'])).toBe('no-secret');
  });

  test('that is public is no HMAC key, in base64 or as text', async () => {
    const publicKey = `whpk_${key.toString('base64')}`;
    for (const guess of [key, publicKey, publicKey.replace('whpk_', '')]) {
      expect(await send(v1('msg_1', t, guess), [publicKey])).toBe('wrong-signature');
    }
  });

  test('may be text for a sender that takes it as such, in a value of one’s own', async () => {
    if (standardWebhooks.scheme.kind !== 'signature') throw new Error('Standard Webhooks are signed');
    const [version] = standardWebhooks.scheme.versions;
    const provider: Provider = {
      ...standardWebhooks,
      scheme: { ...standardWebhooks.scheme, versions: [{ ...version, key: { encoding: 'utf8' } }] },
    };
    const signed = await signedAgain({ ...fixture, provider }, request, { signer: 'plain text' });
    expect(await outcomeOf({ ...fixture, provider }, signed, ['plain text'])).toBe('verified by newest');
    expect(await outcomeOf({ ...fixture, provider }, signed, ['whpk_text'])).toBe('no-secret');
  });
});

describe('the signature list', () => {
  test('is separated by spaces: any of an accepted version may match, unknown ones are skipped', async () => {
    const wrong = v1('msg_1', t, 'other');
    for (const list of [
      `${wrong} ${v1('msg_1', t)}`,
      `${v1('msg_1', t)} ${wrong}`,
      `v2,abc v0, v1a,x ${v1('msg_1', t)}`,
    ]) {
      expect(await send(list), list).toBe('verified by newest');
    }
    expect(await send(`v2${v1('msg_1', t).slice(2)}`)).toBe('malformed-signature');
  });

  test('that the gateway joined of two headers is refused', async () => {
    const one = v1('msg_1', t);
    expect(await send(`${one},${one}`)).toBe('malformed-signature');
    expect(await send(`${one}, ${one}`)).toBe('malformed-signature');
  });

  test('in milliseconds lies in the future', async () => {
    expect(await send(v1('msg_1', `${t}000`), [secret], 'msg_1', `${t}000`)).toBe('future-timestamp');
  });
});

describe('a retry', () => {
  test('is signed anew with a new time, and stays the same message', async () => {
    const later = { ...request, receivedAt: request.receivedAt + 24 * 3_600_000 };
    expect(await outcomeOf(fixture, later, [secret])).toBe('stale-timestamp');
    const retried = await signedAgain(fixture, later, { signer: secret });
    expect(await outcomeOf(fixture, retried, [secret])).toBe('verified by newest');
    expect(retried.headers['webhook-id']).toBe(request.headers['webhook-id']);
    expect(retried.headers['webhook-timestamp']).not.toBe(request.headers['webhook-timestamp']);
  });
});

describe('the event', () => {
  test('needs no type, time or resource in its body', async () => {
    const source = sourceOf(standardWebhooks);
    const headers = { ...JSON_TYPE, 'webhook-id': 'msg_1' };
    for (const body of ['{}', '[]', 'null', '{"data":{"id":null}}', '{"type":17.5e3}']) {
      expect((await readOne(source, { headers, body })).id, body).toBe('msg_1');
    }
    expect((await readOne(source, { headers, body: '{}' })).type).toBe('message');
  });

  test.each([standardWebhooks, svix])(
    'is about no resource until its source says which: $name',
    async (provider) => {
      const headers = { ...JSON_TYPE, 'webhook-id': 'msg_1' };
      // An order and a user may have one id, and then they had one order.
      const body = '{"type":"user.updated","timestamp":"2026-11-24T09:59:58Z","data":{"id":7}}';
      const event = await readOne(sourceOf(provider), { headers, body });
      expect(event).toMatchObject({ type: 'user.updated', time: Date.UTC(2026, 10, 24, 9, 59, 58) });
      expect(event).not.toHaveProperty('subject');
      expect(event).not.toHaveProperty('version');
      const own = {
        ...provider,
        name: 'own',
        events: [
          {
            ...standardEvent,
            when: [{ at: '{body:type}', equals: 'user.updated' }],
            subject: 'users/{body:data.id}',
            version: { at: '{body:timestamp}', unit: 'iso' },
          },
          standardEvent,
        ],
      } as const;
      expect(await readOne(sourceOf(own), { headers, body })).toMatchObject({
        subject: 'users/7',
        version: '01795514398000000000',
      });
    },
  );
});

describe('the families of headers', () => {
  const [{ request: branded }, standard] = svixFixture.samples;
  if (standard === undefined) throw new Error('the fixture has both families');

  async function idOf(sent: Request): Promise<string> {
    const answer = await verifyWith(svixFixture, sent, [svixFixture.secret]);
    if (answer.kind === 'rejected') return answer.reason;
    const { headers, body } = answer.verified.request;
    return (await readOne(sourceOf(svix), { headers, body })).id;
  }

  test('of Svix come first, and none lends a header to the other', async () => {
    expect(await idOf(branded)).toBe('msg_p5jXN8AQM9LWM0D4loKWxJek');
    expect(await idOf(standard.request)).toBe('msg_p5jXN8AQM9LWM0D4loKWxJel');
    const { 'webhook-id': id = '', 'webhook-timestamp': time = '' } = standard.request.headers;
    const mixed = { ...branded.headers, 'webhook-id': id, 'webhook-timestamp': time, 'svix-id': '' };
    expect(await idOf({ ...branded, headers: mixed })).toBe('missing-id');
  });

  test('that were not verified give no id: a captured message stays the same one', async () => {
    const headers = { ...standard.request.headers, 'svix-id': 'msg_forged', 'svix-timestamp': t };
    expect(await idOf({ ...standard.request, headers })).toBe('msg_p5jXN8AQM9LWM0D4loKWxJel');
    const other = { ...branded.headers, 'webhook-id': 'msg_forged' };
    expect(await idOf({ ...branded, headers: other })).toBe('msg_p5jXN8AQM9LWM0D4loKWxJek');
  });

  test('of Svix mean nothing to a source of Standard Webhooks', async () => {
    expect(await outcomeOf({ ...fixture, provider: standardWebhooks }, branded, [svixFixture.secret])).toBe(
      'missing-signature',
    );
  });
});
