import { describe, expect, test } from 'vitest';
import type { DeliveryId } from '../../lib/core/delivery.ts';
import { ConfigurationError } from '../../lib/core/errors.ts';
import { answerTo, reportOf } from '../../lib/core/ingest-outcome.ts';
import { metricsOf } from '../../lib/core/metrics-of.ts';
import type { Provider } from '../../lib/core/provider.ts';
import type { SigningSecret, SourceSecrets } from '../../lib/core/secret.ts';
import type { Source, SourceName } from '../../lib/core/source.ts';
import { JSON_TYPE, type Sent } from './intake-cases.ts';
import { down, secretsOf, signed, signingProvider, take, type World, world } from './intake-world.ts';

const BROUGHT = 'canary-b537207f20cbfa02357cf448134da559';
const none: SourceSecrets = { signing: [] };

/** Like Asana: the secret comes in a header, and the answer repeats it. */
const provider = signingProvider({
  handshakes: [
    {
      method: 'POST',
      guard: { installs: '{header:x-hook-secret}' },
      when: [{ at: '{header:x-hook-secret}' }],
      answer: { status: 200, headers: { 'x-hook-secret': '{header:x-hook-secret}' } },
    },
  ],
});
const bringing = (secret: string): Sent => ({ body: '', headers: { 'x-hook-secret': secret } });
const inSetup: Partial<Source> = { setup: 'install-secret' };

/** A store of one source's secret, as the ports show it. */
function store(first: SourceSecrets, later: readonly SourceSecrets[] = []): World {
  let held = first;
  const next = [...later];
  return world({
    secrets: {
      read: async () => held,
      refresh: async () => {
        held = next.shift() ?? held;
        return held;
      },
    },
    installer: {
      install: async (_source, secret) => {
        held = { signing: [{ secret, age: 'newest' }] };
        return 'installed';
      },
    },
  });
}

const brought = (ports: World, sent = bringing(BROUGHT), options = inSetup) =>
  take(sent, { provider, options, ports });

describe('a set-up request that brings the secret', () => {
  test('to a source that is not in set-up is refused like any unsigned request, and told what to do', async () => {
    const ports = store(none);
    const outcome = await brought(ports, bringing(BROUGHT), {});
    expect(outcome).toMatchObject({ kind: 'rejected', reason: 'missing-signature' });
    expect(outcome).toMatchObject({ explanation: expect.stringContaining("setup: 'install-secret'") });
    expect(answerTo(outcome).status).toBe(401);
    expect(ports.calls).toEqual([]);
  });

  test('to a source in set-up without a secret is stored, then answered, and publishes nothing', async () => {
    const ports = store(none);
    const outcome = await brought(ports);
    expect(outcome).toMatchObject({
      kind: 'installed',
      answer: { status: 200, body: '', headers: { 'x-hook-secret': BROUGHT } },
    });
    expect(ports.calls).toEqual(['read', 'install']);
    expect(ports.sent).toEqual([]);
    expect(ports.stored.size).toBe(0);
  });

  test('is what signs from then on', async () => {
    const ports = store(none);
    const delivery = signed({ body: '{"id":"1"}' }, BROUGHT);
    expect(await take(delivery, { provider, options: inSetup, ports })).toMatchObject({
      reason: 'no-secret',
    });
    await brought(ports);
    expect(await take(delivery, { provider, options: inSetup, ports })).toMatchObject({ kind: 'accepted' });
  });

  test('with another secret stored is refused, and replaces nothing', async () => {
    const ports = store(secretsOf('stored', 'and an old one'));
    const outcome = await brought(ports);
    expect(outcome).toMatchObject({ kind: 'rejected', reason: 'wrong-signature' });
    expect(answerTo(outcome)).toMatchObject({ status: 401, body: '{"reason":"wrong-signature"}' });
    expect(ports.calls).toEqual(['read', 'refresh']);
  });

  test('that is stored already is answered again, since its first answer may have been lost', async () => {
    for (const secrets of [secretsOf(BROUGHT), secretsOf('newer', BROUGHT)]) {
      const ports = store(secrets);
      expect(await brought(ports)).toMatchObject({ kind: 'handshake', answer: { status: 200 } });
      expect(ports.calls).toEqual(['read']);
    }
  });

  test('is stored when the one of before was taken away in the meantime', async () => {
    const ports = store(secretsOf('stored'), [none]);
    expect(await brought(ports)).toMatchObject({ kind: 'installed' });
    expect(ports.calls).toEqual(['read', 'refresh', 'install']);
  });

  test.each([
    [
      'is refused when another one was faster',
      secretsOf('faster'),
      { kind: 'rejected', reason: 'wrong-signature' },
    ],
    ['is answered when the same one was faster', secretsOf(BROUGHT), { kind: 'handshake' }],
  ])('%s', async (_, after, expected) => {
    const ports = world({
      secrets: { read: async () => none, refresh: async () => after },
      installer: { install: async () => 'kept' },
    });
    expect(await brought(ports)).toMatchObject(expected);
    expect(ports.calls).toEqual(['read', 'install', 'refresh']);
  });

  test.each([
    [
      'the secrets cannot be read',
      { secrets: { read: () => Promise.reject(down('read')), refresh: async () => none } },
    ],
    ['the store does not confirm', { installer: { install: () => Promise.reject(down('put')) } }],
    [
      'what is stored cannot be understood',
      { installer: { install: () => Promise.reject(new ConfigurationError('odd')) } },
    ],
  ])('is answered 503 when %s', async (_, broken) => {
    const ports = world({ secrets: { read: async () => none, refresh: async () => none }, ...broken });
    const outcome = await brought(ports);
    expect(outcome).toMatchObject({ kind: 'unavailable' });
    expect(answerTo(outcome)).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
  });

  test.each([
    ['is short enough to be guessed', 'fifteen-letters'],
    ['is longer than any', 'x'.repeat(257)],
    ['came twice, so that the gateway joined it by a comma', `${BROUGHT},${BROUGHT}`],
    ['holds a space', `${BROUGHT} ${BROUGHT}`],
    ['holds other characters than ASCII', `${BROUGHT}é`],
    ['is a public key, which everybody knows', `whpk_${BROUGHT}`],
  ])('is refused as unusable when it %s, and costs no call', async (_, secret) => {
    const ports = store(none);
    const outcome = await brought(ports, bringing(secret));
    expect(outcome).toMatchObject({ kind: 'rejected', reason: 'unusable-handshake' });
    expect(answerTo(outcome).status).toBe(400);
    expect(ports.calls).toEqual([]);
  });

  test('is a delivery like any other when it carries a signature, right or wrong', async () => {
    const { headers, ...sent } = signed({ body: '{"id":"1"}' });
    const both = { ...sent, headers: { ...headers, 'x-hook-secret': BROUGHT } };
    const ports = store(none);
    expect(await brought(ports, both)).toMatchObject({ kind: 'rejected', reason: 'no-secret' });
    expect(ports.calls).toEqual(['read', 'refresh']);
    expect(await brought(store(secretsOf('canary-secret-1')), both)).toMatchObject({ kind: 'accepted' });
    expect(await brought(store(secretsOf('another')), both)).toMatchObject({ reason: 'wrong-signature' });
  });

  test('is counted and told, and its secret stands in nothing that is kept', async () => {
    const outcome = await brought(store(none));
    const refused = await brought(store(secretsOf('stored')));
    const report = reportOf(outcome, {
      source: 'acme' as SourceName,
      delivery: 'd' as DeliveryId,
      bytes: 0,
      durationMs: 1,
    });
    expect(report).toMatchObject({ kind: 'intake', outcome: 'installed' });
    expect(JSON.stringify([report, refused])).not.toContain('canary');
    expect(metricsOf([report])[0]?.samples).toEqual(
      expect.arrayContaining([
        { name: 'Handshakes', values: [1] },
        { name: 'InstalledSecrets', values: [1] },
      ]),
    );
  });
});

test('a secret in the body is found there, and only in a body that is small enough', async () => {
  const notion: Provider = signingProvider({
    handshakes: [
      {
        method: 'POST',
        guard: { installs: '{body:verification_token}' },
        media: 'json',
        when: [{ at: '{body:verification_token}' }],
        answer: { status: 200 },
      },
    ],
  });
  const asked = (ports: World, body: string) =>
    take({ body, headers: JSON_TYPE }, { provider: notion, options: inSetup, ports });
  const got: SigningSecret[] = [];
  const ports = world({
    secrets: { read: async () => none, refresh: async () => none },
    installer: {
      install: async (_source, secret) => {
        got.push(secret);
        return 'installed';
      },
    },
  });
  const body = `{"verification_token":"${BROUGHT}"}`;
  expect(await asked(ports, body)).toMatchObject({ kind: 'installed', answer: { status: 200, body: '' } });
  expect(got).toEqual([BROUGHT]);
  for (const other of [
    `{"event":${body}}`,
    `[${body}]`,
    body.replace('{', `{"pad":"${'x'.repeat(16_384)}",`),
  ])
    expect(await asked(ports, other)).toMatchObject({ kind: 'rejected' });
  expect(got).toHaveLength(1);
});
