import { describe, expect, test } from 'vitest';
import { sanity } from '../../lib/providers/sanity.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture } from '../fixtures/sanity.ts';

const { secret } = fixture;
const [{ request }, projected] = fixture.samples;
if (projected === undefined) throw new Error('the fixture has a projection');
const source = sourceOf(sanity);
const header = request.headers['sanity-webhook-signature'] ?? '';

const send = (value: string): Promise<string> =>
  outcomeOf(fixture, { ...request, headers: { ...request.headers, 'sanity-webhook-signature': value } }, [
    secret,
  ]);

describe('a signature', () => {
  test('is base64url without padding, and nothing else', async () => {
    const bytes = Buffer.from(header.split('v1=')[1] ?? '', 'base64url');
    const written = (text: string): string => header.replace(/v1=.*/, `v1=${text}`);
    expect(await send(written(bytes.toString('base64url')))).toBe('verified by newest');
    for (const text of [bytes.toString('base64'), `${bytes.toString('base64url')}=`, bytes.toString('hex')])
      expect(await send(written(text)), text).toBe('malformed-signature');
  });

  test('counts its time in milliseconds, and is as old as five minutes at most', async () => {
    const aged = async (ms: number): Promise<string> => {
      const timestamp = request.receivedAt - ms;
      return outcomeOf(fixture, await signedAgain(fixture, request, { signer: secret, timestamp }), [secret]);
    };
    expect(await aged(300_000)).toBe('verified by newest');
    expect(await aged(300_001)).toBe('stale-timestamp');
  });
});

describe('an event', () => {
  test('that was captured is known by its signature under another idempotency-key', async () => {
    const forged = { ...request, headers: { ...request.headers, 'idempotency-key': 'forged' } };
    const [first, again] = [await readOne(source, request), await readOne(source, forged)];
    expect(again.key).not.toBe(first.key);
    expect(again.content).toBeDefined();
    expect(again.content).toBe(first.content);
  });

  test('with the bytes of another is not taken for it: each has a time and a signature of its own', async () => {
    const { request: sent } = projected;
    const later = { ...sent, headers: { ...sent.headers, 'idempotency-key': 'later' } };
    const signed = await signedAgain(fixture, later, { signer: secret, timestamp: sent.receivedAt + 1 });
    const [first, other] = [await readOne(source, sent), await readOne(source, signed)];
    expect(other.key).not.toBe(first.key);
    expect(other.content).not.toBe(first.content);
  });

  test('is a deletion only if its body says so, whatever sanity-operation says', async () => {
    const headers = { ...request.headers, 'sanity-operation': 'delete' };
    expect((await readOne(source, { ...request, headers })).type).toBe('article.update');
    const body = request.body.toString('utf8').replace('"update"', '"delete"');
    expect((await readOne(source, { headers, body })).type).toBe('article.delete');
  });
});
