import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiUrl } from '../../lib/core/api/api-request.ts';
import type { FetchedEvent } from '../../lib/core/held.ts';
import type { ResourceIds, ResourceShape } from '../../lib/core/provider.ts';
import { kindRead, resourceAddress } from '../../lib/core/resource-address.ts';

function pathOf(shape: ResourceShape, values: Readonly<Record<string, string>>): string | undefined {
  return resourceAddress(shape, ({ name }) => values[name])?.address.path;
}

const box = (id: string, ids?: ResourceIds): string | undefined =>
  pathOf({ path: '/boxes/{body:id}/lid', ...(ids && { ids }) }, { id });

const anyText = fc
  .array(fc.constantFrom(...'//..%\\?#@:;&=+$, \'()*![]{}<>"`^|~-_aZ0é漢😀\u0000\n', '\ud800', '%2f'), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

describe('the path of a resource', () => {
  test.each<[ResourceIds | undefined, readonly string[], readonly string[]]>([
    [undefined, ['a', 'A-1_b', 'x'.repeat(128)], ['', 'a.b', 'a~b', 'a/b', 'x'.repeat(129), 'é', 'a b']],
    ['word', ['a'], ['a.b', '%61']],
    ['digits', ['0', '12345678901234567890'], ['123456789012345678901', '-1', '1.0', 'a', '１']],
    ['name', ['a.b', '~a', '...', '.a'], ['.', '..', 'a/b', '%2e', 'a:b', 'x'.repeat(129)]],
  ])('holds ids of the kind %s, and nothing else', (ids, fitting, others) => {
    for (const id of fitting) expect(box(id, ids)).toBe(`/boxes/${id}/lid`);
    for (const id of others) expect(box(id, ids), id).toBeUndefined();
  });

  test.each([
    ['feature/login', 'feature%2Flogin'],
    ['{5c4a-11}', '%7B5c4a-11%7D'],
    ["it's (new)!*", 'it%27s%20%28new%29%21%2A'],
    ['häfen#1?', 'h%C3%A4fen%231%3F'],
    ['v1..2', 'v1..2'],
    ['...', '...'],
  ])('holds %s percent-encoded where that is allowed', (id, written) => {
    expect(box(id, 'encoded')).toBe(`/boxes/${written}/lid`);
  });

  test.each([
    '.',
    '..',
    '../a',
    'a/..',
    'a/./b',
    'a//b',
    '/a',
    'a/',
    '%2e',
    'a%',
    'a\\b',
    'a\nb',
    '\ud800',
    'x'.repeat(257),
  ])('never holds %j, not even encoded', (id) => {
    expect(box(id, 'encoded')).toBeUndefined();
  });

  test('is one that every client reads as it is written, and decodes to the very id', () => {
    fc.assert(
      fc.property(anyText, (id) => {
        const path = box(id, 'encoded');
        if (path === undefined) return;
        expect(apiUrl('https://api.example.com', path)).toBe(`https://api.example.com${path}`);
        expect(path.split('/').map(decodeURIComponent)).toEqual(['', 'boxes', id, 'lid']);
      }),
      { numRuns: 2_000 },
    );
  });

  test('can hold what follows a certain beginning of a value', () => {
    const shape: ResourceShape = {
      path: ['/branches/{body:ref#refs/heads/}', '/tags/{body:ref#refs/tags/}'],
      ids: 'encoded',
    };
    expect(pathOf(shape, { ref: 'refs/heads/a/b' })).toBe('/branches/a%2Fb');
    expect(pathOf(shape, { ref: 'refs/tags/v1' })).toBe('/tags/v1');
    for (const ref of ['refs/heads/', 'refs/notes/a', 'a/refs/heads/b', 'refs/heads/../a', ''])
      expect(pathOf(shape, { ref }), ref).toBeUndefined();
  });

  test('can depend on the kind of the resource: others have none', () => {
    const shape: ResourceShape = {
      path: { by: '{body:kind}', of: { box: '/boxes/{body:id}', 'box.lid': '/lids/{body:id}?of=box' } },
    };
    expect(pathOf(shape, { kind: 'box', id: '1' })).toBe('/boxes/1');
    expect(pathOf(shape, { kind: 'box.lid', id: '1' })).toBe('/lids/1?of=box');
    for (const kind of ['bag', '', 'toString', '__proto__', 'constructor'])
      expect(pathOf(shape, { kind, id: '1' }), kind).toBeUndefined();
  });

  test('is the first whose holes all have a value that fits', () => {
    const shape: ResourceShape = { path: ['/a/{body:a}/{body:b}', '/b/{body:b}'], ids: 'digits' };
    expect(pathOf(shape, { a: '1', b: '2' })).toBe('/a/1/2');
    expect(pathOf(shape, { a: 'x', b: '2' })).toBe('/b/2');
    expect(pathOf(shape, { a: '1' })).toBeUndefined();
  });
});

describe('the kind of a resource', () => {
  const kindOf = (path: ResourceShape['path'], subject: string, values: Record<string, string>) => {
    const address = resourceAddress({ path }, ({ name }) => values[name])?.address;
    return kindRead({ subject, resource: address } as FetchedEvent);
  };

  test.each([
    ['the words of its path and its subject', '/v1/charges/{body:id}', 'charge/ch_1', 'v1.charges.charge'],
    [
      'those of the path alone, where the subject is an id',
      '/transactions/{body:id}',
      'txn_1',
      'transactions',
    ],
    [
      'those of the path alone, where the subject is a URL',
      '/orders/{body:id}.json',
      'gid://a/Order/1',
      'orders.json',
    ],
    [
      'the subject’s too, where the path has it in a hole',
      '/objects/{body:type}/{body:id}?all',
      'Deal/1',
      'objects.Deal',
    ],
  ])('is %s', (_, path, subject, kind) => {
    expect(kindOf(path, subject, { id: '1', type: 'Deal' })).toBe(kind);
  });

  test('is the same for all resources of one path, and another for those of another', () => {
    const paths = ['/a/{body:a}', '/b/{body:b}'];
    const [one, other, third] = [{ a: '1' }, { a: '2' }, { b: '1' }].map((values) =>
      kindOf(paths, 's', values),
    );
    expect(one).toBe(other);
    expect(one).not.toBe(third);
  });
});

describe('the address of a resource', () => {
  const shape: ResourceShape = {
    path: '/boxes/{body:id}',
    deletion: [
      { at: '{body:type}', equals: 'deleted' },
      { at: '{body:final}', equals: 'true' },
    ],
  };
  const read = (own: ResourceShape, values: Readonly<Record<string, string>>): unknown =>
    resourceAddress(own, ({ name }) => values[name]);

  test('says that it was deleted only where all the signs are there', () => {
    expect(read(shape, { id: '1', type: 'deleted', final: 'true' })).toMatchObject({
      address: { says: 'deleted', payload: 'state' },
    });
    expect(read(shape, { id: '1', type: 'deleted' })).toMatchObject({ address: { says: 'stands' } });
    const either: ResourceShape = { ...shape, deletion: [{ at: '{body:type}', oneOf: ['deleted', 'gone'] }] };
    for (const [type, says] of [
      ['deleted', 'deleted'],
      ['gone', 'deleted'],
      ['', 'stands'],
      ['deletedgone', 'stands'],
    ] as const)
      expect(read(either, { id: '1', type })).toMatchObject({ address: { says } });
  });

  test('is there with a subject of its own only where that has a value', () => {
    const thin: ResourceShape = { ...shape, subject: 'box/{body:id}/{body:side}' };
    expect(read(thin, { id: '1', side: 'a' })).toMatchObject({
      subject: 'box/1/a',
      address: { path: '/boxes/1', payload: 'nothing' },
    });
    expect(read(thin, { id: '1' })).toBeUndefined();
  });
});
