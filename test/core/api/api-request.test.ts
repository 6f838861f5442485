import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiUrl } from '../../../lib/core/api/api-request.ts';
import { entityTag } from '../../../lib/core/api/entity-tag.ts';
import type { ResourceIds } from '../../../lib/core/provider-api.ts';
import { resourceAddress } from '../../../lib/core/resource-address.ts';

describe('the address of a resource', () => {
  test.each([
    ['https://api.stripe.com', '/v1/charges/ch_1', 'https://api.stripe.com/v1/charges/ch_1'],
    ['https://ghe.example/api/v3', '/repos/a/b.c', 'https://ghe.example/api/v3/repos/a/b.c'],
    ['https://api.example:443', '/x?a=1&b=~c', 'https://api.example/x?a=1&b=~c'],
    ['http://127.0.0.1:8080', '/x', 'http://127.0.0.1:8080/x'],
    ['https://sentry.example/api/0', '/issues/1/?x=1', 'https://sentry.example/api/0/issues/1/?x=1'],
  ])('is below its base: %s%s', (base, path, url) => {
    expect(apiUrl(base, path)).toBe(url);
  });

  test.each([
    '/..',
    '/../v2/x',
    '/x/%2e%2e/y',
    '/./x',
    '//x',
    '/\\x',
    '/x y',
    '/x\ny',
    '/x#y',
    '/x//',
    '/',
    '/ü',
    'x',
    '',
    '?x',
    '@evil.example',
    ':80@evil.example/',
    '.evil.example/x',
  ])('is none when it could be read in another way: %j', (path) => {
    expect(apiUrl('https://ghe.example/api/v3', path)).toBeUndefined();
  });

  test('leads to the base’s host and below its path, whatever is put into it', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('/', '..', '.', '@', ':', '\\', '?', '#', '%2e', '//', 'evil.example', '\t', ' '),
    );
    const path = fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join('')}`);
    fc.assert(
      fc.property(path, (each) => {
        const url = apiUrl('https://ghe.example/api/v3', each);
        if (url === undefined) return;
        // As another reader of URLs than the one it was made with.
        expect(url).toMatch(/^https:\/\/ghe\.example\/api\/v3\/[^\s#\\@]*/);
        expect(url.split('?', 1)[0]).not.toMatch(/\/\.{1,2}(\/|$)|[^:]\/\//);
        expect(new URL(url)).toMatchObject({ host: 'ghe.example', username: '', password: '', hash: '' });
      }),
      { numRuns: 5_000 },
    );
  });
});

test('every path that is made of checked ids is an address', () => {
  const ids = fc.constantFrom<ResourceIds>('digits', 'word', 'name', 'encoded');
  const value = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.stringMatching(/^[A-Za-z0-9._~/' ()*-]{1,40}$/),
    fc.nat().map(String),
  );
  let found = 0;
  fc.assert(
    fc.property(ids, value, (form, id) => {
      const shape = { path: '/v1/things/{body:id}?expand=all', ids: form };
      const resource = resourceAddress(shape, () => id);
      if (resource === undefined) return;
      found += 1;
      expect(apiUrl('https://ghe.example/api/v3', resource.address.path)).toBe(
        `https://ghe.example/api/v3${resource.address.path}`,
      );
    }),
    { numRuns: 2_000 },
  );
  expect(found).toBeGreaterThan(200);
});

test.each([
  ['"v1"', true],
  ['W/"5d8c72a5"', true],
  ['""', true],
  ['v1', false],
  ['"a"b"', false],
  ['"a\r\nx: y"', false],
  ['"é"', false],
  [`"${'x'.repeat(201)}"`, false],
])('a tag that can be kept and sent back: %j', (tag, is) => {
  expect(entityTag(tag)).toBe(is ? tag : undefined);
});
