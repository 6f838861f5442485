import { describe, expect, test } from 'vitest';
import type { Scheme } from '../../lib/core/provider.ts';
import { outcome, post, secretsOf } from './scheme-cases.ts';

const token: Scheme = { kind: 'token', header: 'x-token' };
const bearer: Scheme = { kind: 'token', header: 'authorization', prefix: 'Bearer ' };
const basic: Scheme = { kind: 'basic' };

describe('a token', () => {
  test('is accepted when it equals one of the secrets', async () => {
    expect(await outcome(token, post({ 'x-token': 'secret' }))).toBe('verified by newest');
    expect(await outcome(token, post({ 'x-token': 'old' }), secretsOf('new', 'old'))).toBe(
      'verified by older',
    );
    for (const wrong of ['secre', 'secrets', 'SECRET', ' secret', 'secret ', 'secret\0', 'x']) {
      expect(await outcome(token, post({ 'x-token': wrong })), wrong).toBe('wrong-signature');
    }
  });

  test('is missing when it is absent or empty, and wrong when it was sent twice', async () => {
    expect(await outcome(token, post({}))).toBe('missing-signature');
    expect(await outcome(token, post({ 'x-token': '' }))).toBe('missing-signature');
    expect(await outcome(token, post({ 'x-token': 'secret,secret' }))).toBe('wrong-signature');
  });

  test('may stand behind a prefix, which is needed then', async () => {
    expect(await outcome(bearer, post({ authorization: 'Bearer secret' }))).toBe('verified by newest');
    expect(await outcome(bearer, post({ authorization: 'bEARER secret' }))).toBe('verified by newest');
    expect(await outcome(bearer, post({ authorization: 'bearer SECRET' }))).toBe('wrong-signature');
    expect(await outcome(bearer, post({ authorization: 'secret' }))).toBe('malformed-signature');
    expect(await outcome(bearer, post({ authorization: 'Basic secret' }))).toBe('malformed-signature');
    expect(await outcome(bearer, post({ authorization: 'Bearer ' }))).toBe('wrong-signature');
    expect(await outcome(bearer, post({ authorization: 'Bearer ' }), '')).toBe('no-secret');
  });

  test('never accepts without a secret, least of all an empty one', async () => {
    expect(await outcome(token, post({ 'x-token': '' }), '')).toBe('no-secret');
    expect(await outcome(token, post({ 'x-token': ' ' }), ' ')).toBe('no-secret');
    expect(await outcome(token, post({ 'x-token': 'undefined' }), secretsOf())).toBe('no-secret');
  });
});

describe('a password', () => {
  const header = (credential: string, scheme = 'Basic'): { authorization: string } => ({
    authorization: `${scheme} ${Buffer.from(credential).toString('base64')}`,
  });

  test('is accepted with its user, under a scheme in any case', async () => {
    expect(await outcome(basic, post(header('user:pässword')), 'user:pässword')).toBe('verified by newest');
    expect(await outcome(basic, post(header('user:a:b', 'bASIC')), 'user:a:b')).toBe('verified by newest');
    for (const wrong of ['user:other', 'other:pass', 'user', 'user:', ':pass', 'user:pass\n', 'pass:user']) {
      expect(await outcome(basic, post(header(wrong)), 'user:pass'), wrong).toBe('wrong-signature');
    }
  });

  test('is malformed when it is no base64 after Basic, or was sent twice', async () => {
    const sent = header('user:passw').authorization;
    for (const authorization of [
      'Basic',
      'Basic ',
      'Basic user:passw',
      sent.replace('Basic ', 'Bearer '),
      sent.replaceAll('=', ''),
      `${sent},${sent}`,
      `${sent} x`,
      ` ${sent}`,
      sent.replace(' ', '  '),
    ]) {
      expect(await outcome(basic, post({ authorization }), 'user:passw'), authorization).toBe(
        'malformed-signature',
      );
    }
    expect(await outcome(basic, post({}), 'user:passw')).toBe('missing-signature');
    expect(await outcome(basic, post({ authorization: '' }), 'user:passw')).toBe('missing-signature');
  });

  test('of a secret without a user is no secret', async () => {
    expect(await outcome(basic, post(header('pass')), 'pass')).toBe('no-secret');
    expect(await outcome(basic, post(header('user:pass')), secretsOf('pass', 'user:pass'))).toBe(
      'verified by older',
    );
  });
});
