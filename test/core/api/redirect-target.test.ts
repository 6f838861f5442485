import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redirectTarget } from '../../../lib/core/api/redirect-target.ts';
import type { ApiRequest } from '../../../lib/core/ports.ts';

const BASE = 'https://ghe.example/api/v3';

const asked = (method: ApiRequest['method'] = 'GET', url = `${BASE}/repos/old/1`): ApiRequest => ({
  method,
  url,
  headers: {},
});

const target = (location: string, status = 301, request = asked(), base = BASE): string | undefined =>
  redirectTarget(base, request, { status, headers: { location } });

describe('what has moved below the base URL', () => {
  test.each([301, 302, 307, 308])('is where a %i says', (status) => {
    expect(target(`${BASE}/repositories/7`, status)).toBe(`${BASE}/repositories/7`);
  });

  test.each([
    ['/api/v3/repositories/7?per_page=1', `${BASE}/repositories/7?per_page=1`],
    ['//ghe.example/api/v3/x', `${BASE}/x`],
    ['2', `${BASE}/repos/old/2`],
    ['?page=2', `${BASE}/repos/old/1?page=2`],
  ])('may be named by less than its whole address: %s', (location, url) => {
    expect(target(location)).toBe(url);
  });

  test('is found by a base URL that names the usual port, or this machine', () => {
    const request = asked('GET', 'https://api.example/a');
    expect(target('https://api.example/b', 301, request, 'https://api.example:443')).toBe(
      'https://api.example/b',
    );
    const stub = 'http://127.0.0.1:8080';
    expect(target(`${stub}/b`, 301, asked('GET', `${stub}/a`), stub)).toBe(`${stub}/b`);
  });
});

describe('nothing is followed', () => {
  test.each([
    ['to another host', 'https://evil.example/api/v3/x'],
    ['to another host, without a scheme', '//evil.example/api/v3/x'],
    ['to a host that begins like it', 'https://ghe.example.evil.example/api/v3/x'],
    ['to another port', 'https://ghe.example:8443/api/v3/x'],
    ['from https to http', 'http://ghe.example/api/v3/x'],
    ['to another scheme', 'file:///api/v3/x'],
    ['with a user', 'https://me@ghe.example/api/v3/x'],
    ['with a user that looks like the host', 'https://ghe.example@evil.example/api/v3/x'],
    ['above the base path', '/login'],
    ['beside the base path', '/api/v3000/x'],
    ['to the base path itself', '/api/v3'],
    ['out of the base path', '/api/v3/../v4/x'],
    ['out of the base path, escaped', '/api/v3/%2e%2e/v4/x'],
    ['by a way that has to be changed first', '/api/v3/./x'],
    ['by what a browser takes for a slash', '/\\evil.example/api/v3/x'],
    ['by what a URL parser leaves out', '/api/v3/x\ty'],
    ['by what has to be escaped', '/api/v3/é'],
    ['to a part of a page', '/api/v3/x#y'],
    ['to an empty segment', '/api/v3//x'],
    ['to itself', `${BASE}/repos/old/1`],
    ['to itself, by nothing', ''],
    ['to no address', 'https://'],
  ])('%s', (_, location) => {
    expect(target(location)).toBeUndefined();
  });

  test.each([200, 201, 300, 303, 304, 305, 404, 500])('for a %i, whatever its header says', (status) => {
    expect(target(`${BASE}/x`, status)).toBeUndefined();
  });

  test('that credentials are exchanged at', () => {
    expect(target(`${BASE}/x`, 307, asked('POST'))).toBeUndefined();
  });

  test('without an address', () => {
    expect(redirectTarget(BASE, asked(), { status: 301, headers: {} })).toBeUndefined();
  });
});

test('whatever an answer says, it leads to the base’s host and below its path', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      BASE,
      'https:',
      'http:',
      '/api/v3',
      '/',
      '//',
      '..',
      '.',
      '@',
      ':',
      '\\',
      '?',
      '#',
      '%2e',
      '\t',
    ),
    fc.constantFrom('evil.example', 'ghe.example', 'x', '7'),
  );
  const location = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  let followed = 0;
  fc.assert(
    fc.property(location, (each) => {
      const url = target(each);
      if (url === undefined) return;
      followed += 1;
      expect(url).toMatch(/^https:\/\/ghe\.example\/api\/v3\/[^\s#]+$/);
      expect(url.split('?', 1)[0]).not.toMatch(/\\|\/\.{1,2}(\/|$)|[^:]\/\//);
      expect(new URL(url)).toMatchObject({ host: 'ghe.example', username: '', password: '', hash: '' });
    }),
    { numRuns: 2_000 },
  );
  expect(followed).toBeGreaterThan(20);
});
