import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SignatureScheme } from '../../lib/core/provider.ts';
import type { Request } from '../../lib/core/request.ts';
import { sign, verify } from '../../lib/core/scheme.ts';
import { standardWebhooks } from '../../lib/providers/standard-webhooks.ts';
import { secretsOf } from '../core/scheme-cases.ts';

interface Pair {
  readonly public: string;
  readonly private: string;
  readonly signature: string;
}

/** Printed by openssl-vectors.sh: no code of ours made these signatures. */
interface Vectors {
  readonly body: string;
  readonly time: string;
  readonly id: string;
  readonly 'standard-webhooks-v1': { readonly secret: string; readonly signature: string };
  readonly 'standard-webhooks-v1a': Pair;
  readonly 'ed25519-hex': Pair;
  readonly 'ecdsa-p256': Pair;
}

const vectors: Vectors = JSON.parse(readFileSync(new URL('openssl-vectors.json', import.meta.url), 'utf8'));
const {
  'standard-webhooks-v1': v1,
  'standard-webhooks-v1a': v1a,
  'ed25519-hex': ed25519,
  'ecdsa-p256': ecdsa,
} = vectors;
const receivedAt = Number(vectors.time) * 1000;
const url = 'https://hooks.example.com/source';

const bare: Omit<SignatureScheme, 'versions'> = {
  kind: 'signature',
  families: [{ signature: { header: 'x-signature' }, timestamp: { header: 'x-time' } }],
  signed: '{timestamp}{body}',
  timestamp: { unit: 's', toleranceSeconds: 300 },
};
const ed25519Scheme: SignatureScheme = {
  ...bare,
  versions: [{ algorithm: 'ed25519', encoding: 'hex', key: { encoding: 'hex' } }],
};
const ecdsaScheme: SignatureScheme = {
  ...bare,
  versions: [{ algorithm: 'ecdsa-p256-sha256', encoding: 'base64', key: { encoding: 'base64' } }],
};

function request(headers: Request['headers'], body: Buffer = Buffer.from(vectors.body, 'base64')): Request {
  return { method: 'POST', path: '/source', query: '', headers, body, receivedAt };
}

async function outcome(
  scheme: typeof standardWebhooks.scheme,
  sent: Request,
  ...secrets: readonly string[]
): Promise<string> {
  const answer = await verify({ request: sent, url, scheme, secrets: secretsOf(...secrets), steps: {} });
  return answer.kind === 'verified' ? 'verified' : answer.reason;
}

const standard = (signature: string): Request['headers'] => ({
  'webhook-id': vectors.id,
  'webhook-timestamp': vectors.time,
  'webhook-signature': signature,
});
const timed = (signature: string): Request['headers'] => ({
  'x-time': vectors.time,
  'x-signature': signature,
});

describe('what openssl signed is accepted', () => {
  test('as v1 and as v1a of Standard Webhooks', async () => {
    const { scheme } = standardWebhooks;
    expect(await outcome(scheme, request(standard(`v1,${v1.signature}`)), v1.secret)).toBe('verified');
    expect(await outcome(scheme, request(standard(`v1a,${v1a.signature}`)), v1a.public)).toBe('verified');
    const both = request(standard(`v1,${v1.signature} v1a,${v1a.signature}`));
    expect(await outcome(scheme, both, v1.secret)).toBe('verified');
    expect(await outcome(scheme, both, v1a.public)).toBe('verified');
  });

  test('as Ed25519 in hex', async () => {
    expect(await outcome(ed25519Scheme, request(timed(ed25519.signature)), ed25519.public)).toBe('verified');
  });

  test('as ECDSA on P-256', async () => {
    expect(await outcome(ecdsaScheme, request(timed(ecdsa.signature)), ecdsa.public)).toBe('verified');
  });
});

describe('what openssl signed is refused', () => {
  test('under the label of another algorithm, so that no key is ever used as a key of another kind', async () => {
    const { scheme } = standardWebhooks;
    expect(await outcome(scheme, request(standard(`v1,${v1a.signature}`)), v1a.public)).toBe(
      'malformed-signature',
    );
    expect(await outcome(scheme, request(standard(`v1a,${v1.signature}`)), v1.secret)).toBe(
      'malformed-signature',
    );
    expect(await outcome(scheme, request(standard(`v1,${v1.signature}`)), v1a.public)).toBe(
      'wrong-signature',
    );
    expect(await outcome(scheme, request(standard(`v1a,${v1a.signature}`)), v1.secret)).toBe(
      'wrong-signature',
    );
    expect(await outcome(scheme, request(standard(`v1a,${v1a.signature}`)), v1a.private)).toBe('no-secret');
  });

  test('over a body in which one bit is another', async () => {
    const body = Buffer.from(vectors.body, 'base64');
    for (let bit = 0; bit < body.length * 8; bit += 37) {
      const flipped = Buffer.from(body);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const { scheme } = standardWebhooks;
      expect(await outcome(scheme, request(standard(`v1a,${v1a.signature}`), flipped), v1a.public)).toBe(
        'wrong-signature',
      );
      expect(await outcome(ed25519Scheme, request(timed(ed25519.signature), flipped), ed25519.public)).toBe(
        'wrong-signature',
      );
      expect(await outcome(ecdsaScheme, request(timed(ecdsa.signature), flipped), ecdsa.public)).toBe(
        'wrong-signature',
      );
    }
  });
});

describe('we sign as openssl does', () => {
  const input = { request: request({}), url, id: vectors.id, timestamp: receivedAt, steps: {} };

  test('byte for byte where the algorithm leaves no choice', () => {
    const { scheme } = standardWebhooks;
    expect(sign({ ...input, scheme, secret: v1.secret }).headers).toEqual(standard(`v1,${v1.signature}`));
    expect(sign({ ...input, scheme, secret: v1a.private }).headers).toEqual(standard(`v1a,${v1a.signature}`));
    expect(sign({ ...input, scheme: ed25519Scheme, secret: ed25519.private }).headers).toEqual(
      timed(ed25519.signature),
    );
  });

  test('and so that its own key accepts it, where ECDSA takes a random number', async () => {
    const { headers } = sign({ ...input, scheme: ecdsaScheme, secret: ecdsa.private });
    expect(headers).not.toEqual(timed(ecdsa.signature));
    expect(await outcome(ecdsaScheme, request(headers), ecdsa.public)).toBe('verified');
  });
});
