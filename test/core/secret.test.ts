import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../lib/core/errors.ts';
import {
  broughtSecret,
  parseSecrets,
  type SigningSecret,
  type SourceSecrets,
  withSigningSecret,
} from '../../lib/core/secret.ts';

const created = Date.UTC(2026, 10, 24, 10);
const DAY = 86_400;

function parse(
  current: string,
  more: { previous?: string; overlap?: number; ageSeconds?: number } = {},
): SourceSecrets {
  return parseSecrets({
    current: { text: current, createdAt: created },
    ...(more.previous === undefined
      ? {}
      : { previous: { text: more.previous, createdAt: created - 9_000_000 } }),
    overlapSeconds: more.overlap ?? DAY,
    now: created + (more.ageSeconds ?? 0) * 1000,
  });
}

function signing(...args: Parameters<typeof parse>): readonly string[] {
  return parse(...args).signing.map(({ secret, age }) => `${secret}:${age}`);
}

describe('a list of secrets', () => {
  test('is the whole truth: the previous version does not verify beside it', () => {
    expect(signing('{"signing":["new","old"]}', { previous: 'gone' })).toEqual(['new:newest', 'old:older']);
  });

  test('is taken without its blank texts, and each secret once', () => {
    expect(signing('{"signing":["","new","  ","old","new"]}')).toEqual(['new:newest', 'old:older']);
  });
});

describe('one secret', () => {
  test('may stand alone or as the text of "signing"', () => {
    expect(signing('new')).toEqual(['new:newest']);
    expect(signing('{"signing":"new"}')).toEqual(['new:newest']);
  });

  test('is taken exactly, white space and line end included', () => {
    expect(signing(' new\n')).toEqual([' new\n:newest']);
  });

  test('that only looks like JSON is the secret itself', () => {
    for (const text of ['12345', '"quoted"', 'null', 'true', '["a"]', '{x9', '{"', '{"}signing"']) {
      expect(signing(text)).toEqual([`${text}:newest`]);
    }
  });

  test('lets the previous version verify while the overlap lasts', () => {
    expect(signing('new', { previous: 'old', ageSeconds: DAY - 1 })).toEqual(['new:newest', 'old:older']);
    expect(signing('{"signing":"new"}', { previous: '{"signing":["old","older"]}' })).toEqual([
      'new:newest',
      'old:older',
      'older:older',
    ]);
  });

  test('stands alone again when the overlap is over, or turned off', () => {
    expect(signing('new', { previous: 'old', ageSeconds: DAY })).toEqual(['new:newest']);
    expect(signing('new', { previous: 'old', overlap: 0, ageSeconds: -5 })).toEqual(['new:newest']);
    expect(signing('new', { previous: 'old', ageSeconds: Number.NaN })).toEqual(['new:newest']);
  });

  test('stays the newest when the version before it held the same text', () => {
    expect(signing('new', { previous: 'new' })).toEqual(['new:newest']);
  });

  test('is not taken away by a previous version that nobody can read', () => {
    expect(signing('new', { previous: '{"signing":17}' })).toEqual(['new:newest']);
  });
});

describe('no secret', () => {
  test.each([
    '',
    ' ',
    '\n',
    '{}',
    '{"signing":""}',
    '{"signing":[]}',
    '{"signing":["", " "]}',
    '{"api":"key"}',
  ])('%j holds none', (text) => {
    expect(parse(text).signing).toEqual([]);
  });

  test('lets the previous version verify all the same while the overlap lasts', () => {
    expect(signing('', { previous: 'old' })).toEqual(['old:older']);
  });
});

describe('the key of the provider API', () => {
  test('is read beside the signing secrets, from the current version only', () => {
    expect(parse('{"signing":"new","api":"key"}').api).toBe('key');
    expect(parse('{"signing":"new"}', { previous: '{"signing":"old","api":"old key"}' })).not.toHaveProperty(
      'api',
    );
    expect(parse('{"signing":"new","api":" "}')).not.toHaveProperty('api');
  });
});

describe('a secret of another form', () => {
  const wrong = [
    ['{"signing":17}', '"signing" of the stored secret is of type number'],
    ['{"signing":null}', '"signing" of the stored secret is null'],
    ['{"signing":["hush",17]}', '"signing" of the stored secret is a list with something else than texts'],
    ['{"signing":{"current":"hush"}}', '"signing" of the stored secret is of type object'],
    ['{"signing":"hush","api":17}', '"api" of the stored secret is of type number'],
    ['{"singing":"hush"}', 'The stored secret has 1 field that nothing reads'],
    ['{"__proto__":{"signing":"hush"}}', 'The stored secret has 1 field that nothing reads'],
    ['{"signing":"hush","a":1,"b":2}', 'The stored secret has 2 fields that nothing reads'],
    ['{"signing":["hush","hush"}', 'is not valid JSON'],
    ['{ "api": hush }', 'is not valid JSON'],
  ] as const;

  test.each(wrong)('%j is refused with what is wrong and what is allowed', (text, message) => {
    expect(() => parse(text)).toThrow(ConfigurationError);
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow('Allowed: the signing secret itself, or {"signing"');
  });

  test('is never quoted', () => {
    for (const [text] of wrong) {
      const error = caught(() => parse(text));
      expect(`${error.message} ${String(error.cause)} ${error.stack}`).not.toMatch(/hush|singing/);
    }
  });
});

test('every text either parses or is refused as configuration', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => `{"signing":${json}}`),
    fc.json().map((json) => json.slice(1)),
  );
  fc.assert(
    fc.property(texts, fc.option(texts, { nil: undefined }), (current, previous) => {
      try {
        const secrets = parse(current, previous === undefined ? {} : { previous });
        expect(secrets.signing.every(({ secret }) => secret.trim() !== '')).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigurationError);
      }
    }),
  );
});

function caught(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

describe('a secret that comes in a request', () => {
  test.each([
    ['b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81'],
    ['secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl'],
    ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=='],
    ['x'.repeat(16)],
    ['x'.repeat(256)],
  ])('is taken in the form that providers give it: %s', (text) => {
    expect(broughtSecret(text)).toBe(text);
  });

  test.each([
    [''],
    ['x'.repeat(15)],
    ['x'.repeat(257)],
    [`${'x'.repeat(16)}\n`],
    [`{"signing":["${'x'.repeat(16)}"]}`],
  ])('is no secret in another: %j', (text) => {
    expect(broughtSecret(text)).toBeUndefined();
  });

  test.each([
    ['', { signing: ['new'] }],
    ['{}', { signing: ['new'] }],
    ['{"signing":[],"api":"key","verify":"token"}', { signing: ['new'], api: 'key', verify: 'token' }],
  ])('is stored beside what is there: %s', (stored, expected) => {
    expect(JSON.parse(withSigningSecret(stored, 'new' as SigningSecret))).toEqual(expected);
  });

  test('is not stored in the place of what nobody understands', () => {
    expect(() => withSigningSecret('{"singing":[]}', 'new' as SigningSecret)).toThrow(ConfigurationError);
  });
});
