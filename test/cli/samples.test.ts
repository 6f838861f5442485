import { describe, expect, test } from 'vitest';
import ownSources from '../../examples/own-provider.ts';
import { chooseSample } from '../../lib/cli/choose-sample.ts';
import { sampleBooks } from '../../lib/cli/samples/index.ts';
import { freshAt, type Sample } from '../../lib/cli/samples/sample.ts';
import { signedDelivery } from '../../lib/cli/signed-delivery.ts';
import { signingKeyPair } from '../../lib/core/scheme.ts';
import { parseSources, type Source, type SourceDefinition } from '../../lib/core/source.ts';
import { loadSteps } from '../../lib/core/steps/load-steps.ts';
import { docusign, github, providers, resend, sendgrid, stripe } from '../../lib/providers/index.ts';
import { type Received, receive } from './receive.ts';

const now = Date.UTC(2026, 10, 24, 10, 20, 30, 456);
const fresh = freshAt(now);

function sourceOf(definition: SourceDefinition): Source {
  const [source] = parseSources({ source: definition });
  if (source === undefined) throw new Error('no source');
  return source;
}

/** Sends the sample to the real intake. */
async function send(
  source: Source,
  sample: Sample,
  tamper: 'no' | 'after-signing' = 'no',
): Promise<Received> {
  const { secret, signer } = signingKeyPair(source.provider.scheme);
  const url = `https://hooks.example.com${source.paths[0]}`;
  const steps = await loadSteps(source.provider);
  const { scheme } = source.provider;
  const id = `msg_${fresh.text(27)}`;
  const delivery = signedDelivery({ scheme, steps, sample, url, signedUrl: url, signer, id, now, tamper });
  return receive(source, delivery, { secret, signer, now });
}

/** The samples that check a URL: they are answered, and never become events. */
const HANDSHAKES = ['slack url_verification', 'discord ping'];

const all = providers.flatMap((provider) =>
  Object.keys(sampleBooks[provider.name]?.bodies ?? {}).map((type) => [provider.name, type] as const),
);

test('every book of samples is one of a provider', () => {
  expect(providers.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(sampleBooks)));
  expect(all.length).toBeGreaterThan(30);
});

test.each(providers)('$title has something to send, with a book or without', async (provider) => {
  const source = sourceOf({ provider });
  expect((await send(source, chooseSample(source, {}, fresh))).outcome).toMatchObject({ kind: 'accepted' });
});

describe.each(all)('the sample %s %s', (name, type) => {
  const provider = providers.find((one) => one.name === name);
  if (provider === undefined) throw new Error(name);
  const source = sourceOf({ provider });

  test('is accepted, and read as what it is called', async () => {
    const { outcome, events } = await send(source, chooseSample(source, { type }, fresh));
    if (HANDSHAKES.includes(`${name} ${type}`)) {
      expect({ kind: outcome.kind, events }).toEqual({ kind: 'handshake', events: [] });
      return;
    }
    expect(outcome).toMatchObject({ kind: 'accepted' });
    expect(events[0]?.type).toBe(type);
  });

  test('is another event each time', async () => {
    const first = await send(source, chooseSample(source, { type }, fresh));
    const second = await send(source, chooseSample(source, { type }, fresh));
    const keys = [...first.events, ...second.events].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('is refused when it was tampered with after signing', async () => {
    const { outcome } = await send(source, chooseSample(source, { type }, fresh), 'after-signing');
    expect(outcome).toMatchObject({ kind: 'rejected', reason: 'wrong-signature' });
  });
});

test('a batch of samples is as many events', async () => {
  const source = sourceOf({ provider: sendgrid });
  const { events } = await send(source, chooseSample(source, {}, fresh));
  expect(events.map(({ type }) => type)).toEqual(['processed', 'delivered', 'open']);
});

test('without a type, one is chosen that the source wants', () => {
  const source = sourceOf({ provider: github, events: ['star.*', 'push'] });
  expect(chooseSample(source, {}, fresh).headers['x-github-event']).toBe('push');
});

test.each([
  ['contact.updated', { subject: expect.stringMatching(/^contact\/example-\d{4}$/) }],
  ['email.delivered', {}],
])(
  'a type that not the first of the provider’s shapes gives comes of the one that does: %s',
  async (type, event) => {
    const source = sourceOf({ provider: resend });
    const { outcome, events } = await send(source, chooseSample(source, { type }, fresh));
    expect(outcome).toMatchObject({ kind: 'accepted' });
    expect(events).toEqual([expect.objectContaining({ ...event, type })]);
  },
);

test('a time that a condition or an id asks for is one', async () => {
  const source = sourceOf({ provider: docusign });
  const { events } = await send(source, chooseSample(source, {}, fresh));
  expect(events).toEqual([
    expect.objectContaining({ time: now, version: expect.stringMatching(/^\d{20}$/) }),
  ]);
});

test('an unknown type is answered with those there are', () => {
  expect(() => chooseSample(sourceOf({ provider: stripe }), { type: 'toString' }, fresh)).toThrow(
    'no sample of the type toString. Of Stripe there are: payment_intent.succeeded, invoice.paid, ',
  );
});

describe('bytes of one’s own', () => {
  const body = Buffer.from('{"zen":"Keep it logically awesome.","hook_id":1,"hook":{}}');

  test('are sent as they are, with the headers of their type', async () => {
    const source = sourceOf({ provider: github });
    const sample = chooseSample(source, { type: 'ping', body }, fresh);
    expect(sample.body).toBe(body);
    expect(sample.headers).toMatchObject({ 'x-github-event': 'ping', 'content-type': 'application/json' });
    expect((await send(source, sample)).events.map(({ type }) => type)).toEqual(['ping']);
  });

  test('need a type where a header tells it', () => {
    expect(() => chooseSample(sourceOf({ provider: github }), { body }, fresh)).toThrow(
      'headgate send source TYPE --body FILE',
    );
    expect(chooseSample(sourceOf({ provider: stripe }), { body }, fresh).body).toBe(body);
  });

  test.each([
    [' [1]', 'application/json'],
    ['a=1&b=2', 'application/x-www-form-urlencoded'],
    ['\u0000\u0001', 'application/octet-stream'],
  ])('%j goes out as %s', (text, contentType) => {
    const sample = chooseSample(sourceOf({ provider: stripe }), { body: Buffer.from(text) }, fresh);
    expect(sample.headers['content-type']).toBe(contentType);
  });
});

describe('a user’s own provider', () => {
  const [deploys, status, doorbell, notary] = parseSources(ownSources);

  test.each([
    [
      'deploys',
      deploys,
      'deploy.finished',
      { subject: expect.stringMatching(/^app\/example-\d{4}$/), time: now },
    ],
    ['status', status, 'incident.resolved', { subject: expect.stringMatching(/^incident\/example-\d{4}$/) }],
    ['doorbell', doorbell, 'ring', {}],
    ['notary', notary, 'deed.signed', {}],
  ])('%s gets a delivery that is read as it says', async (_, source, type, expected) => {
    if (source === undefined) throw new Error('the examples have changed');
    const { outcome, events } = await send(source, chooseSample(source, { type }, fresh));
    expect(outcome).toMatchObject({ kind: 'accepted' });
    expect(events).toEqual([expect.objectContaining({ ...expected, type })]);
  });

  test.each([
    ['deploys', deploys, 'example.created'],
    ['status', status, 'incident.example'],
    ['doorbell', doorbell, 'ring'],
    ['notary', notary, 'deed.example'],
  ])('%s gets one without a type, too', async (_, source, type) => {
    if (source === undefined) throw new Error('the examples have changed');
    const { events } = await send(source, chooseSample(source, {}, fresh));
    expect(events.map((event) => event.type)).toEqual([type]);
  });

  test('says when no such type can be made up', () => {
    if (status === undefined) throw new Error('the examples have changed');
    expect(() => chooseSample(status, { type: 'outage.over' }, fresh)).toThrow(
      "by the provider's value a type is incident.{body:incident.status}",
    );
  });

  test('gets values that begin as its templates say', async () => {
    const events = [{ id: '{body:id}', type: 'push.{body:ref#refs/heads/}', subject: '{body:repo#repo:}' }];
    const source = sourceOf({ provider: { ...ownSources.doorbell?.provider, events } as never });
    const asked = await send(source, chooseSample(source, { type: 'push.main' }, fresh));
    expect(asked.events).toEqual([expect.objectContaining({ type: 'push.main' })]);
    expect(asked.events[0]?.subject).toMatch(/^example-/);
    const free = await send(source, chooseSample(source, {}, fresh));
    expect(free.events[0]?.type).toMatch(/^push\.example/);
  });

  test('may come as a batch', async () => {
    const source = sourceOf({ provider: { ...ownSources.doorbell?.provider, split: 'items' } as never });
    const { events } = await send(source, chooseSample(source, {}, fresh));
    expect(events.map(({ type }) => type)).toEqual(['ring']);
  });
});
