import fc from 'fast-check';
import { expect, test } from 'vitest';
import { step } from '../../../lib/core/steps/json-lines.ts';

const read = (body: string | Buffer, depth = 64) =>
  step.read({ headers: {}, body: Buffer.from(body) }, { depth });

test('lines are a list, whatever their ends, and empty ones are none', () => {
  for (const body of ['{"a":1}\n[2]\n3', '{"a":1}\r\n[2]\r\n\r\n3\r\n'])
    expect(JSON.parse((read(body) as { text: string }).text)).toEqual([{ a: 1 }, [2], 3]);
});

test('one text is itself, on however many lines it stands', () => {
  for (const body of ['{"a":1}', '[{"a":1},\n{"b":2}]', '{\n"a":1\n}\n'])
    expect(read(body)).toEqual({ kind: 'json', text: body });
});

test('a line that is none is a text, and the others are what they are', () => {
  expect(read('{"a":1}\n{"b":\n{"c":1.0}')).toEqual({
    kind: 'json',
    text: '[{"a":1},"{\\"b\\":",{"c":1.0}]',
  });
  expect(read('{"a":1}\n[[1]]', 2)).toEqual({ kind: 'json', text: '[{"a":1},"[[1]]"]' });
});

test('no line of JSON, and bytes that are no UTF-8, are unreadable', () => {
  for (const body of ['', '\n', 'a\nb', Buffer.from([0xff, 0x0a, 0x31])])
    expect(read(body).kind).toBe('unreadable');
});

test('is what each line is, whatever the values', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 2 }), (values) => {
      const found = read(values.map((value) => JSON.stringify(value)).join('\n'));
      expect(found.kind === 'json' && JSON.parse(found.text)).toEqual(JSON.parse(JSON.stringify(values)));
    }),
  );
});
