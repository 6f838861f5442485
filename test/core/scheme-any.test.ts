import { describe, expect, test } from 'vitest';
import type { AnyScheme } from '../../lib/core/provider.ts';
import { macOf, sign } from '../../lib/core/scheme.ts';
import { check, hmac, hmacHex, outcome, plain, post, secretsOf } from './scheme-cases.ts';

const body = '{"a":1}';

/** As GitLab has it: a signature under a key with a prefix, or else the plain token. */
const scheme: AnyScheme = {
  kind: 'any',
  of: [
    {
      ...plain,
      versions: [
        {
          ...hmacHex,
          label: 'sha256',
          key: { encoding: 'utf8', prefix: { text: 'key_', presence: 'required' } },
        },
      ],
    },
    { kind: 'token', header: 'x-token' },
  ],
};
const signature = { 'x-signature': `sha256=${hmac('one', body)}` };
const forged = { 'x-signature': `sha256=${hmac('two', body)}` };

describe('several schemes', () => {
  test('are told apart by what the request carries', async () => {
    const secrets = secretsOf('key_one', 'plain');
    expect(await outcome(scheme, post(signature), secrets)).toBe('verified by newest');
    expect(await outcome(scheme, post({ 'x-token': 'plain' }), secrets)).toBe('verified by older');
    expect(await outcome(scheme, post({}), secrets)).toBe('missing-signature');
  });

  test('never save a wrong signature by the token beside it', async () => {
    const secrets = secretsOf('key_one', 'plain');
    expect(await outcome(scheme, post({ ...forged, 'x-token': 'plain' }), secrets)).toBe('wrong-signature');
    expect(await outcome(scheme, post({ 'x-signature': '', 'x-token': 'plain' }), secrets)).toBe(
      'missing-signature',
    );
    expect(await outcome(scheme, post({ 'x-signature': 'x', 'x-token': 'plain' }), secrets)).toBe(
      'malformed-signature',
    );
  });

  test('are only those that a secret is a key of: without one, the next decides', async () => {
    expect(await outcome(scheme, post({ ...forged, 'x-token': 'plain' }), 'plain')).toBe(
      'verified by newest',
    );
    expect(await outcome(scheme, post(signature), 'plain')).toBe('no-secret');
    expect(await outcome(scheme, post({ 'x-token': 'plain' }), 'key_one')).toBe('wrong-signature');
  });

  test('pass on no header of those that were not used', async () => {
    const seen = async (headers: Record<string, string>): Promise<readonly string[]> => {
      const answer = await check(scheme, post({ ...headers, 'x-other': '1' }), secretsOf('key_one', 'plain'));
      return answer.kind === 'verified' ? Object.keys(answer.verified.request.headers) : [answer.reason];
    };
    expect(await seen({ ...signature, 'x-token': 'plain' })).toEqual(['x-signature', 'x-other']);
    expect(await seen({ 'x-token': 'plain' })).toEqual(['x-token', 'x-other']);
  });

  test('sign by the first that the secret is a key of', () => {
    const input = { request: post({}, body), url: '', scheme, id: '', timestamp: 0, steps: {} };
    expect(sign({ ...input, secret: 'key_one' }).headers).toEqual(signature);
    expect(sign({ ...input, secret: 'plain' }).headers).toEqual({ 'x-token': 'plain' });
  });
});

test('a MAC over a text is made by the first secret that is a key, as the scheme writes it', () => {
  expect(macOf(scheme, secretsOf('plain', 'key_one').signing, 'abc')).toBe(hmac('one', 'abc'));
  expect(macOf(scheme, secretsOf('plain').signing, 'abc')).toBeUndefined();
  expect(macOf({ kind: 'basic' }, secretsOf('a:b').signing, 'abc')).toBeUndefined();
});
