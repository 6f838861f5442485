import { createHmac, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SignatureScheme, SignatureVersion } from '../../lib/core/provider.ts';
import { keyOf } from '../../lib/core/scheme/key.ts';
import { signingKeyPair } from '../../lib/core/scheme.ts';
import { hmac, hmacHex, outcome, plain, post } from './scheme-cases.ts';

const body = '{"a":1}';
const hex = hmac('secret', body);
const base64 = hmac('secret', body, 'base64');

function bare(version: Partial<SignatureVersion>): SignatureScheme {
  const { label: _, ...unlabelled } = hmacHex;
  return {
    ...plain,
    families: [{ signature: { header: 'x-signature' } }],
    versions: [{ ...unlabelled, ...version }],
  };
}

function send(version: Partial<SignatureVersion>, signature: string, secret = 'secret'): Promise<string> {
  return outcome(bare(version), post({ 'x-signature': signature }), secret);
}

describe('a signature in hex', () => {
  test('is 64 lower-case digits and nothing else', async () => {
    expect(await send({}, hex)).toBe('verified by newest');
    for (const text of [
      hex.toUpperCase(),
      hex.slice(0, -1),
      hex.slice(0, -2),
      `${hex}0`,
      `${hex}00`,
      `0x${hex}`,
      `${hex}g`,
      ` ${hex}`,
      `${hex}\n`,
      `${hex.slice(0, -1)}g`,
      hex.replace(/.$/, 'Ａ'),
    ]) {
      expect(await send({}, text), text).toBe('malformed-signature');
    }
  });
});

describe('a signature in base64', () => {
  const version = { encoding: 'base64' } as const;

  test('is canonical: standard alphabet, all padding, no unused bits', async () => {
    expect(await send(version, base64)).toBe('verified by newest');
    const urlSafe = base64.replaceAll('+', '-').replaceAll('/', '_');
    for (const text of [
      base64.replace('=', ''),
      `${base64}=`,
      `${base64}\n`,
      `${base64.slice(0, 20)} ${base64.slice(20)}`,
      `${base64}AAAA`,
      base64.slice(4),
      hex,
      '=',
      '====',
    ]) {
      expect(await send(version, text), text).toBe('malformed-signature');
    }
    if (urlSafe !== base64) expect(await send(version, urlSafe)).toBe('malformed-signature');
    const last = base64.at(-2) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const sameBytes = alphabet[alphabet.indexOf(last) + 1] ?? '';
    const other = `${base64.slice(0, -2)}${sameBytes}=`;
    expect(Buffer.from(other, 'base64')).toEqual(Buffer.from(base64, 'base64'));
    expect(await send(version, other)).toBe('malformed-signature');
  });

  test('has one text that is accepted, of all there are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: base64.length }),
        fc.string({ maxLength: 2 }),
        fc.nat({ max: 2 }),
        async (at, text, cut) => {
          const changed = base64.slice(0, at) + text + base64.slice(at + cut);
          const accepted = (await send(version, changed)) === 'verified by newest';
          expect(accepted).toBe(changed === base64);
        },
      ),
    );
  });
});

describe('algorithms', () => {
  test.each([
    ['hmac-sha1', 'sha1'],
    ['hmac-sha256', 'sha256'],
    ['hmac-sha512', 'sha512'],
  ] as const)('%s signs with %s, and takes no other length', async (algorithm, hash) => {
    const signature = createHmac(hash, 'secret').update(body).digest('hex');
    expect(await send({ algorithm }, signature)).toBe('verified by newest');
    expect(await send({ algorithm }, signature.slice(2))).toBe('malformed-signature');
    expect(await send({ algorithm }, createHmac('md5', 'secret').update(body).digest('hex'))).toBe(
      'malformed-signature',
    );
  });

  test('of public keys give a refusal for whatever is no signature', async () => {
    const ecdsa = {
      algorithm: 'ecdsa-p256-sha256',
      encoding: 'base64',
      key: { encoding: 'base64' },
    } as const;
    const ed25519 = { algorithm: 'ed25519', encoding: 'base64', key: { encoding: 'base64' } } as const;
    for (const version of [ecdsa, ed25519]) {
      const { secret } = signingKeyPair(bare(version));
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (bytes) => {
          const answer = await send(version, Buffer.from(bytes).toString('base64'), secret);
          expect(answer).toMatch(/^(missing|malformed|wrong)-signature$/);
        }),
      );
      expect(await send(version, Buffer.alloc(64).toString('base64'), secret)).toBe('wrong-signature');
    }
    // r = s = 0: what broke starkbank-ecdsa.
    const zero = Buffer.from('3006020100020100', 'hex').toString('base64');
    expect(await send(ecdsa, zero, signingKeyPair(bare(ecdsa)).secret)).toBe('wrong-signature');
  });
});

describe('a key', () => {
  const key = Buffer.from('0123456789abcdef0123456789abcdef');
  const signature = hmac(key, body);

  test('as text is taken byte for byte', async () => {
    expect(await send({}, hmac('schlüssel ', body), 'schlüssel ')).toBe('verified by newest');
    expect(await send({}, hmac('schlüssel', body), 'schlüssel ')).toBe('wrong-signature');
  });

  test('in hex may have letters of either case', async () => {
    const version = { key: { encoding: 'hex' } } as const;
    expect(await send(version, signature, key.toString('hex'))).toBe('verified by newest');
    expect(await send(version, signature, key.toString('hex').toUpperCase())).toBe('verified by newest');
    for (const text of [`${key.toString('hex')}0`, 'xyz', `0x${key.toString('hex')}`]) {
      expect(await send(version, signature, text), text).toBe('no-secret');
    }
  });

  test('in base64 may have lost its padding, and nothing else', async () => {
    const version = { key: { encoding: 'base64' } } as const;
    const text = key.toString('base64');
    expect(text).toMatch(/=$/);
    expect(await send(version, signature, text)).toBe('verified by newest');
    expect(await send(version, signature, text.replaceAll('=', ''))).toBe('verified by newest');
    for (const wrong of [`${text}=`, `${text.slice(0, -1)}\n`, text.slice(1), 'not base64', '=', '====']) {
      expect(await send(version, signature, wrong), wrong).toBe('no-secret');
    }
  });

  test('behind a prefix is decoded without it, and is no key where the prefix must be and is not', async () => {
    const required = { key: { encoding: 'base64', prefix: { text: 'key_', presence: 'required' } } } as const;
    const optional = { key: { encoding: 'base64', prefix: { text: 'key_', presence: 'optional' } } } as const;
    const text = key.toString('base64');
    expect(await send(required, signature, `key_${text}`)).toBe('verified by newest');
    expect(await send(required, signature, text)).toBe('no-secret');
    expect(await send(optional, signature, `key_${text}`)).toBe('verified by newest');
    expect(await send(optional, signature, text)).toBe('verified by newest');
    expect(await send(optional, createHmac('sha256', '').update(body).digest('hex'), 'key_')).toBe(
      'no-secret',
    );
    expect(await send(optional, createHmac('sha256', '').update(body).digest('hex'), 'key_ ')).toBe(
      'no-secret',
    );
  });

  test('of a public-key algorithm is one of its own curve', async () => {
    const ed25519 = { algorithm: 'ed25519', encoding: 'hex', key: { encoding: 'hex' } } as const;
    const ecdsa = {
      algorithm: 'ecdsa-p256-sha256',
      encoding: 'base64',
      key: { encoding: 'base64' },
    } as const;
    const any = Buffer.alloc(64, 1);
    for (const text of ['00'.repeat(31), '00'.repeat(33), 'secret']) {
      expect(await send(ed25519, any.toString('hex'), text), text).toBe('no-secret');
    }
    const p384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey;
    const otherCurve = p384.export({ format: 'der', type: 'spki' }).toString('base64');
    const spki = (hexText: string): string => Buffer.from(hexText, 'hex').toString('base64');
    const ed25519Spki = spki(`302a300506032b6570032100${signingKeyPair(bare(ed25519)).secret}`);
    for (const text of [otherCurve, ed25519Spki, spki('3000'), spki('00'), 'AAAA']) {
      expect(await send(ecdsa, any.toString('base64'), text), text).toBe('no-secret');
    }
  });

  test('is parsed once, and forgotten when many others came after it', () => {
    const key = (secret: string) => keyOf(hmacHex, secret);
    const first = key('first');
    expect(first).toBeDefined();
    expect(key('first')).toBe(first);
    for (let other = 0; other < 100; other += 1) key(`other ${other}`);
    expect(key('first')).not.toBe(first);
    expect(key('')).toBeUndefined();
    expect(key('')).toBeUndefined();
  });
});
