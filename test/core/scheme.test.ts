import { describe, expect, test } from 'vitest';
import type { SignatureScheme } from '../../lib/core/provider.ts';
import {
  check,
  hmac,
  hmacHex,
  identified,
  labelled,
  NOW,
  outcome,
  plain,
  post,
  secretsOf,
} from './scheme-cases.ts';

const t = String(NOW / 1000);
const body = '{"a":1}';

describe('the bytes', () => {
  test('are hashed as they came, valid UTF-8 or not', async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x00, 0xff, 0xfe, 0xc3, 0x28, 0x0d, 0x0a]);
    expect(await outcome(plain, post({ 'x-signature': `sha256=${hmac('secret', bytes)}` }, bytes))).toBe(
      'verified by newest',
    );
    const text = Buffer.from(bytes.toString('utf8'));
    expect(await outcome(plain, post({ 'x-signature': `sha256=${hmac('secret', bytes)}` }, text))).toBe(
      'wrong-signature',
    );
  });

  test('may be none at all', async () => {
    expect(await outcome(plain, post({ 'x-signature': `sha256=${hmac('secret', '')}` }, ''))).toBe(
      'verified by newest',
    );
  });

  test('are not copied into the verified request', async () => {
    const request = post({ 'x-signature': `sha256=${hmac('secret', body)}` });
    const answer = await check(plain, request);
    expect(answer.kind === 'verified' && answer.verified.request).toBe(request);
    expect(answer.kind === 'verified' && answer.verified.by).toBe('signature');
  });

  test('of URL and method count where they are signed', async () => {
    const scheme: SignatureScheme = { ...plain, signed: '{method}{url}{body}' };
    const headers = { 'x-signature': `sha256=${hmac('secret', `PUThttps://a.example/x?b=c${body}`)}` };
    const request = post(headers, body, { method: 'PUT' });
    expect(await outcome(scheme, request, 'secret', { url: 'https://a.example/x?b=c' })).toBe(
      'verified by newest',
    );
    expect(await outcome(scheme, request, 'secret', { url: 'https://a.example/x?b=d' })).toBe(
      'wrong-signature',
    );
    expect(await outcome(scheme, post(headers, body), 'secret', { url: 'https://a.example/x?b=c' })).toBe(
      'wrong-signature',
    );
  });
});

describe('secrets', () => {
  test('are all tried, and the answer says which one matched', async () => {
    const request = post({ 'x-signature': `sha256=${hmac('old', body)}` });
    expect(await outcome(plain, request, secretsOf('new', 'old'))).toBe('verified by older');
    expect(await outcome(plain, request, secretsOf('old', 'older'))).toBe('verified by newest');
    expect(await outcome(plain, request, secretsOf('new', 'newer'))).toBe('wrong-signature');
  });

  test('that are absent or blank never accept, not even what was signed with them', async () => {
    for (const blank of ['', ' ', '\n']) {
      const request = post({ 'x-signature': `sha256=${hmac(blank, body)}` });
      expect(await outcome(plain, request, secretsOf(blank))).toBe('no-secret');
      expect(await outcome(plain, request, secretsOf())).toBe('no-secret');
    }
  });

  test('are looked at first: without one, nothing can be said of a request', async () => {
    expect(await outcome(plain, post({}), secretsOf())).toBe('no-secret');
  });

  test('that cannot be decoded are passed over, and are no secret when alone', async () => {
    const scheme: SignatureScheme = {
      ...plain,
      versions: [{ ...hmacHex, label: 'sha256', key: { encoding: 'base64' } }],
    };
    const request = post({ 'x-signature': `sha256=${hmac(Buffer.from('good key'), body)}` });
    const good = Buffer.from('good key').toString('base64');
    expect(await outcome(scheme, request, secretsOf('no base64!', good))).toBe('verified by older');
    expect(await outcome(scheme, request, secretsOf('no base64!'))).toBe('no-secret');
  });

  test('in the form of a public key are never an HMAC key: everyone knows them', async () => {
    const known = `whpk_${Buffer.alloc(32, 7).toString('base64')}`;
    const request = post({ 'x-signature': `sha256=${hmac(known, body)}` });
    expect(await outcome(plain, request, known)).toBe('no-secret');
  });

  test('never stand in a refusal', async () => {
    const request = post({ 'x-signature': `sha256=${hmac('other', body)}` });
    const answers = [
      await check(plain, request, 'hush-hush'),
      await check(plain, post({ 'x-signature': 'hush-hush' }), 'hush-hush'),
      await check({ kind: 'token', header: 'x-token' }, post({ 'x-token': 'hush-hush-2' }), 'hush-hush'),
    ];
    expect(JSON.stringify(answers)).not.toMatch(/hush|[0-9a-f]{16}/);
    expect(answers.map((answer) => answer.kind)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});

describe('the signature header', () => {
  const good = hmac('secret', `${t}.${body}`);
  const other = hmac('other', `${t}.${body}`);

  test('may hold several signatures, of which one is enough wherever it stands', async () => {
    for (const value of [
      `t=${t},v1=${good},v1=${other}`,
      `t=${t},v1=${other},v1=${good}`,
      `v1=${good},t=${t}`,
    ]) {
      expect(await outcome(labelled, post({ 'x-signature': value }))).toBe('verified by newest');
    }
    expect(await outcome(labelled, post({ 'x-signature': `t=${t},v1=${other},v1=${other}` }))).toBe(
      'wrong-signature',
    );
  });

  test('counts only with listed labels: a downgrade is skipped, and nothing else left', async () => {
    expect(await outcome(labelled, post({ 'x-signature': `t=${t},v0=${good}` }))).toBe('malformed-signature');
    expect(await outcome(labelled, post({ 'x-signature': `t=${t},v0=${other},v1=${good}` }))).toBe(
      'verified by newest',
    );
    expect(await outcome(labelled, post({ 'x-signature': `t=${t},V1=${good}` }))).toBe('malformed-signature');
    expect(await outcome(labelled, post({ 'x-signature': `t=${t}, v1=${good}` }))).toBe(
      'malformed-signature',
    );
    expect(await outcome(labelled, post({ 'x-signature': `t=${t},${good}` }))).toBe('malformed-signature');
  });

  test('is missing when it is absent or empty, and so is a legacy one', async () => {
    expect(await outcome(plain, post({}))).toBe('missing-signature');
    expect(await outcome(plain, post({ 'x-signature': '' }))).toBe('missing-signature');
    const legacy = { 'x-signature-old': `sha1=${hmac('secret', body, 'hex', 'sha1')}` };
    expect(await outcome(plain, post(legacy))).toBe('missing-signature');
    expect(await outcome(plain, post({ 'x-signature': legacy['x-signature-old'] }))).toBe(
      'malformed-signature',
    );
  });

  test('that was sent twice is refused, the same value or not', async () => {
    const once = `sha256=${hmac('secret', body)}`;
    expect(await outcome(plain, post({ 'x-signature': `${once},${once}` }))).toBe('malformed-signature');
    expect(await outcome(plain, post({ 'x-signature': `${once}, ${once}` }))).toBe('malformed-signature');
    const list = `t=${t},v1=${good}`;
    expect(await outcome(labelled, post({ 'x-signature': `${list},${list}` }))).toBe('malformed-timestamp');
    const spaced = hmac('secret', `m1.${t}.${body}`, 'base64');
    const headers = { 'x-id': 'm1', 'x-time': t };
    for (const value of [`v1,${spaced},v1,${spaced}`, `v1,${spaced} v9,a,v9,a v1,${spaced}`]) {
      expect(await outcome(identified, post({ ...headers, 'x-signature': value }))).toBe(
        'malformed-signature',
      );
    }
  });

  test('holds at most 16 signatures', async () => {
    const many = (count: number): string => `t=${t},${`v1=${other},`.repeat(count - 1)}v1=${good}`;
    expect(await outcome(labelled, post({ 'x-signature': many(16) }))).toBe('verified by newest');
    expect(await outcome(labelled, post({ 'x-signature': many(17) }))).toBe('malformed-signature');
  });

  test('is never found on the prototype', async () => {
    const scheme: SignatureScheme = { ...plain, families: [{ signature: { header: 'constructor' } }] };
    expect(await outcome(scheme, post({}))).toBe('missing-signature');
  });
});

describe('versions', () => {
  const scheme: SignatureScheme = {
    ...labelled,
    versions: [
      { ...hmacHex, label: 'a', key: { encoding: 'utf8', prefix: { text: 'a_', presence: 'required' } } },
      { ...hmacHex, label: 'b', key: { encoding: 'utf8', prefix: { text: 'b_', presence: 'required' } } },
    ],
  };
  const signature = hmac('secret', `${t}.${body}`);

  test('are checked with their own keys only', async () => {
    expect(await outcome(scheme, post({ 'x-signature': `t=${t},a=${signature}` }), 'a_secret')).toBe(
      'verified by newest',
    );
    expect(await outcome(scheme, post({ 'x-signature': `t=${t},b=${signature}` }), 'a_secret')).toBe(
      'wrong-signature',
    );
    const both = post({ 'x-signature': `t=${t},a=${signature},b=${signature}` });
    expect(await outcome(scheme, both, secretsOf('a_other', 'b_secret'))).toBe('verified by older');
  });
});

describe('the signed id', () => {
  const signed = (id: string, time: string, text = body): string =>
    `v1,${hmac('secret', `${id}.${time}.${text}`, 'base64')}`;

  test('is refused when it is absent or empty', async () => {
    expect(await outcome(identified, post({ 'x-time': t, 'x-signature': signed('', t) }))).toBe('missing-id');
    expect(await outcome(identified, post({ 'x-id': '', 'x-time': t, 'x-signature': signed('', t) }))).toBe(
      'missing-id',
    );
  });

  test('is taken as it was sent, dots and spaces included', async () => {
    for (const id of ['evt.abc', ' a b ', 'é', 'evt.1a', '1700000000']) {
      expect(await outcome(identified, post({ 'x-id': id, 'x-time': t, 'x-signature': signed(id, t) }))).toBe(
        'verified by newest',
      );
    }
  });

  test('cannot swallow the time and a part of the body of a captured request', async () => {
    const stale = String(NOW / 1000 - 9000);
    const captured = `x.${t}.forged`;
    const request = post(
      { 'x-id': `m1.${stale}.x`, 'x-time': t, 'x-signature': signed('m1', stale, captured) },
      'forged',
    );
    expect(await outcome(identified, request)).toBe('malformed-id');
    expect(
      await outcome(identified, post({ 'x-id': 'm1.17', 'x-time': t, 'x-signature': signed('m1.17', t) })),
    ).toBe('malformed-id');
  });

  test('before another part than the time may not hold the separator at all', async () => {
    const scheme: SignatureScheme = { ...identified, signed: '{timestamp}:{id}:{body}' };
    const request = (id: string) =>
      post({
        'x-id': id,
        'x-time': t,
        'x-signature': `v1,${hmac('secret', `${t}:${id}:${body}`, 'base64')}`,
      });
    expect(await outcome(scheme, request('a.1'))).toBe('verified by newest');
    expect(await outcome(scheme, request('a:b'))).toBe('malformed-id');
  });
});

describe('header families', () => {
  const signature = (id: string): string => `v1,${hmac('secret', `${id}.${t}.${body}`, 'base64')}`;

  test('are taken whole: any of them will do', async () => {
    const second = { 'y-id': 'm1', 'y-time': t, 'y-signature': signature('m1') };
    expect(await outcome(identified, post(second))).toBe('verified by newest');
  });

  test('are never mixed: the first whose signature is there is the only one', async () => {
    expect(
      await outcome(identified, post({ 'x-id': 'm1', 'x-time': t, 'y-signature': signature('m1') })),
    ).toBe('missing-timestamp');
    expect(
      await outcome(identified, post({ 'x-id': 'm1', 'y-time': t, 'x-signature': signature('m1') })),
    ).toBe('missing-timestamp');
    expect(
      await outcome(identified, post({ 'y-id': 'm1', 'x-time': t, 'x-signature': signature('m1') })),
    ).toBe('missing-id');
    const valid = { 'y-id': 'm1', 'y-time': t, 'y-signature': signature('m1') };
    expect(await outcome(identified, post({ ...valid, 'x-signature': 'v1,' }))).toBe('malformed-signature');
    expect(await outcome(identified, post({ ...valid, 'x-signature': '' }))).toBe('missing-signature');
  });

  test('that were not looked at are no part of the verified request', async () => {
    const headers = {
      'y-id': 'm1',
      'y-time': t,
      'y-signature': signature('m1'),
      'x-id': 'forged',
      'x-time': t,
      other: 'kept',
    };
    const answer = await check(identified, post(headers));
    expect(answer.kind === 'verified' && answer.verified.request.headers).toEqual({
      'y-id': 'm1',
      'y-time': t,
      'y-signature': signature('m1'),
      other: 'kept',
    });
  });
});

describe('a scheme that cannot be right', () => {
  test.each([
    '',
    '{timestamp}',
    '{body}{body}',
    '{body}{header:x-a}',
    '{body}{digest}',
    '{id:a}{body}',
    '{body',
  ])('signed %j is a mistake of ours, not of the request', async (signed) => {
    const request = post({ 'x-signature': `sha256=${hmac('secret', body)}` });
    await expect(check({ ...plain, signed }, request)).rejects.toThrow(TypeError);
  });

  test('a step that was not loaded is a mistake, never an acceptance', async () => {
    await expect(check({ kind: 'step', step: 'twilio-signature' }, post({}))).rejects.toThrow('loadSteps');
  });
});
