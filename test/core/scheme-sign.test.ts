import { describe, expect, test } from 'vitest';
import type { Scheme, SignatureScheme, SignatureVersion } from '../../lib/core/provider.ts';
import { sha256, sign, signingKeyPair } from '../../lib/core/scheme.ts';
import {
  hmac,
  hmacHex,
  identified,
  labelled,
  NOW,
  outcome,
  plain,
  post,
  URL_CALLED,
} from './scheme-cases.ts';

const body = '{"a":1}';

function signed(scheme: Scheme, secret: string, timestamp = NOW): Readonly<Record<string, string>> {
  return sign({ request: post({}, body), url: URL_CALLED, scheme, secret, id: 'm1', timestamp, steps: {} })
    .headers;
}

describe('what is signed', () => {
  test('has the headers that the provider would send', () => {
    expect(signed(plain, 'secret')).toEqual({ 'x-signature': `sha256=${hmac('secret', body)}` });
    const t = NOW / 1000;
    expect(signed(labelled, 'secret')).toEqual({
      'x-signature': `t=${t},v1=${hmac('secret', `${t}.${body}`)}`,
    });
    expect(signed(identified, 'secret')).toEqual({
      'x-id': 'm1',
      'x-time': String(t),
      'x-signature': `v1,${hmac('secret', `m1.${t}.${body}`, 'base64')}`,
    });
    expect(signed({ kind: 'token', header: 'x-token' }, 'secret')).toEqual({ 'x-token': 'secret' });
    expect(signed({ kind: 'token', header: 'authorization', prefix: 'Bearer ' }, 'secret')).toEqual({
      authorization: 'Bearer secret',
    });
    expect(signed({ kind: 'basic' }, 'Aladdin:open sesame')).toEqual({
      authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    });
  });

  test('has its time in whole units of the provider', () => {
    expect(signed(labelled, 'secret', NOW + 999)).toEqual(signed(labelled, 'secret', NOW));
    const scheme: SignatureScheme = { ...identified, timestamp: { unit: 'ms', toleranceSeconds: 300 } };
    expect(signed(scheme, 'secret', NOW + 999)['x-time']).toBe(String(NOW + 999));
  });

  test('covers URL and method too', () => {
    const scheme: SignatureScheme = { ...plain, signed: '{method} {url} {body}' };
    expect(signed(scheme, 'secret')).toEqual({
      'x-signature': `sha256=${hmac('secret', `POST ${URL_CALLED} ${body}`)}`,
    });
  });

  test('cannot be signed with what is no key, and the refusal does not quote it', () => {
    const version: SignatureVersion = { ...hmacHex, label: 'sha256', key: { encoding: 'base64' } };
    expect(() => signed({ ...plain, versions: [version] }, 'hush!')).toThrow(TypeError);
    expect(() => signed({ ...plain, versions: [version] }, 'hush!')).not.toThrow(/hush/);
    expect(() => signed({ kind: 'basic' }, 'hush!')).toThrow('user:password');
    expect(() => signed({ kind: 'step', step: 'twilio-signature' }, 'secret')).toThrow('loadSteps');
  });
});

describe('a fresh pair of keys', () => {
  const encodings = ['hex', 'base64'] as const;
  const versions: readonly SignatureVersion[] = [
    ...(['hmac-sha1', 'hmac-sha256', 'hmac-sha512'] as const).flatMap((algorithm) =>
      (['utf8', 'hex', 'base64'] as const).map(
        (encoding): SignatureVersion => ({ algorithm, encoding: 'hex', key: { encoding } }),
      ),
    ),
    ...(['ed25519', 'ecdsa-p256-sha256'] as const).flatMap((algorithm) =>
      encodings.flatMap((encoding): SignatureVersion[] => [
        { algorithm, encoding, key: { encoding } },
        { algorithm, encoding, key: { encoding, prefix: { text: 'key_', presence: 'required' } } },
        { algorithm, encoding, key: { encoding, prefix: { text: 'key_', presence: 'optional' } } },
        { algorithm, encoding, key: { encoding, prefix: { text: 'whpk_', presence: 'required' } } },
      ]),
    ),
  ];

  test.each(versions)(
    'signs and verifies: $algorithm in $encoding, key in $key.encoding',
    async (version) => {
      const scheme: SignatureScheme = {
        ...plain,
        families: [{ signature: { header: 'x-signature' } }],
        versions: [version],
      };
      const { secret, signer } = signingKeyPair(scheme);
      expect(await outcome(scheme, post(signed(scheme, signer), body), secret)).toBe('verified by newest');
      expect(await outcome(scheme, post(signed(scheme, signer), `${body} `), secret)).toBe('wrong-signature');
      expect(signingKeyPair(scheme)).not.toEqual({ secret, signer });
      if (version.algorithm.startsWith('hmac')) expect(signer).toBe(secret);
      else
        expect(await outcome(scheme, post(signed(scheme, signer), body), signer)).not.toBe(
          'verified by newest',
        );
    },
  );

  test.each<Scheme>([
    { kind: 'token', header: 'x-token' },
    { kind: 'token', header: 'x-token', prefix: 'Bearer ' },
    { kind: 'basic' },
  ])('signs and verifies: %j', async (scheme) => {
    const { secret, signer } = signingKeyPair(scheme);
    expect(signer).toBe(secret);
    expect(await outcome(scheme, post(signed(scheme, signer), body), secret)).toBe('verified by newest');
    expect(await outcome(scheme, post(signed(scheme, signer), body), signingKeyPair(scheme).secret)).toBe(
      'wrong-signature',
    );
  });
});

test('the SHA-256 of bytes and of text is the one of FIPS 180-4', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(sha256('abc')).toBe(abc);
  expect(sha256(Buffer.from('abc'))).toBe(abc);
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
