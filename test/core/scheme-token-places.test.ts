import { describe, expect, test } from 'vitest';
import { readEvents } from '../../lib/core/identify.ts';
import { keptHeaders } from '../../lib/core/inlet.ts';
import type { Request } from '../../lib/core/request.ts';
import { verify } from '../../lib/core/scheme.ts';
import { deliveryOf, JSON_TYPE, plainProvider, sourceOf } from './intake-cases.ts';
import { onlyDelivery, secretsOf as stored, take, world } from './intake-world.ts';
import { outcome, post, secretsOf, URL_CALLED } from './scheme-cases.ts';

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

  const BAD = [
    '{"state":"other"}',
    '{}',
    '{"state":null}',
    '{"state":""}',
    '{"state":["secret"]}',
    '"state"',
  ];
  const proved = async (body: string, secrets = stored('secret')) => {
    const answer = await verify({
      request: sent(body),
      url: URL_CALLED,
      scheme,
      secrets,
      steps: {},
    });
    if (answer.kind === 'rejected') throw new Error(answer.explanation);
    return answer.verified;
  };

  test('speaks for its item alone: one without it is taken out, and neither comes in nor keeps the others out', async () => {
    const good = '{"state":"secret","id":1.0}';
    for (const bad of BAD) {
      for (const items of [
        [good, bad],
        [bad, good],
        [bad, good, bad],
      ]) {
        const { request, dropped } = await proved(`{"a":1,"value": [${items.join(' , ')}],"z":[2]}`);
        expect(request.body.toString(), bad).toBe(`{"a":1,"value": [${good}],"z":[2]}`);
        expect(dropped, bad).toBe(items.length - 1);
      }
    }
    const { request, dropped } = await proved(`{"value":[${good},${good}]}`);
    expect([request.body.toString(), dropped]).toEqual([`{"value":[${good},${good}]}`, 0]);
  });

  test('has to be in one item at least', async () => {
    for (const [index, bad] of BAD.entries())
      expect(await outcome(scheme, sent(`{"value":[${bad},${bad}]}`)), bad).toBe(
        index === 0 ? 'wrong-signature' : 'missing-signature',
      );
    expect(await outcome(scheme, sent('{"value":[{},{"state":"other"}]}'))).toBe('wrong-signature');
  });

  test('is looked for in arrays within arrays, and what lies in none is refused with the rest', async () => {
    const nested = { kind: 'token', body: 'a.*.b.*.t' } as const;
    const check = (body: string): Promise<string> => outcome(nested, sent(body));
    expect(await check('{"a":[{"b":[{"t":"secret"},{"t":"x"}]},{"b":[]}]}')).toBe('verified by newest');
    expect(await check('{"a":[{"b":[{"t":"secret"}]},{}]}')).toBe('missing-signature');
  });

  test('is asked for anew before an item is taken out: it may be a new one', async () => {
    const body = '{"value":[{"state":"secret","id":"1"},{"state":"new","id":"2"}]}';
    const provider = plainProvider({
      scheme,
      split: ['value.*'],
      events: [{ id: '{body:value.0.id}', type: 'a' }],
    });
    const renewed = world({
      secrets: { read: async () => stored('secret'), refresh: async () => stored('new', 'secret') },
    });
    expect(await take({ body }, { ports: renewed, provider })).toEqual(
      expect.not.objectContaining({ dropped: expect.anything() }),
    );
    expect(onlyDelivery(renewed).body.toString()).toBe(body);
    const same = world({
      secrets: { read: async () => stored('secret'), refresh: async () => undefined },
    });
    expect(await take({ body }, { ports: same, provider })).toMatchObject({ kind: 'accepted', dropped: 1 });
    expect(onlyDelivery(same).body.toString()).toBe('{"value":[{"state":"secret","id":"1"}]}');
  });

  test('leaves a body shorter than it was said to be, which is no damage', async () => {
    const body = '{"value":[{"state":"secret","id":"\ufffd"},{"state":"x"}]}';
    const provider = plainProvider({ scheme });
    const ports = world({
      secrets: { read: async () => stored('secret'), refresh: async () => undefined },
    });
    const headers = { ...JSON_TYPE, 'content-length': String(Buffer.byteLength(body)) };
    expect(await take({ body, headers }, { ports, provider })).toMatchObject({
      kind: 'accepted',
      dropped: 1,
    });
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
    const { request } = await proved('{"value":[{"state":"x"}],"value":[{"state":"x"},{"state":"secret"}]}');
    expect(JSON.parse(request.body.toString())).toEqual({ value: [{ state: 'secret' }] });
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
