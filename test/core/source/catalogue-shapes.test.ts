import { describe, expect, test } from 'vitest';
import { rootPlace } from '../../../lib/core/place.ts';
import type { Handshake, Scheme, SignatureScheme } from '../../../lib/core/provider.ts';
import { provider } from '../../../lib/core/source/provider-shape.ts';
import type { ProviderDefinition } from '../../../lib/core/source.ts';
import { parseSources } from '../../../lib/core/source.ts';
import { signed, token } from './own-provider.ts';

function problems(value: ProviderDefinition): readonly string[] {
  const place = rootPlace('provider');
  const read = provider(structuredClone(value), place);
  expect(read === undefined && place.problems.length === 0).toBe(false);
  return place.problems;
}

const withScheme = (scheme: Scheme): readonly string[] => problems({ ...token, scheme });
const withHandshake = (handshake: Handshake, scheme: Scheme = hmac): readonly string[] =>
  problems({ ...token, scheme, handshakes: [handshake] });

const hmac: SignatureScheme = {
  kind: 'signature',
  families: [{ signature: { header: 'x-signature' } }],
  signed: '{body}',
  versions: [{ algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
};
const ed25519: SignatureScheme = {
  ...hmac,
  versions: [{ algorithm: 'ed25519', encoding: 'hex', key: { encoding: 'hex' } }],
};
const timed: SignatureScheme = { ...hmac, timestamp: { unit: 'ms', toleranceSeconds: 60 } };
const inBody = { signature: { header: 'x-signature' }, timestamp: { body: 'sent.at' } } as const;

describe('a scheme is taken', () => {
  test.each<[string, Scheme]>([
    ['a token in the URL', { kind: 'token', query: 'token' }],
    ['a token in every item of the body', { kind: 'token', body: 'value.*.state' }],
    ['a signature, or else a token', { kind: 'any', of: [hmac, { kind: 'token', header: 'x-token' }] }],
    [
      'several public keys',
      { kind: 'any', of: [ed25519, { ...ed25519, families: [{ signature: { header: 'x-other' } }] }] },
    ],
    ['more signature headers', { ...hmac, families: [{ signature: { header: 'x-1', also: ['x-2'] } }] }],
    ['a time in the body', { ...timed, families: [inBody] }],
    ['a step with a tolerance', { kind: 'step', step: 'paypal-signature', toleranceSeconds: 259_200 }],
  ])('%s', (_, scheme) => {
    expect(withScheme(scheme)).toEqual([]);
  });
});

describe('a scheme is refused', () => {
  test.each<[string, unknown, string]>([
    [
      'any of one',
      { kind: 'any', of: [hmac] },
      'provider.scheme.of: found a list of 1; allowed: a list with at least two schemes',
    ],
    [
      'any within any',
      { kind: 'any', of: [hmac, { kind: 'any', of: [hmac, hmac] }] },
      'provider.scheme.of[1].kind: found "any"',
    ],
    [
      'a public key beside a shared secret, which everybody would know',
      { kind: 'any', of: [ed25519, { kind: 'token', header: 'x-token' }] },
      'provider.scheme.of: found a public key beside another kind of secret',
    ],
    [
      'a scheme behind one that every request is looked at by',
      { kind: 'any', of: [{ kind: 'token', body: 'token' }, hmac] },
      'provider.scheme.of[0]: found a scheme that every request is looked at by',
    ],
    [
      'two steps',
      {
        kind: 'any',
        of: [
          { kind: 'step', step: 'adyen-signature' },
          { kind: 'step', step: 'paypal-signature' },
        ],
      },
      'provider.scheme.of[1]: found another step',
    ],
    [
      'two schemes that lie in one header',
      { kind: 'any', of: [hmac, { kind: 'token', header: 'x-signature' }] },
      'provider.scheme.of[1]: found the place of "of[0]"',
    ],
    ['a token that lies nowhere', { kind: 'token' }, 'provider.scheme.header: found nothing'],
    [
      'a token in two places',
      { kind: 'token', header: 'x-token', query: 'token' },
      'found the unknown field "header"',
    ],
    [
      'a signature header twice',
      { ...hmac, families: [{ signature: { header: 'x-1', also: ['x-1'] } }] },
      'signature.also: found a header twice',
    ],
    [
      'a time in a signature header',
      {
        ...timed,
        signed: '{timestamp}{body}',
        families: [{ signature: { header: 'x-1', also: ['x-2'] }, timestamp: { header: 'x-2' } }],
      },
      'timestamp: found "x-2"',
    ],
    [
      'a time in the body without a tolerance',
      { ...hmac, families: [inBody] },
      'provider.scheme.timestamp: found nothing; allowed: unit and toleranceSeconds, since the body holds',
    ],
    [
      'a time that is signed twice',
      { ...timed, signed: '{timestamp}{body}', families: [inBody] },
      'timestamp: found a path in the body',
    ],
    [
      'a time in the body of some families',
      { ...timed, families: [inBody, { signature: { header: 'x-2' } }] },
      'families: found a signed time in the body of some',
    ],
    [
      'a time at many places of the body',
      { ...timed, families: [{ ...inBody, timestamp: { body: 'a.*.at' } }] },
      'timestamp.body: found "a.*.at"; allowed: a path to one value',
    ],
    [
      'labels that begin as the separator does',
      { ...hmac, families: [{ signature: { header: 'x-1', separator: ', ', assign: ',' } }] },
      'signature.assign: found ","',
    ],
  ])('%s', (_, scheme, problem) => {
    expect(withScheme(scheme as Scheme)).toContainEqual(expect.stringContaining(problem));
  });
});

describe('a set-up request', () => {
  const get: Handshake = { method: 'GET', guard: 'none', answer: { status: 200, text: '{query:challenge}' } };
  const mac: Handshake = {
    ...get,
    mac: '{query:token}',
    answer: { status: 200, json: { response: '{mac}' } },
  };

  test.each<[string, Handshake]>([
    ['by another method, without a condition', get],
    ['with a verify token', { ...get, guard: { verifyToken: '{query:t}' } }],
    ['that is confirmed by a call', { ...get, guard: { confirms: 'sns-confirmation' } }],
    ['that brings the secret', { ...get, guard: { installs: '{header:x-hook-secret}' } }],
    [
      'with a MAC and headers',
      {
        ...mac,
        answer: { status: 200, headers: { 'x-echo': '{header:x-secret}', 'x-mac': '{mac}' }, text: 'ok' },
      },
    ],
  ])('is taken %s', (_, handshake) => {
    expect(withHandshake(handshake)).toEqual([]);
  });

  test.each<[string, unknown, Scheme, string]>([
    [
      'a POST without a condition: no request would be a delivery',
      { ...get, method: 'POST' },
      hmac,
      'when: found nothing; allowed: at least one condition',
    ],
    [
      'a verify token that is always the same',
      { ...get, guard: { verifyToken: 'x' } },
      hmac,
      'guard.verifyToken: found "x"',
    ],
    [
      'a secret that it brings, and that is always the same',
      { ...get, guard: { installs: 'x' } },
      hmac,
      'guard.installs: found "x"',
    ],
    [
      'a secret that it brings to a scheme of public keys',
      { ...get, guard: { installs: '{query:s}' } },
      ed25519,
      'guard: found a secret that comes in a request; allowed: nothing, since the scheme has no MAC',
    ],
    [
      'a secret that it brings to a scheme of tokens',
      { ...get, guard: { installs: '{query:s}' } },
      { kind: 'token', header: 'x-token' },
      'guard: found a secret that comes in a request',
    ],
    [
      'a call that confirms, by a scheme that signs nothing',
      { ...get, guard: { confirms: 'sns-confirmation' } },
      { kind: 'token', header: 'x-token' },
      'guard: found a call that confirms; allowed: nothing, since the scheme signs no request',
    ],
    [
      'a call that nobody knows',
      { ...get, guard: { confirms: 'https://example.com' } },
      hmac,
      'guard.confirms: found "https://example.com"; allowed: "sns-confirmation"',
    ],
    [
      'a MAC beside a call that confirms',
      { ...mac, guard: { confirms: 'sns-confirmation' } },
      hmac,
      'mac: found "{query:token}"; allowed: nothing: a call is the answer that the provider wants',
    ],
    [
      'a MAC for whoever brings the secret',
      { ...mac, guard: { installs: '{query:s}' } },
      hmac,
      'mac: found "{query:token}"; allowed: nothing: who brings the secret',
    ],
    [
      '{mac} without saying of what',
      { ...mac, mac: undefined },
      hmac,
      'mac: found nothing; allowed: what the {mac} of the answer',
    ],
    [
      'a MAC that no answer shows',
      { ...get, mac: '{query:token}' },
      hmac,
      'mac: found "{query:token}"; allowed: what the {mac} of the answer',
    ],
    ['{mac} in a condition', { ...mac, when: [{ at: '{mac}' }] }, hmac, 'which is unknown here'],
    [
      'a MAC for anybody where more than the body is signed',
      mac,
      { ...hmac, signed: 'v0:{body}' },
      'mac: found "{query:token}"; allowed: guard: "verified"',
    ],
    [
      'a MAC under a scheme without one',
      mac,
      ed25519,
      'mac: found "{query:token}"; allowed: nothing, since the scheme has no MAC',
    ],
    [
      'a MAC of the secret itself',
      mac,
      { kind: 'token', query: 'token' },
      'mac: found the query "token", which carries the secret',
    ],
    [
      'a header in capitals',
      { ...get, answer: { status: 200, headers: { Allow: 'POST' } } },
      hmac,
      'the name "Allow"',
    ],
  ])('is refused: %s', (_, handshake, scheme, problem) => {
    expect(withHandshake(handshake as Handshake, scheme)).toContainEqual(expect.stringContaining(problem));
  });
});

describe('a batch', () => {
  test('lies at paths that end in "*"', () => {
    expect(problems({ ...token, split: ['entry.*.changes.*', 'entry.*.messaging.*'] })).toEqual([]);
    for (const split of [[], ['value'], [''], 'all', ['a..*'], ['a.*.b']])
      expect(problems({ ...token, split: split as never }), String(split)).toHaveLength(1);
  });
});

describe('the secret itself', () => {
  test('in the URL is read by no template', () => {
    const value: ProviderDefinition = {
      ...token,
      scheme: { kind: 'token', query: 'token' },
      events: [{ id: '{body:id}', type: '{query:token?}x' }],
    };
    expect(problems(value)).toEqual([expect.stringContaining('the query "token", which carries the secret')]);
  });
});

describe('ids of a provider with several schemes', () => {
  const identified: SignatureScheme = signed.scheme;
  const of = [identified, { kind: 'token', header: 'x-token' }] as const;
  const ids = (id: readonly string[]): readonly string[] =>
    problems({ ...token, scheme: { kind: 'any', of }, events: [{ id, type: 'x' }] });

  test('are covered by each of them: what comes after an id that is always signed is never read', () => {
    expect(ids(['{header:x-id}', '{header:x-key}'])).toEqual([]);
    expect(ids(['{header:x-key}', '{header:x-id}'])).toEqual([
      expect.stringContaining('"x-key" lies outside the signed bytes'),
    ]);
    expect(ids(['{header:x-id}/{header:x-key}'])).toEqual([
      expect.stringContaining('"x-key" lies outside the signed bytes'),
    ]);
    expect(ids(['{header:x-id?}-', '{header:x-key}'])).toHaveLength(1);
  });
});

test('a tolerance is an option where one of the schemes, or its step, signs a time', () => {
  const source = (scheme: Scheme): unknown =>
    parseSources({ one: { provider: { ...token, scheme }, toleranceSeconds: 30 } });
  expect(() =>
    source({ kind: 'any', of: [{ ...timed, families: [inBody] }, { kind: 'basic' }] }),
  ).not.toThrow();
  expect(() => source({ kind: 'step', step: 'paypal-signature', toleranceSeconds: 60 })).not.toThrow();
  expect(() => source({ kind: 'step', step: 'twilio-signature' })).toThrow(/toleranceSeconds: found 30/);
  expect(() => source({ kind: 'any', of: [hmac, { kind: 'basic' }] })).toThrow(/toleranceSeconds: found 30/);
});
