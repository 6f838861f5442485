import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { box } from '../../lib/providers/box.ts';
import { outcomeOf, signedAgain, without } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/box.ts';

const [{ request }] = fixture.samples;
const bare = { ...request, headers: without(request.headers, ['box-signature-primary']) };
const [PRIMARY, SECONDARY] = ['the primary key', 'the secondary key'];

function signature(key: string, body: Buffer | string = request.body): string {
  return createHmac('sha256', key)
    .update(body)
    .update(request.headers['box-delivery-timestamp'] ?? '')
    .digest('base64');
}

describe('a signature', () => {
  const send = (primary: string, secondary: string, secrets = [PRIMARY, SECONDARY]): Promise<string> => {
    const headers = {
      ...bare.headers,
      'box-signature-primary': primary,
      'box-signature-secondary': secondary,
    };
    return outcomeOf(fixture, { ...bare, headers }, secrets);
  };

  test('by one of the two keys is enough while the other is changed', async () => {
    const stranger = signature('a key that was reset');
    expect(await send(signature(PRIMARY), signature(SECONDARY))).toBe('verified by newest');
    expect(await send(signature(PRIMARY), stranger)).toBe('verified by newest');
    expect(await send(stranger, signature(SECONDARY))).toBe('verified by older');
    expect(await send(stranger, stranger)).toBe('wrong-signature');
  });

  test('is one of ours in either header, and nobody’s without a key', async () => {
    expect(await send(signature(SECONDARY), signature(PRIMARY))).toBe('verified by newest');
    expect(await send(signature(PRIMARY), signature(SECONDARY), ['another', 'and another'])).toBe(
      'wrong-signature',
    );
  });

  test('is by version 1 and HMAC-SHA256, whatever the headers that nobody signs say', async () => {
    const headers = {
      ...request.headers,
      'box-signature-version': '2',
      'box-signature-algorithm': 'HmacSHA1',
    };
    expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('verified by newest');
    const sha1 = createHmac('sha1', fixture.secret).update(request.body).digest('base64');
    const weaker = { ...headers, 'box-signature-primary': sha1 };
    expect(await outcomeOf(fixture, { ...request, headers: weaker }, [fixture.secret])).toBe(
      'malformed-signature',
    );
  });

  test('is over the bytes that came, escapes and all', async () => {
    const parsed = Buffer.from(JSON.stringify(JSON.parse(request.body.toString('utf8'))));
    expect(parsed.equals(request.body)).toBe(false);
    expect(await outcomeOf(fixture, { ...request, body: parsed }, [fixture.secret])).toBe('wrong-signature');
  });

  test('has a time with an offset, ten minutes either way', async () => {
    const aged = async (seconds: number): Promise<string> => {
      const timestamp = request.receivedAt - seconds * 1000;
      const signed = await signedAgain(fixture, request, { signer: fixture.secret, timestamp });
      return outcomeOf(fixture, signed, [fixture.secret]);
    };
    expect(await aged(600)).toBe('verified by newest');
    expect(await aged(601)).toBe('stale-timestamp');
    expect(await aged(-601)).toBe('future-timestamp');
  });
});

test('a look at a file is no state of it', async () => {
  const source = sourceOf(box);
  const of = (trigger: string) =>
    readOne(source, {
      body: JSON.stringify({ id: 'e', trigger, source: { type: 'file', id: '1', sequence_id: '3' } }),
    });
  expect(await of('FILE.RENAMED')).toMatchObject({ subject: 'file/1', version: '00000000000000000003' });
  expect(await of('FILE.DOWNLOADED')).not.toHaveProperty('subject');
});
