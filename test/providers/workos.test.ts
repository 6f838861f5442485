import { describe, expect, test } from 'vitest';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/workos.ts';

const { secret } = fixture;
const [{ request }] = fixture.samples;
const header = request.headers['workos-signature'] ?? '';

const send = (value: string): Promise<string> =>
  outcomeOf(fixture, { ...request, headers: { ...request.headers, 'workos-signature': value } }, [secret]);

describe('a signature', () => {
  test('counts its time in milliseconds, three minutes either way', async () => {
    const aged = async (ms: number): Promise<string> => {
      const timestamp = request.receivedAt - ms;
      return outcomeOf(fixture, await signedAgain(fixture, request, { signer: secret, timestamp }), [secret]);
    };
    expect(await aged(180_000)).toBe('verified by newest');
    expect(await aged(180_001)).toBe('stale-timestamp');
    expect(await aged(-180_001)).toBe('future-timestamp');
    expect(await send(header.replace(/t=(\d+)\d{3}/, 't=$1'))).toBe('wrong-signature');
  });

  test('stands behind a comma and a space: what is written otherwise is refused', async () => {
    expect(await send(header)).toBe('verified by newest');
    for (const value of [header.replace(', ', ','), header.replace(', ', ',  '), `${header}, ${header}`])
      expect(await send(value), value).not.toMatch(/^verified/);
  });

  test('is over the bytes that came, whatever white space is in them', async () => {
    const body = Buffer.from(JSON.stringify(JSON.parse(request.body.toString('utf8')), null, 2));
    const signed = await signedAgain(fixture, { ...request, body }, { signer: secret });
    expect(await outcomeOf(fixture, signed, [secret])).toBe('verified by newest');
    expect(await outcomeOf(fixture, { ...request, body }, [secret])).toBe('wrong-signature');
  });
});
