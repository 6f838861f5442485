import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import sources from '../../bin/sources.ts';
import { ConfigurationError } from '../../lib/core/errors.ts';
import { parseSources } from '../../lib/core/source.ts';
import { readStagedSources, stageSources } from '../../lib/core/staged-sources.ts';
import * as headgate from '../../lib/index.ts';
import { github, providers, standardWebhooks, stripe } from '../../lib/providers/index.ts';
import { basic, full, signed, token } from './source/own-provider.ts';

/** The problems that the parser lists, one a line. */
function problems(input: unknown): readonly string[] {
  try {
    parseSources(input);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.message.split('\n- ').slice(1);
  }
  return [];
}

const source = (definition: object): readonly string[] =>
  problems({ bot: { provider: signed, ...definition } });

describe('a sound source', () => {
  test('gets every default', () => {
    expect(parseSources({ bot: { provider: token } })).toEqual([
      {
        name: 'bot',
        provider: { ...token, title: 'doorbell', docs: [], setup: [] },
        paths: ['/bot'],
        events: 'all',
        repeatedContent: 'publish',
        redact: [],
        secretOverlapSeconds: 86_400,
      },
    ]);
  });

  test('is in set-up only where it says so, and its provider brings a secret', () => {
    const provider = {
      ...signed,
      handshakes: [
        {
          method: 'POST',
          guard: { installs: '{header:x-hook-secret}' },
          when: [{ at: '{header:x-hook-secret}' }],
          answer: { status: 200 },
        },
      ],
    };
    expect(parseSources({ bot: { provider } })[0]).not.toHaveProperty('setup');
    expect(parseSources({ bot: { provider, setup: 'install-secret' } })[0]).toMatchObject({
      setup: 'install-secret',
    });
  });

  test('keeps what was chosen', () => {
    const [parsed] = parseSources({
      'my-bot': {
        provider: full,
        path: ['/hooks/bot', '/Bot.v2~old'],
        events: ['issues.*', 'ping'],
        toleranceSeconds: 60,
        repeatedContent: 'refuse',
        redact: ['response_url', 'items.*.token'],
        secretOverlapSeconds: 0,
      },
    });
    expect(parsed).toEqual({
      name: 'my-bot',
      provider: full,
      paths: ['/hooks/bot', '/Bot.v2~old'],
      events: ['issues.*', 'ping'],
      toleranceSeconds: 60,
      repeatedContent: 'refuse',
      redact: ['response_url', 'items.*.token'],
      secretOverlapSeconds: 0,
    });
  });

  test('takes a single path, and a field that is explicitly undefined as left out', () => {
    const [parsed] = parseSources({ bot: { provider: token, path: '/x', events: undefined } });
    expect(parsed).toMatchObject({ paths: ['/x'], events: 'all' });
  });

  test('comes back from the staged file as it was', () => {
    const parsed = parseSources({ a: { provider: full }, b: { provider: basic }, c: { provider: signed } });
    expect(readStagedSources(stageSources(parsed))).toEqual(parsed);
  });

  test('shares nothing with what was given, so that a later change of it changes nothing', () => {
    const provider = structuredClone(token) as { name: string };
    const [parsed] = parseSources({ bot: { provider } });
    provider.name = 'changed';
    expect(parsed?.provider.name).toBe('doorbell');
  });
});

describe('what comes with Headgate', () => {
  test.each(providers.map((provider) => [provider.name, provider] as const))(
    'is sound, and unchanged by the parser: %s',
    (_, provider) => {
      expect(parseSources({ inlet: { provider } })).toMatchObject([{ provider }]);
    },
  );

  test('has every provider that the package gives away by its own name', () => {
    const { providers: list, parseSources: _, ConfigurationError: __, ...named } = headgate;
    // The others make the value of a sender that is not in the list.
    const values = Object.values(named).filter((value) => typeof value !== 'function');
    expect(new Set(values)).toEqual(new Set(list));
    expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
  });

  test('has sources that can be deployed as they stand: GitHub, Stripe and one Standard Webhooks sender', () => {
    expect(parseSources(sources).map(({ name, provider, paths }) => [name, provider, ...paths])).toEqual([
      ['github', github, '/github'],
      ['stripe', stripe, '/stripe'],
      ['standard-webhooks', standardWebhooks, '/standard-webhooks'],
    ]);
  });
});

describe('the staged file', () => {
  test.each([['{'], ['{"name":"bot"}']])('is refused when it is %s', (text) => {
    expect(() => readStagedSources(text)).toThrow(ConfigurationError);
  });
});

describe('several problems', () => {
  test('are listed together, each with its place', () => {
    const input = {
      Bot: { provider: token },
      bot: { provider: { ...token, name: 'Door Bell' }, paht: '/x', redact: 'a', events: [] },
    };
    expect(() => parseSources(input)).toThrow(
      new ConfigurationError(
        [
          'The sources have 5 problems:',
          '- sources.Bot: found the name "Bot"; allowed: a name of a-z, 0-9 and "-", at most 40 characters, other than "unknown"',
          '- sources.bot: found the unknown field "paht"; allowed: provider, path, events, toleranceSeconds, repeatedContent, redact, secretOverlapSeconds, reconcile, api, patience, setup',
          '- sources.bot.provider.name: found "Door Bell"; allowed: a name of a-z, 0-9 and "-", at most 40 characters',
          '- sources.bot.events: found an empty list; allowed: a list with at least one type; leave it out for all types',
          '- sources.bot.redact: found a text; allowed: a list of paths',
        ].join('\n'),
      ),
    );
  });
});

describe('sources', () => {
  test.each([
    [undefined, 'sources: found nothing; allowed: an object with at least one source by its name'],
    [{}, 'sources: found none; allowed: an object with at least one source by its name'],
    [[], 'sources: found an empty list; allowed: an object with at least one source by its name'],
    ['x', 'sources: found a text; allowed: an object with at least one source by its name'],
  ])('must be an object with a source: %j', (input, problem) => {
    expect(problems(input)).toEqual([problem]);
  });

  test.each([
    [''],
    ['-a'],
    ['A'],
    ['a_b'],
    ['a.b'],
    ['a b'],
    ['ä'],
    ['unknown'],
    ['a'.repeat(41)],
    ['__proto__'],
  ])('may not be called %j', (name) => {
    expect(problems(JSON.parse(`{"${name}":{"provider":${JSON.stringify(token)}}}`)).join()).toContain(
      'found the name',
    );
  });

  test.each([['a'], ['0'], ['a-b'], ['constructor'], ['a'.repeat(40)]])('may be called %j', (name) => {
    expect(problems({ [name]: { provider: token } })).toEqual([]);
  });

  test.each([
    [''],
    ['bot'],
    ['/'],
    ['/bot/'],
    ['//bot'],
    ['/a//b'],
    ['/./a'],
    ['/a/..'],
    ['/a b'],
    ['/a?b'],
    ['/{a}'],
    ['/a%20b'],
    ['/ü'],
    ['/a\n'],
    [`/${'a'.repeat(200)}`],
  ])('may not lie at %j', (path) => {
    expect(source({ path }).join()).toMatch(/^sources\.bot\.path: found ".*"; allowed: a path such as/);
    expect(source({ path: ['/ok', path] }).join()).toMatch(/^sources\.bot\.path\[1\]: found/);
  });

  test('may not share a path, nor list it twice', () => {
    const found = problems({
      a: { provider: token, path: ['/x', '/x'] },
      b: { provider: token, path: '/a' },
      c: { provider: token, path: '/x' },
    });
    expect(found).toEqual([
      'sources.a.path: found "/x", which the source "a" has; allowed: a path of its own',
      'sources.c.path: found "/x", which the source "a" has; allowed: a path of its own',
    ]);
  });

  test.each([
    [{ path: [] }, 'sources.bot.path: found an empty list; allowed: at least one path'],
    [
      { events: ['a b'] },
      'sources.bot.events[0]: found "a b"; allowed: a type such as "issues.opened", or a beginning such as "issues.*"',
    ],
    [
      { events: ['*'] },
      'sources.bot.events[0]: found "*"; allowed: a type such as "issues.opened", or a beginning such as "issues.*"',
    ],
    [
      { events: ['a.*.b'] },
      'sources.bot.events[0]: found "a.*.b"; allowed: a type such as "issues.opened", or a beginning such as "issues.*"',
    ],
    [{ events: ['a', 'a'] }, 'sources.bot.events[1]: found "a" again; allowed: each type once'],
    [
      { redact: ['a..b'] },
      'sources.bot.redact[0]: found "a..b"; allowed: a path such as "data.object.id" or "items.*.token"',
    ],
    [
      { redact: [''] },
      'sources.bot.redact[0]: found ""; allowed: a path such as "data.object.id" or "items.*.token"',
    ],
    [
      { toleranceSeconds: 0 },
      'sources.bot.toleranceSeconds: found 0; allowed: a whole number of seconds, 1 to 86400',
    ],
    [
      { toleranceSeconds: 300_000 },
      'sources.bot.toleranceSeconds: found 300000; allowed: a whole number of seconds, 1 to 86400',
    ],
    [
      { toleranceSeconds: Number.NaN },
      'sources.bot.toleranceSeconds: found NaN; allowed: a whole number of seconds, 1 to 86400',
    ],
    [
      { toleranceSeconds: '300' },
      'sources.bot.toleranceSeconds: found "300"; allowed: a whole number of seconds, 1 to 86400',
    ],
    [
      { secretOverlapSeconds: -1 },
      'sources.bot.secretOverlapSeconds: found -1; allowed: a whole number of seconds, 0 to 2592000',
    ],
    [
      { repeatedContent: 'drop' },
      'sources.bot.repeatedContent: found "drop"; allowed: "publish" or "refuse"',
    ],
    [
      { repeatedContent: 'refuse' },
      'sources.bot.repeatedContent: found "refuse"; allowed: nothing, since deploy-bot signs its ids',
    ],
    [
      { setup: 'install-secret' },
      'sources.bot.setup: found "install-secret"; allowed: nothing, since deploy-bot brings no secret in a set-up request: store it yourself',
    ],
    [{ setup: true }, 'sources.bot.setup: found true; allowed: "install-secret"'],
    [
      { reconcile: 'sometimes' },
      'sources.bot.reconcile: found "sometimes"; allowed: "off" or "when-unsure" or "always"',
    ],
    [
      {
        provider: { ...token, events: [{ type: 'ring' }], idCoverage: 'unsigned' },
        repeatedContent: 'refuse',
      },
      'sources.bot.repeatedContent: found "refuse"; allowed: nothing, since doorbell gives no ids: equal bytes are different events',
    ],
    [
      { provider: token, toleranceSeconds: 300 },
      'sources.bot.toleranceSeconds: found 300; allowed: nothing, since doorbell signs no time',
    ],
    [{ provider: 'github' }, 'sources.bot.provider: found a text; allowed: an object with name, title'],
    [{ provider: undefined }, 'sources.bot.provider: found nothing; allowed: an object with name, title'],
  ])('are refused with %j', (definition, problem) => {
    const found = source(definition);
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(problem)).toBe(true);
  });

  test('never have their secrets quoted, wherever they were written', () => {
    const secret = 'whsec_c2VjcmV0';
    const found = problems({
      bot: { provider: { ...signed, secret, scheme: secret }, secret, redact: secret, path: { secret } },
      more: secret,
    });
    expect(found).toHaveLength(6);
    expect(found.join()).not.toContain(secret);
  });
});

describe('whatever is given', () => {
  test('it parses or it is refused with a configuration error', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        problems(input);
        problems({ bot: input });
        problems({ bot: { provider: input } });
      }),
    );
  });

  test('a part of a sound provider replaced by anything parses or is refused at that part', () => {
    const paths = leaves(full);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.anything(), (path, value) => {
        for (const problem of problems({ bot: { provider: replaced(full, path, value) } })) {
          expect(problem).toMatch(/^sources\.bot\.provider[\s\S]*: found [\s\S]+; allowed: [\s\S]+/);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('a part of a sound provider removed is refused at that part, or may be left out', () => {
    const optional = leaves(full).filter(
      (path) => problems({ bot: { provider: replaced(full, path, undefined) } }).length === 0,
    );
    expect(new Set(optional.map((path) => path.join('.')))).toEqual(
      new Set([
        'scheme.families.0.signature.separator',
        'events.0.when.0.equals',
        'events.0.subject',
        'events.0.time',
        'events.0.version',
        'title',
        'docs',
        'handshakes',
        'handshakes.0.media',
        'handshakes.0.when.0.equals',
        'handshakes.0.when.1.is',
        'handshakes.0.answer.json',
        'handshakes.1.when',
        'handshakes.1.answer.text',
        'handshakes.2.when',
        'document',
        'split',
        'repeatableTypes',
        'signatureMark',
        'typeRequires',
        'volatile',
        'acknowledge',
        'acknowledge.contentType',
        'acknowledge.body',
        'delivery.withoutRetries',
        'delivery.maxBytes',
        'setup',
      ]),
    );
  });
});

type Path = readonly string[];

/** The paths to all parts of a value. */
function leaves(value: unknown, path: Path = []): Path[] {
  const below =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, part]) => leaves(part, [...path, name]))
      : [];
  return path.length === 0 ? below : [path, ...below];
}

function replaced(value: unknown, [step, ...rest]: Path, part: unknown): unknown {
  if (step === undefined) return part;
  const copy: object = Array.isArray(value) ? [...value] : { ...(value as object) };
  return Object.assign(copy, { [step]: replaced(Reflect.get(copy, step), rest, part) });
}
