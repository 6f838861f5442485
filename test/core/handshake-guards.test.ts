import { describe, expect, test } from 'vitest';
import { signedHandshake, unsignedHandshake } from '../../lib/core/handshake.ts';
import type { Handshake, Provider } from '../../lib/core/provider.ts';
import { markVerified } from '../../lib/core/scheme/verified.ts';
import type { SourceSecrets } from '../../lib/core/secret.ts';
import type { Source } from '../../lib/core/source.ts';
import { plainProvider, requestOf, type Sent, sourceOf } from './intake-cases.ts';
import { secretsOf, signed, signingProvider, take, world } from './intake-world.ts';
import { hmac } from './scheme-cases.ts';

const SECRET = 'canary-secret-1';
const providerWith = (handshake: Handshake): Provider => signingProvider({ handshakes: [handshake] });
const sourceWith = (handshake: Handshake): Source => sourceOf(providerWith(handshake));

describe('a set-up request that a verify token guards', () => {
  const source = sourceWith({
    method: 'GET',
    guard: { verifyToken: '{query:hub.verify_token}' },
    when: [{ at: '{query:hub.mode}', equals: 'subscribe' }],
    answer: { status: 200, text: '{query:hub.challenge}' },
  });
  const asked = (token: string, secrets?: SourceSecrets, challenge = 'hub.challenge=1158201444') =>
    unsignedHandshake(
      source,
      requestOf({
        method: 'GET',
        body: '',
        query: `hub.mode=subscribe&${challenge}&hub.verify_token=${token}`,
      }),
      secrets,
    );

  test('asks for the secrets, and answers whoever knows the token', () => {
    expect(asked('right')).toEqual({ kind: 'secrets-needed' });
    expect(asked('right', { ...secretsOf(SECRET), verify: 'right' })).toMatchObject({
      kind: 'handshake',
      status: 200,
      body: '1158201444',
      headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
    });
  });

  test('is refused with another token, with none stored, and with the signing secret in its place', () => {
    const wrong = { kind: 'rejected', reason: 'wrong-signature' };
    expect(asked('wrong', { ...secretsOf(SECRET), verify: 'right' })).toMatchObject(wrong);
    expect(asked('', { ...secretsOf(SECRET), verify: 'right' })).toMatchObject(wrong);
    expect(asked(SECRET, secretsOf(SECRET))).toMatchObject(wrong);
    expect(asked('undefined', secretsOf(SECRET))).toMatchObject(wrong);
  });

  test('without a challenge is refused as unusable', () => {
    expect(asked('right', { ...secretsOf(SECRET), verify: 'right' }, 'a=1')).toMatchObject({
      reason: 'unusable-handshake',
    });
  });
});

describe('a MAC that anybody may ask for', () => {
  const handshake: Handshake = {
    method: 'GET',
    guard: 'none',
    when: [{ at: '{query:crc_token}' }],
    mac: '{query:crc_token}',
    answer: { status: 200, json: { response_token: 'sha256={mac}' } },
  };
  const source = sourceWith(handshake);
  const asked = (token: string) =>
    unsignedHandshake(
      source,
      requestOf({ method: 'GET', body: '', query: `crc_token=${encodeURIComponent(token)}` }),
      secretsOf(SECRET),
    );

  test('is the scheme’s own, by the newest secret', () => {
    expect(asked('abc-_9')).toMatchObject({
      status: 200,
      body: JSON.stringify({ response_token: `sha256=${hmac(SECRET, 'abc-_9')}` }),
    });
  });

  test('is never given of a text that could be a delivery: so it is no signing oracle', () => {
    for (const token of [
      '{}',
      '{"id":1}',
      '[1]',
      '"x"',
      'v0:1795514400:{}',
      '1.5',
      'a b',
      'a\n',
      'ä',
      '',
      'x'.repeat(129),
    ]) {
      const answer = asked(token);
      expect(answer === undefined || answer.kind === 'rejected', token).toBe(true);
    }
  });

  test('makes no signature of a body: what is signed for anybody is refused as one', async () => {
    const provider = providerWith(handshake);
    for (const body of ['123', 'true', 'abc-_9'])
      expect(await take(signed({ body }), { provider }), body).toMatchObject({
        kind: 'rejected',
        reason: 'wrong-signature',
      });
    expect(await take(signed({ body: '123' }), { provider: signingProvider() })).toMatchObject({
      kind: 'accepted',
    });
    expect(await take(signed({ body: '{"id":"1"}' }), { provider })).toMatchObject({ kind: 'accepted' });
  });

  test('needs a secret', () => {
    const query = 'crc_token=abc';
    expect(
      unsignedHandshake(source, requestOf({ method: 'GET', body: '', query }), { signing: [] }),
    ).toMatchObject({ reason: 'no-secret' });
  });
});

describe('a signed set-up request that wants a MAC', () => {
  const source = sourceWith({
    method: 'POST',
    guard: 'verified',
    media: 'json',
    when: [{ at: '{body:event}', equals: 'endpoint.url_validation' }],
    mac: '{body:plainToken}',
    answer: { status: 200, json: { plainToken: '{body:plainToken}', encryptedToken: '{mac}' } },
  });
  const verified = (sent: Sent, age: 'newest' | 'older' = 'newest') => markVerified(requestOf(sent), age);
  const sent = { body: '{"event":"endpoint.url_validation","plainToken":"qgg8vlvZRS6UYooatFL8Aw"}' };

  test('is answered with the secret that it was signed with', () => {
    const body = (secret: string): string =>
      JSON.stringify({
        plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
        encryptedToken: hmac(secret, 'qgg8vlvZRS6UYooatFL8Aw'),
      });
    expect(signedHandshake(source, verified(sent))).toEqual({ kind: 'secrets-needed' });
    expect(signedHandshake(source, verified(sent), secretsOf('new', 'old'))).toMatchObject({
      body: body('new'),
    });
    expect(signedHandshake(source, verified(sent, 'older'), secretsOf('new', 'old'))).toMatchObject({
      body: body('old'),
    });
  });

  test('is not answered where it is not signed', () => {
    expect(unsignedHandshake(source, requestOf(sent), secretsOf('new'))).toBeUndefined();
  });

  test('is refused when its token could be a signed text', () => {
    const forged = { body: '{"event":"endpoint.url_validation","plainToken":"v0:1795514400:{}"}' };
    expect(signedHandshake(source, verified(forged), secretsOf('new'))).toMatchObject({
      reason: 'unusable-handshake',
    });
  });
});

describe('headers of an answer', () => {
  const source = sourceOf(
    plainProvider({
      handshakes: [
        {
          method: 'OPTIONS',
          guard: 'none',
          when: [{ at: '{header:webhook-request-origin}' }],
          answer: {
            status: 200,
            headers: {
              'webhook-allowed-origin': '{header:webhook-request-origin}',
              'webhook-allowed-rate': '{header:webhook-request-rate}',
              allow: 'POST',
            },
          },
        },
        { method: 'HEAD', guard: 'none', answer: { status: 200 } },
      ],
    }),
  );

  test('are filled from the request; one without a value is left out', () => {
    const asked = (headers: Record<string, string>) =>
      unsignedHandshake(source, requestOf({ method: 'OPTIONS', body: '', headers }));
    expect(asked({ 'webhook-request-origin': 'eventemitter.example.com' })).toMatchObject({
      headers: {
        'x-content-type-options': 'nosniff',
        'webhook-allowed-origin': 'eventemitter.example.com',
        allow: 'POST',
      },
    });
    expect(asked({ 'webhook-request-origin': 'a', 'webhook-request-rate': '120' })).toMatchObject({
      headers: { 'webhook-allowed-rate': '120' },
    });
    const split = asked({ 'webhook-request-origin': 'a\r\nset-cookie: b' });
    expect(split?.kind === 'handshake' && split.headers).not.toHaveProperty('webhook-allowed-origin');
  });

  test('a probe by another method than POST needs no condition', () => {
    expect(unsignedHandshake(source, requestOf({ method: 'HEAD', body: '' }))).toMatchObject({
      status: 200,
      body: '',
    });
    expect(unsignedHandshake(source, requestOf({ method: 'POST', body: '{}' }))).toBeUndefined();
  });
});

describe('intake of a handshake that needs secrets', () => {
  const provider = providerWith({
    method: 'GET',
    guard: { verifyToken: '{query:t}' },
    answer: { status: 200, text: 'ok-{query:c}' },
  });
  const get = { method: 'GET', body: '', query: 't=right&c=1' } as const;

  test('reads them, and newer ones when the token does not fit', async () => {
    const ports = world({
      secrets: {
        read: async () => ({ ...secretsOf(SECRET), verify: 'old' }),
        refresh: async () => ({ ...secretsOf(SECRET), verify: 'right' }),
      },
    });
    expect(await take(get, { provider, ports })).toMatchObject({
      kind: 'handshake',
      answer: { status: 200, body: 'ok-1' },
    });
    expect(ports.calls).toEqual(['read', 'refresh']);
    expect(ports.sent).toEqual([]);
  });

  test('is refused with 401 when it never fits, and reads no secret where it is none', async () => {
    const ports = world();
    expect(await take(get, { provider, ports })).toMatchObject({
      kind: 'rejected',
      reason: 'wrong-signature',
    });
    const plain = world();
    await take({ ...get, method: 'HEAD' }, { provider, ports: plain });
    expect(plain.calls).toEqual([]);
  });
});
