import { describe, expect, test } from 'vitest';
import { readEvents } from '../../lib/core/identify.ts';
import { keptHeaders } from '../../lib/core/inlet.ts';
import type { Request } from '../../lib/core/request.ts';
import { deliveryOf, JSON_TYPE, plainProvider, sourceOf } from './intake-cases.ts';
import { onlyDelivery, secretsOf as stored, take, world } from './intake-world.ts';
import { outcome, post, secretsOf } from './scheme-cases.ts';

describe('a token in the URL', () => {
  const scheme = { kind: 'token', query: 'access_token' } as const;
  const called = (query: string): Request => ({ ...post({}), query });

  test('is compared after decoding', async () => {
    expect(await outcome(scheme, called('a=1&access_token=a%2Bb+c'), 'a+b c')).toBe('verified by newest');
    expect(await outcome(scheme, called('access_token=old'), secretsOf('new', 'old'))).toBe(
      'verified by older',
    );
    expect(await outcome(scheme, called('access_token=secre'))).toBe('wrong-signature');
  });

  test('is missing when it is absent, empty or there twice: everyone reads that in another way', async () => {
    for (const query of [
      '',
      'a=1',
      'access_token',
      'access_token=',
      'access_token=secret&access_token=secret',
      'Access_token=secret',
    ])
      expect(await outcome(scheme, called(query)), query).toBe('missing-signature');
  });

  test('is left out of what is stored, however it was written', async () => {
    const ports = world({ secrets: { read: async () => stored('s&cret'), refresh: async () => undefined } });
    const taken = await take(
      { body: '{"id":"1","type":"t"}', query: 'a=%31&access%5Ftoken=s%26cret&b' },
      { ports, provider: plainProvider({ scheme }) },
    );
    expect(taken.kind).toBe('accepted');
    expect(onlyDelivery(ports).query).toBe('a=%31&b');
    expect(JSON.stringify(ports.sent)).not.toContain('cret');
  });
});

describe('a token in the body', () => {
  const scheme = { kind: 'token', body: 'value.*.state' } as const;
  const sent = (body: string, headers = JSON_TYPE): Request => post(headers, body);

  test('has to be in every item', async () => {
    expect(await outcome(scheme, sent('{"value":[{"state":"secret"},{"state":"secret"}]}'))).toBe(
      'verified by newest',
    );
    expect(await outcome(scheme, sent('{"value":[{"state":"secret"},{"state":"other"}]}'))).toBe(
      'wrong-signature',
    );
    for (const item of ['{}', '{"state":null}', '{"state":""}', '{"state":["secret"]}', '"secret"'])
      expect(await outcome(scheme, sent(`{"value":[{"state":"secret"},${item}]}`)), item).toBe(
        'missing-signature',
      );
  });

  test('proves nothing where there is no item', async () => {
    for (const body of ['{"value":[]}', '{"value":{"0":{"state":"secret"}}}', '{}', '[]', '"secret"'])
      expect(await outcome(scheme, sent(body)), body).toBe('missing-signature');
  });

  test('may be an older one in any of them: then it is the older one that is told', async () => {
    const both = sent('{"value":[{"state":"new"},{"state":"old"}]}');
    expect(await outcome(scheme, both, secretsOf('new', 'old'))).toBe('verified by older');
  });

  test('is looked for in JSON that can be read while the provider waits, and in nothing else', async () => {
    const item = '{"value":[{"state":"secret"}]';
    const bodies: readonly [string, string][] = [
      ['broken', item],
      ['too deep', `${item},"a":${'['.repeat(64)}${']'.repeat(64)}}`],
      ['too large', `${item},"a":"${'x'.repeat(1_048_576)}"}`],
    ];
    for (const [name, body] of bodies)
      expect(await outcome(scheme, sent(body)), name).toBe('malformed-signature');
    expect(await outcome(scheme, post({ 'content-type': 'text/plain' }, `${item}}`))).toBe(
      'malformed-signature',
    );
  });

  test('is read as whoever gets the event reads it: of equal keys the last', async () => {
    expect(await outcome(scheme, sent('{"value":[{"state":"secret"}],"value":[{"state":"x"}]}'))).toBe(
      'wrong-signature',
    );
    expect(await outcome(scheme, sent('{"value":[{"state":"x","state":"secret"}]}'))).toBe(
      'verified by newest',
    );
  });

  test('is not published, and is no part of what an event is known by', () => {
    const source = sourceOf(
      plainProvider({
        scheme,
        split: ['value.*'],
        events: [{ id: '{digest}', type: '{body:value.0.type}' }],
      }),
    );
    const read = (state: string): { ids: string[]; texts: string[] } => {
      const body = `{"value":[{"type":"a","state":"${state}"},{"state":"${state}","type":"b"}]}`;
      const reading = readEvents(source, deliveryOf(source, { body }), {});
      if (reading.kind !== 'events') throw new Error(reading.explanation);
      return {
        ids: reading.events.map(({ id }) => id),
        texts: reading.events.map(({ payload }) => (payload.kind === 'json' ? payload.text : '')),
      };
    };
    expect(read('secret').texts).toEqual([
      '{"value":[{"type":"a","state":"[redacted]"}]}',
      '{"value":[{"state":"[redacted]","type":"b"}]}',
    ]);
    expect(read('secret').ids).toEqual(read('rotated').ids);
  });
});

test('headers that are the secret are kept by no scheme, whatever names them', () => {
  const of = [
    { kind: 'token', header: 'x-token' },
    { kind: 'token', query: 'token' },
  ] as const;
  const provider = plainProvider({
    scheme: { kind: 'any', of },
    signatureMark: '{header:x-token}{header:x-other}',
  });
  expect(keptHeaders(provider)).toEqual(['content-type', 'x-other']);
});
