import { describe, expect, test } from 'vitest';
import { answerKind, readResource } from '../../lib/core/read-resource.ts';

describe('an answer under 200', () => {
  const shape = {
    absent: [{ at: '{body:error}', equals: 'not_found' }],
    valid: [{ at: '{body:ok}', equals: 'true' }, { at: '{body:thing.id}' }],
  } as const;

  test.each([
    ['{"ok":true,"thing":{"id":1}}', 'resource'],
    ['{"ok":false,"error":"not_found"}', 'absence'],
    ['{"ok":false,"error":"invalid_auth"}', 'something-else'],
    ['{"ok":true}', 'something-else'],
    ['{}', 'something-else'],
    ['[]', 'something-else'],
    ['null', 'something-else'],
  ])('%s is a %s', (text, kind) => {
    expect(answerKind(text, shape)).toBe(kind);
  });

  test('is the resource, whatever it is, where errors have a status of their own', () => {
    expect(answerKind('{"error":"not_found"}', {})).toBe('resource');
    expect(answerKind('[]', { absent: shape.absent })).toBe('resource');
    expect(answerKind('\n {"a":1}', {})).toBe('resource');
  });

  test.each(['null', '0', '"x"', ' true'])('that is only %s is no resource', (text) => {
    expect(answerKind(text, {})).toBe('something-else');
  });
});

describe('a resource', () => {
  const shape = {
    version: { at: '{body:updated}', unit: 'iso' },
    deleted: [{ at: '{body:deleted}', equals: 'true' }],
  } as const;

  test.each([
    [
      '{"updated":"2026-11-24T09:59:58Z","deleted":false}',
      { kind: 'stands', version: '01795514398000000000' },
    ],
    ['{"updated":"2026-11-24T09:59:58Z","deleted":true}', { kind: 'deleted' }],
    ['{"updated":"yesterday"}', { kind: 'stands' }],
    ['[]', { kind: 'stands' }],
  ])('%s reads as %o', (text, read) => {
    expect(readResource(text, shape)).toEqual(read);
  });
});
