import { describe, expect, test } from 'vitest';
import { contradictsType } from '../../lib/core/type-contradiction.ts';
import {
  FORM_TYPE,
  JSON_TYPE,
  plainProvider,
  read,
  type Sent,
  sourceOf,
  verifiedOf,
} from './intake-cases.ts';

const source = sourceOf(
  plainProvider({
    events: [{ id: '1', type: '{header:x-type}' }],
    document: { formField: 'payload' },
    typeRequires: [
      { type: '{header:x-type}', equals: 'pull_request', body: 'pull_request.id' },
      { type: '{header:x-type}', equals: 'odd', body: 'a"b/c' },
      { type: '{header:x-type}', equals: 'orders/delete', lacks: 'created_at' },
      { type: '{header:x-type}', begins: 'orders/', body: 'gid', valueBegins: 'gid://shop/Order/' },
    ],
  }),
);
const typed = (type: string, body: string, media: Record<string, string> = JSON_TYPE): Sent => ({
  body,
  headers: { ...media, 'x-type': type },
});
const asForm = (document: string): string => `payload=${encodeURIComponent(document)}`;

const dead = { events: [], unreadable: [{ reason: 'contradicted-type' }] };
const alive = { events: [{}], unreadable: [] };

describe('a type that the body contradicts', () => {
  test.each([
    ['lacks what the type must have', typed('pull_request', '{"issue":{"id":1}}')],
    ['has it elsewhere only', typed('pull_request', '{"issue":{"pull_request":{"id":1}}}')],
    ['has what the type must not have', typed('orders/delete', '{"id":1,"created_at":"2026"}')],
    ['is about another kind of resource', typed('orders/paid', '{"gid":"gid:\\/\\/shop\\/Product\\/1"}')],
  ])('is a dead letter when the body %s', async (_, sent) => {
    expect(await read(source, sent)).toMatchObject(dead);
  });

  test.each(['pull_request', 'orders/delete', 'orders/paid', 'issues'])(
    'is not looked for in bytes, which are no event at all: %s',
    async (type) => {
      const sent = typed(type, '{"id":1,"created_at":"2026"}', { 'content-type': 'text/plain' });
      expect(await read(source, sent)).toMatchObject({ events: [], unreadable: [{ reason: 'unreadable' }] });
    },
  );

  test.each([
    ['the body has what its type must have', typed('pull_request', '{"pull_request":{"id":1}}')],
    ['the document in a form has it', typed('pull_request', asForm('{"pull_request":{"id":1}}'), FORM_TYPE)],
    ['no rule is about the type', typed('issues', '{}')],
    ['a field that may be left out is left out', typed('orders/paid', '{"id":1}')],
    ['the resource is of its kind', typed('orders/paid', '{"gid":"gid:\\/\\/shop\\/Order\\/1"}')],
  ])('is not found when %s', async (_, sent) => {
    expect(await read(source, sent)).toMatchObject(alive);
    expect(contradictsType(source, verifiedOf(sent))).toBeUndefined();
  });
});

describe('at intake, without parsing', () => {
  test.each([
    ['JSON', typed('pull_request', '{"issue":{"id":1}}')],
    ['a form', typed('pull_request', asForm('{"issue":{"id":1}}'), FORM_TYPE)],
    ['broken JSON', typed('pull_request', '{"issue":')],
  ])('a body of %s that lacks the key is refused', (_, sent) => {
    expect(contradictsType(source, verifiedOf(sent))).toMatchObject({
      kind: 'rejected',
      reason: 'contradicted-type',
    });
  });

  test('what is not certain passes: the exact check comes after the queue', () => {
    const escaped = typed('pull_request', '{"pull\\u005frequest":{"id":1}}');
    expect(contradictsType(source, verifiedOf(escaped))).toBeUndefined();
    const elsewhere = typed('pull_request', '{"issue":{"pull_request":1}}');
    expect(contradictsType(source, verifiedOf(elsewhere))).toBeUndefined();
  });

  test('a key that can be written in several ways is not searched for', async () => {
    const written = typed('odd', '{"a\\"b\\/c":1}');
    expect(contradictsType(source, verifiedOf(written))).toBeUndefined();
    expect(await read(source, written)).toMatchObject(alive);
  });

  test('a key that is escaped counts as there', async () => {
    expect(await read(source, typed('pull_request', '{"pull\\u005frequest":{"id":1}}'))).toMatchObject(alive);
  });
});
