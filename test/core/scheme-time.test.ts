import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SignatureScheme } from '../../lib/core/provider.ts';
import { hmac, identified, labelled, NOW, outcome, post } from './scheme-cases.ts';

const second = NOW / 1000;

/** A genuine request whose time is this text. */
function signedAt(time: string, receivedAt: number = NOW): Promise<string> {
  const signature = hmac('secret', `${time}.{"a":1}`);
  return outcome(labelled, post({ 'x-signature': `t=${time},v1=${signature}` }, '{"a":1}', { receivedAt }));
}

describe('the window', () => {
  test('is inclusive on both sides, counted in whole seconds as the provider counts', async () => {
    expect(await signedAt(String(second - 300))).toBe('verified by newest');
    expect(await signedAt(String(second - 300), NOW + 999)).toBe('verified by newest');
    expect(await signedAt(String(second - 300), NOW + 1000)).toBe('stale-timestamp');
    expect(await signedAt(String(second - 301))).toBe('stale-timestamp');
    expect(await signedAt(String(second + 300))).toBe('verified by newest');
    expect(await signedAt(String(second + 301))).toBe('future-timestamp');
  });

  test('is measured from when the gateway received the request', async () => {
    expect(await signedAt('1000', 1000_000)).toBe('verified by newest');
    expect(await signedAt(String(second), NOW + 301_000)).toBe('stale-timestamp');
  });

  test('can be set by the source', async () => {
    const request = post({
      'x-signature': `t=${second - 10},v1=${hmac('secret', `${second - 10}.{"a":1}`)}`,
    });
    expect(await outcome(labelled, request, 'secret', { toleranceSeconds: 10 })).toBe('verified by newest');
    expect(await outcome(labelled, request, 'secret', { toleranceSeconds: 9 })).toBe('stale-timestamp');
    expect(await outcome(labelled, request, 'secret', { toleranceSeconds: Number.NaN })).not.toBe(
      'verified by newest',
    );
  });

  test('is counted in milliseconds where the provider does', async () => {
    const scheme: SignatureScheme = { ...labelled, timestamp: { unit: 'ms', toleranceSeconds: 300 } };
    const at = (time: number) => post({ 'x-signature': `t=${time},v1=${hmac('secret', `${time}.{"a":1}`)}` });
    expect(await outcome(scheme, at(NOW - 300_000))).toBe('verified by newest');
    expect(await outcome(scheme, at(NOW - 300_001))).toBe('stale-timestamp');
    expect(await outcome(scheme, at(NOW + 300_001))).toBe('future-timestamp');
    expect(await outcome(scheme, at(second))).toBe('stale-timestamp');
    expect(await signedAt(String(NOW))).toBe('future-timestamp');
  });

  test('judges only genuine requests: a forged one is a wrong signature, however old', async () => {
    const forged = post({ 'x-signature': `t=1,v1=${hmac('other', '1.{"a":1}')}` });
    expect(await outcome(labelled, forged)).toBe('wrong-signature');
  });
});

describe("the time's text", () => {
  test.each([
    '-1764000000',
    '+1764000000',
    '1764000000.5',
    '1.764e9',
    'NaN',
    'Infinity',
    '0x69238f00',
    '1764000000abc',
    ' 1764000000',
    '1764000000 ',
    '1 764 000 000',
    '１７６４００００００',
    '1764000000n',
    'null',
    'Tue, 24 Nov 2026 10:00:00 GMT',
    '2026-11-24T10:00:00Z',
  ])('%j is no time, even when it is signed', async (time) => {
    expect(await signedAt(time)).toMatch(/^malformed-/);
  });

  test('that is absent or empty is refused', async () => {
    const signature = hmac('secret', '.{"a":1}');
    expect(await outcome(labelled, post({ 'x-signature': `v1=${signature}` }))).toBe('missing-timestamp');
    expect(await outcome(labelled, post({ 'x-signature': `t=,v1=${signature}` }))).toBe('missing-timestamp');
  });

  test('that was sent twice is refused, whichever of the two was signed', async () => {
    const stale = second - 9000;
    for (const signed of [second, stale]) {
      const signature = hmac('secret', `${signed}.{"a":1}`);
      for (const times of [`t=${second},t=${stale}`, `t=${stale},t=${second}`, `t=${signed},t=${signed}`]) {
        expect(await outcome(labelled, post({ 'x-signature': `${times},v1=${signature}` }))).toBe(
          'malformed-timestamp',
        );
      }
    }
    const headers = { 'x-id': 'm1', 'x-time': `${second},${second}` };
    const signature = `v1,${hmac('secret', `m1.${second},${second}.{"a":1}`, 'base64')}`;
    expect(await outcome(identified, post({ ...headers, 'x-signature': signature }))).toBe(
      'malformed-timestamp',
    );
  });

  test('is signed as it was sent, while a copy is read as a number', async () => {
    expect(await signedAt(`000${second}`)).toBe('verified by newest');
    const normalised = hmac('secret', `${second}.{"a":1}`);
    expect(await outcome(labelled, post({ 'x-signature': `t=000${second},v1=${normalised}` }))).toBe(
      'wrong-signature',
    );
  });

  test('may be of any length: what no clock can reach lies in the future', async () => {
    expect(await signedAt('9'.repeat(20))).toBe('future-timestamp');
    expect(await signedAt('9'.repeat(4000))).toBe('future-timestamp');
    expect(await signedAt('0')).toBe('stale-timestamp');
  });

  test('accepts nothing but digits within the window, whatever is sent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (time) => {
        const answer = await signedAt(time);
        expect(answer === 'verified by newest').toBe(
          /^\d+$/.test(time) && Math.abs(Number(time) - second) <= 300,
        );
      }),
    );
  });
});

describe('a time without a separator to its neighbour', () => {
  const before: SignatureScheme = { ...identified, signed: '{timestamp}{body}' };
  const behind: SignatureScheme = { ...identified, signed: '{body}{timestamp}' };
  const send = (scheme: SignatureScheme, time: string, body: string, signed: string): Promise<string> =>
    outcome(scheme, post({ 'x-time': time, 'x-signature': `v1,${hmac('secret', signed, 'base64')}` }, body));

  test('is accepted as it was signed', async () => {
    expect(await send(before, String(second), '7', `${second}7`)).toBe('verified by newest');
    expect(await send(behind, String(second), '7', `7${second}`)).toBe('verified by newest');
  });

  test('gives no digit to the body, and takes none from it', async () => {
    expect(await send(before, `${second}7`, '', `${second}7`)).toBe('future-timestamp');
    expect(await send(before, String(second).slice(0, -1), String(second).slice(-1), String(second))).toBe(
      'stale-timestamp',
    );
    expect(await send(behind, `7${second}`, 'a', `a7${second}`)).toBe('future-timestamp');
    expect(await send(behind, `0${second}`, 'a', `a0${second}`)).toBe('malformed-timestamp');
    expect(await send(behind, String(second).slice(1), `a${String(second).slice(0, 1)}`, `a${second}`)).toBe(
      'stale-timestamp',
    );
  });
});
