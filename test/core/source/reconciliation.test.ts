import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../../lib/core/errors.ts';
import type { EventShape, ProviderApi } from '../../../lib/core/provider.ts';
import { type ProviderDefinition, parseSources } from '../../../lib/core/source.ts';

const api: ProviderApi = {
  baseUrls: { live: 'https://api.acme.example/v1', sandbox: 'https://sandbox.acme.example' },
  auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }, { kind: 'basic' }],
  headers: { 'acme-version': '2026-01-01' },
  rate: { perSecond: 10, burst: 20 },
  rateLimit: { remaining: 'x-remaining', reset: { header: 'x-reset', unit: 's' } },
};

const acme: ProviderDefinition = {
  name: 'acme',
  scheme: { kind: 'token', header: 'x-token' },
  events: [
    {
      id: '{body:id}',
      type: '{body:type}',
      subject: 'box/{body:box.id}',
      version: { at: '{body:box.revision}', unit: 'integer' },
      resource: {
        path: ['/boxes/{body:box.id}?expand=items', '/boxes/by-name/{body:box.name}'],
        ids: 'name',
        version: { at: '{body:revision}', unit: 'integer' },
        deletion: [{ at: '{body:type}', equals: 'box.deleted' }],
        deleted: [{ at: '{body:deleted}', equals: 'true' }],
      },
    },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: 'none' },
  api,
};

const [shape] = acme.events as readonly [EventShape];
const { resource, ...about } = shape;
const { api: _, ...silent } = { ...acme, events: [about] };

function read(options: object, provider: object = acme): unknown {
  try {
    return parseSources({ acme: { provider, ...options } })[0]?.reconcile;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.message.split('\n- ').slice(1);
  }
}

describe('a source', () => {
  test('asks no API unless it says so', () => {
    expect(read({})).toBeUndefined();
    expect(read({ reconcile: 'off' })).toBeUndefined();
  });

  test('asks the first of the provider’s APIs by its first kind of credentials, and is patient for an hour', () => {
    expect(read({ reconcile: 'always' })).toEqual({
      when: 'always',
      baseUrl: 'https://api.acme.example/v1',
      network: 'public',
      auth: api.auth[0],
      rate: { perSecond: 10, burst: 20 },
      redact: [],
      patience: { seconds: 3_600, afterwards: 'publish' },
    });
  });

  test('can name another API of the provider’s, a server of its own, or a stub on this machine', () => {
    const baseUrl = (url: string): unknown => read({ reconcile: 'when-unsure', api: { baseUrl: url } });
    expect(baseUrl('sandbox')).toMatchObject({ baseUrl: 'https://sandbox.acme.example' });
    expect(baseUrl('https://acme.internal.example/api/v3')).toMatchObject({
      baseUrl: 'https://acme.internal.example/api/v3',
    });
    expect(baseUrl('http://127.0.0.1:4010')).toMatchObject({ baseUrl: 'http://127.0.0.1:4010' });
  });

  test.each([
    ['https://acme.internal.example/api/v3', 'private-too'],
    ['https://acme.internal.example:8443', 'private-too'],
    ['https://10.1.2.3', 'private-too'],
    ['sandbox', 'public'],
    ['http://127.0.0.1:4010', 'public'],
    ['https://api.acme.example/v1', 'public'],
    ['https://api.acme.example:8443/v2', 'public'],
  ])(
    'reaches into a private network only by the https address of a server of its own: %s',
    (url, network) => {
      expect(read({ reconcile: 'always', api: { baseUrl: url } })).toMatchObject({ network });
      expect(
        read({ reconcile: 'always' }, { ...acme, api: { ...api, baseUrls: { own: 'https://10.1.2.3' } } }),
      ).toMatchObject({
        baseUrl: 'https://10.1.2.3',
        network: 'public',
      });
    },
  );

  test('can choose credentials, rate and patience', () => {
    const chosen = {
      api: { auth: 'basic', rate: { perSecond: 0.5, burst: 1 }, redact: ['owner.email'] },
      patience: { seconds: 60, afterwards: 'dead-letter' },
    };
    expect(read({ reconcile: 'always', ...chosen })).toMatchObject({
      auth: { kind: 'basic' },
      rate: { perSecond: 0.5, burst: 1 },
      redact: ['owner.email'],
      patience: chosen.patience,
    });
  });

  test.each<[string, object, object, string]>([
    [
      'an API that nobody knows',
      { reconcile: 'always' },
      silent,
      'sources.acme.reconcile: found "always"; allowed: "off", since no API of acme is known that tells how a resource stands',
    ],
    [
      'options that would do nothing',
      { patience: { seconds: 1, afterwards: 'publish' } },
      acme,
      'sources.acme.patience: found it; allowed: nothing, since reconcile is "off" and the API is never asked',
    ],
    [
      'a name that is none',
      { reconcile: 'always', api: { baseUrl: 'staging' } },
      acme,
      'sources.acme.api.baseUrl: found "staging"; allowed: "live", "sandbox" or an https address',
    ],
    [
      'http to another machine',
      { reconcile: 'always', api: { baseUrl: 'http://acme.example' } },
      acme,
      'sources.acme.api.baseUrl: found "http://acme.example"; allowed: an https address without a slash at its end, such as "https://api.example.com/v1"',
    ],
    [
      'user and password in the address',
      { reconcile: 'always', api: { baseUrl: 'https://me:pw@acme.example' } },
      acme,
      'sources.acme.api.baseUrl: found "https://me:pw@acme.example"; allowed: an https address without a slash at its end, such as "https://api.example.com/v1"',
    ],
    [
      'credentials that the provider does not take',
      { reconcile: 'always', api: { auth: 'github-app' } },
      acme,
      'sources.acme.api.auth: found "github-app"; allowed: "token" or "basic"',
    ],
    [
      'patience for longer than anything waits',
      { reconcile: 'always', patience: { seconds: 86_400, afterwards: 'publish' } },
      acme,
      'sources.acme.patience.seconds: found 86400; allowed: a whole number of seconds, 0 to 72000',
    ],
    [
      'a provider whose accounts each have an API, and none is named',
      { reconcile: 'always' },
      { ...acme, api: { ...api, baseUrls: undefined } },
      'sources.acme.api.baseUrl: found nothing; allowed: an https address: every account has its own',
    ],
  ])('is told of %s', (_title, options, provider, problem) => {
    expect(read(options, provider)).toEqual([problem]);
  });
});

describe('the resource of an event', () => {
  const withShape = (changes: object, provider: object = acme): unknown =>
    read({}, { ...provider, events: [{ ...about, ...changes }] });
  const { subject, ...unbound } = shape;

  test('is read somewhere', () => {
    expect(withShape({ resource }, silent)).toEqual([
      'sources.acme.provider.events[0].resource: found it; allowed: nothing without an api, which is asked for it',
    ]);
  });

  test('has one subject: that of the state in the payload, or of what is fetched alone', () => {
    expect(withShape({ resource: { ...resource, subject } })).toEqual([
      'sources.acme.provider.events[0].resource.subject: found it; allowed: nothing, since the shape has a subject: the payload carries its state',
    ]);
    expect(read({}, { ...acme, events: [unbound] })).toEqual([
      'sources.acme.provider.events[0].resource.subject: found nothing; allowed: a subject, here or beside the resource',
    ]);
    expect(
      read({}, { ...acme, events: [{ ...unbound, resource: { ...resource, subject } }] }),
    ).toBeUndefined();
  });
});

describe('the path of a resource', () => {
  const withPath = (path: unknown): unknown => {
    return read({}, { ...acme, events: [{ ...shape, resource: { path } }] });
  };

  test.each([
    'boxes/{body:id}',
    '//evil.example/{body:id}',
    '/../{body:id}',
    '/a/./b',
    '/a b',
    '/a#b',
    '/a//',
    '/a/{body:id?}',
    '/a/{body:id?}/b',
    '/{body:id?}?x=1',
    '\\evil',
    '/{body:id}@evil',
  ])('stays below the base URL: %s is refused', (path) => {
    expect(withPath(path)).toEqual([expect.stringContaining('allowed: a path such as')]);
  });

  test('stays there for every kind, and each kind has a name', () => {
    const problems = withPath({ by: 'deal', of: { deal: '/a', 'a b': '/a', bag: '/../a' } });
    expect(problems).toEqual([
      expect.stringMatching(/path\.by: .* a template with at least one hole$/),
      expect.stringMatching(/path\.of: found the name "a b"; .* a kind of letters/),
      expect.stringMatching(/path\.of\.bag: .* a path such as/),
    ]);
    expect(withPath({ by: '{body:kind}', of: { deal: '/a/{body:id}' } })).toBeUndefined();
  });

  test.each([
    '/a',
    '/a/',
    '/a/{body:id}/?x={body:y?}',
    '/a/{body:id}.json',
    '/{body:kind}/{body:id}?expand=x&y=1',
    '/a/{body:owner}:{body:id}',
  ])('%s is one', (path) => {
    expect(withPath(path)).toBeUndefined();
  });
});
