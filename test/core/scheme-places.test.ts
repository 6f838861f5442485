import { describe, expect, test } from 'vitest';
import type { SignatureScheme } from '../../lib/core/provider.ts';
import { JSON_TYPE } from './intake-cases.ts';
import { hmac, hmacHex, NOW, outcome, plain, post } from './scheme-cases.ts';

const body = '{"a":1}';
const bare = { algorithm: 'hmac-sha256', encoding: 'base64', key: { encoding: 'utf8' } } as const;

describe('several signature headers', () => {
  const scheme: SignatureScheme = {
    ...plain,
    families: [{ signature: { header: 'x-one', also: ['x-two', 'x-three'] } }],
    versions: [bare],
  };
  const good = hmac('secret', body, 'base64');
  const other = hmac('other', body, 'base64');

  test('need one genuine signature between them, wherever it stands', async () => {
    expect(await outcome(scheme, post({ 'x-one': good }))).toBe('verified by newest');
    expect(await outcome(scheme, post({ 'x-three': good }))).toBe('verified by newest');
    expect(await outcome(scheme, post({ 'x-one': other, 'x-two': good, 'x-three': '' }))).toBe(
      'verified by newest',
    );
    expect(await outcome(scheme, post({ 'x-one': other, 'x-two': other }))).toBe('wrong-signature');
  });

  test('are missing when none of them holds anything', async () => {
    expect(await outcome(scheme, post({}))).toBe('missing-signature');
    expect(await outcome(scheme, post({ 'x-one': '', 'x-two': '' }))).toBe('missing-signature');
    expect(await outcome(scheme, post({ 'x-four': good }))).toBe('missing-signature');
  });

  test('are each in order: one that is malformed was not sent by the provider', async () => {
    expect(await outcome(scheme, post({ 'x-one': good, 'x-two': 'x' }))).toBe('malformed-signature');
    expect(await outcome(scheme, post({ 'x-one': `${good},${good}` }))).toBe('malformed-signature');
  });

  test('hold together no more signatures than anybody sends', async () => {
    const list: SignatureScheme = {
      ...scheme,
      families: [{ signature: { header: 'x-one', also: ['x-two'], separator: ',' } }],
    };
    const many = (count: number): string => Array.from({ length: count }, () => other).join(',');
    expect(await outcome(list, post({ 'x-one': many(8), 'x-two': `${many(7)},${good}` }))).toBe(
      'verified by newest',
    );
    expect(await outcome(list, post({ 'x-one': many(9), 'x-two': `${many(7)},${good}` }))).toBe(
      'malformed-signature',
    );
  });
});

describe('a header with a space behind each comma', () => {
  const scheme: SignatureScheme = {
    ...plain,
    families: [{ signature: { header: 'x-signature', separator: ', ', assign: '=' } }],
    versions: [hmacHex],
  };
  const item = `v1=${hmac('secret', body)}`;

  test('is a list of signatures, and nothing else is', async () => {
    expect(await outcome(scheme, post({ 'x-signature': `v0=00, ${item}` }))).toBe('verified by newest');
    for (const value of [`v0=00,${item}`, `v0=00,  ${item}`, `${item} `, `v0=00 , ${item}`])
      expect(await outcome(scheme, post({ 'x-signature': value })), value).toBe('malformed-signature');
  });
});

describe('base64url', () => {
  const scheme: SignatureScheme = {
    ...plain,
    families: [{ signature: { header: 'x-signature' } }],
    versions: [{ ...bare, encoding: 'base64url' }],
  };

  test('is taken without padding and in its own alphabet only', async () => {
    // A body whose MAC has characters in which the alphabets differ.
    const text =
      Array.from({ length: 100 }, (_, index) => `{"a":${index}}`).find((each) => {
        const mac = hmac('secret', each, 'base64');
        return mac.includes('+') && mac.includes('/');
      }) ?? '';
    const mac = hmac('secret', text, 'base64');
    const url = mac.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    expect(await outcome(scheme, post({ 'x-signature': url }, text))).toBe('verified by newest');
    for (const wrong of [mac, `${url}=`, mac.replaceAll('=', ''), ` ${url}`])
      expect(await outcome(scheme, post({ 'x-signature': wrong }, text)), wrong).toBe('malformed-signature');
  });
});

describe('a time in RFC 3339', () => {
  const scheme: SignatureScheme = {
    kind: 'signature',
    families: [{ signature: { header: 'x-signature' }, timestamp: { header: 'x-time' } }],
    signed: '{timestamp}{body}',
    versions: [bare],
    timestamp: { unit: 'iso', toleranceSeconds: 300 },
  };
  const at = (time: string, text = body): Promise<string> =>
    outcome(scheme, post({ 'x-time': time, 'x-signature': hmac('secret', time + body, 'base64') }, text));

  test('is signed as it was sent, while a copy is read', async () => {
    for (const time of [
      '2026-11-24T10:00:00Z',
      '2026-11-24T11:00:00+01:00',
      '2026-11-24T09:55:00.000Z',
      '2026-11-24T04:35:00.5-05:30',
    ])
      expect(await at(time), time).toMatch(/^(verified|future)/);
    expect(await at('2026-11-24T09:54:59.999Z')).toBe('stale-timestamp');
    expect(await at('2026-11-24T10:05:00.001Z')).toBe('future-timestamp');
  });

  test('has a zone and stands in a calendar', async () => {
    for (const time of [
      '2026-11-24T10:00:00',
      '2026-11-24 10:00:00Z',
      '2026-11-24T10:00Z',
      '2026-11-24T10:00:00+0000',
      '1795514400',
      'now',
      '2026-11-31T10:00:00Z',
      '2026-13-01T10:00:00Z',
    ])
      expect(await at(time), time).toBe('malformed-timestamp');
  });

  test('gives nothing to the body behind it, and takes nothing from it', async () => {
    const sent = '2026-11-24T10:00:00.5Z';
    const signature = hmac('secret', sent + body, 'base64');
    for (let cut = 1; cut < sent.length; cut += 1) {
      const headers = { 'x-time': sent.slice(0, cut), 'x-signature': signature };
      expect(await outcome(scheme, post(headers, sent.slice(cut) + body)), String(cut)).toBe(
        'malformed-timestamp',
      );
    }
    const longer = { 'x-time': `${sent}{`, 'x-signature': signature };
    expect(await outcome(scheme, post(longer, body.slice(1)))).toBe('malformed-timestamp');
  });
});

describe('a time in the signed body', () => {
  const scheme: SignatureScheme = {
    kind: 'signature',
    families: [{ signature: { header: 'x-signature' }, timestamp: { body: 'sent.at' } }],
    signed: '{body}',
    versions: [bare],
    timestamp: { unit: 'ms', toleranceSeconds: 60 },
  };
  const sent = (text: string, headers: Record<string, string> = JSON_TYPE): Promise<string> =>
    outcome(scheme, post({ ...headers, 'x-signature': hmac('secret', text, 'base64') }, text));

  test('is held against the window', async () => {
    expect(await sent(`{"sent":{"at":${NOW}}}`)).toBe('verified by newest');
    expect(await sent(`{"sent":{"at":${NOW - 60_000}}}`)).toBe('verified by newest');
    expect(await sent(`{"sent":{"at":${NOW - 60_001}}}`)).toBe('stale-timestamp');
    expect(await sent(`{"sent":{"at":${NOW + 60_001}}}`)).toBe('future-timestamp');
  });

  test('has to be there, in digits', async () => {
    for (const text of [
      '{}',
      '{"sent":{}}',
      '{"sent":{"at":null}}',
      '{"sent":{"at":""}}',
      '{"sent":{"at":[1]}}',
      'no JSON',
    ])
      expect(await sent(text), text).toBe('missing-timestamp');
    expect(await sent(`{"sent":{"at":${NOW}}}`, { 'content-type': 'text/plain' })).toBe('missing-timestamp');
    for (const at of ['-1', '1.5', '1e3', 'true', '"NaN"', `" ${NOW}"`])
      expect(await sent(`{"sent":{"at":${at}}}`), at).toBe('malformed-timestamp');
  });

  test('is not looked for before the signature holds', async () => {
    expect(await outcome(scheme, post({ 'x-signature': hmac('other', '{', 'base64') }, '{'))).toBe(
      'wrong-signature',
    );
  });
});
