import { describe, expect, test } from 'vitest';
import { acknowledge } from '../../lib/core/acknowledge.ts';
import type { Event } from '../../lib/core/event.ts';
import { signedHandshake, unsignedHandshake } from '../../lib/core/handshake.ts';
import { readEvents } from '../../lib/core/identify.ts';
import type { Provider } from '../../lib/core/provider.ts';
import type { Request } from '../../lib/core/request.ts';
import { singleSchemes } from '../../lib/core/scheme.ts';
import type { SigningSecret, SourceSecrets } from '../../lib/core/secret.ts';
import type { Source } from '../../lib/core/source.ts';
import { loadSteps } from '../../lib/core/steps/load-steps.ts';
import { contradictsType } from '../../lib/core/type-contradiction.ts';
import { sourceOf } from '../core/intake-cases.ts';
import { acceptedDelivery, verifiedBy } from './accepted-delivery.ts';
import { proofsOf } from './proof.ts';
import type { ExpectedEvent, HandshakeSample, ProviderFixture } from './provider-fixture.ts';
import { outcomeOf, signedAgain } from './signed-request.ts';

const HOUR = 3_600_000;

/** What every provider must hold: what is read from a delivery, and that it stays the same whenever that is sent again. */
export function describeIdentity(fixture: ProviderFixture): void {
  const { provider, secret, signer, samples, handshakes = [] } = fixture;
  const source = sourceOf(provider);

  const stored: SourceSecrets = {
    signing: [{ secret: secret as SigningSecret, age: 'newest' }],
    ...(fixture.verifyToken === undefined ? {} : { verify: fixture.verifyToken }),
  };

  const read = async (request: Request, id: string): Promise<readonly Event[]> => {
    const delivery = await acceptedDelivery(fixture, source, { request, id });
    const reading = readEvents(source, delivery, await loadSteps(provider));
    if (reading.kind === 'unreadable') throw new Error(reading.explanation);
    expect(reading.unreadable).toEqual([]);
    return reading.events;
  };

  const readAs = async (media: string, sent: Request): Promise<readonly Event[]> => {
    const request = { ...sent, headers: { ...sent.headers, 'content-type': media } };
    if (!(await outcomeOf(fixture, request, [secret])).startsWith('verified')) return [];
    const delivery = await acceptedDelivery(fixture, source, { request, id: 'second' });
    const reading = readEvents(source, delivery, await loadSteps(provider));
    return reading.kind === 'events' ? reading.events : [];
  };

  describe.each(samples)('$name', ({ request, events, again = {} }) => {
    test('holds the events that it is about', async () => {
      const own = (index: number): string => (provider.split === undefined ? 'first' : `first/${index}`);
      const expected = events.map(({ resource: _, ...event }, index) => ({ id: own(index), ...event }));
      expect((await read(request, 'first')).map(summary)).toEqual(expected);
    });

    test('is the same when it is sent again: key, content and all', async () => {
      const copy = {
        ...request,
        receivedAt: request.receivedAt + HOUR,
        headers: { ...request.headers, ...again },
      };
      const second = await read(await signedAgain(fixture, copy, { signer }), 'second');
      const first = await read(request, 'first');
      // Without ids what is sent again is another event.
      const named = events.map(({ id }) => id !== undefined);
      expect(second.map(({ key }, index) => key === first[index]?.key)).toEqual(named);
      expect(second.map((event, index) => lasting(event, named[index]))).toEqual(
        first.map((event, index) => lasting(event, named[index])),
      );
      if (!marksAttempts(provider))
        expect(second.map(({ content }) => content)).toEqual(first.map(({ content }) => content));
      expect(new Set(first.map(({ key }) => key)).size).toBe(events.length);
    });

    test.runIf(coversBody(provider))(
      'is no other event under another content type, which nobody signs',
      async () => {
        const first = await read(request, 'first');
        const known = new Set<string | undefined>(first.flatMap(({ key, content = key }) => [key, content]));
        for (const media of ['text/plain', 'application/json', 'application/x-www-form-urlencoded'])
          for (const { id, key, content } of await readAs(media, request))
            expect(known.has(key) || known.has(content) || id.startsWith('second'), media).toBe(true);
      },
    );

    test('is neither a handshake nor contradicted by its type, and is acknowledged with a 2xx', async () => {
      const proof = await verifiedBy(fixture, request);
      expect(unsignedHandshake(source, request)).toBeUndefined();
      expect(signedHandshake(source, proof)).toBeUndefined();
      expect(contradictsType(source, proof)).toBeUndefined();
      expect(String(acknowledge(source, proof, await loadSteps(provider)).status)).toMatch(/^20[024]$/);
    });
  });

  test('has a sample of each of its handshakes', () => {
    expect(handshakes.length).toBeGreaterThanOrEqual(provider.handshakes?.length ?? 0);
  });

  for (const { name, request, guard, confirms, answer } of handshakes) {
    test(`handshake: ${name} is answered, and never becomes a delivery`, async () => {
      const shaken =
        guard === 'verified'
          ? signedHandshake(source, await verifiedBy(fixture, request), stored, await loadSteps(provider))
          : unsignedHandshake({ ...source, ...setupFor(guard) }, request, stored);
      expect(shaken?.kind === 'confirmation' ? shaken.url : undefined).toBe(confirms);
      const given = answerOf(shaken);
      if (given?.kind !== 'handshake') throw new Error('there was no answer');
      expect({ status: given.status, body: given.body }).toEqual({
        status: answer.status,
        body: answer.body,
      });
      expect(given.headers['content-type']).toBe(answer.contentType);
      expect(given.headers).toMatchObject(answer.headers ?? {});
    });

    if (guard === 'verify-token') {
      test(`handshake: ${name} is refused with another verify token, with none, and with the signing secret`, () => {
        for (const verify of ['another', secret])
          expect(unsignedHandshake(source, request, { ...stored, verify })).toMatchObject({
            reason: 'wrong-signature',
          });
        const { verify: _, ...unset } = stored;
        expect(unsignedHandshake(source, request, unset)).toMatchObject({ reason: 'wrong-signature' });
        expect(unsignedHandshake(source, request)).toEqual({ kind: 'secrets-needed' });
      });
    }

    if (typeof guard === 'object') {
      test(`handshake: ${name} brings its secret, in set-up alone, and never beside a signature`, async () => {
        const inSetup: Source = { ...source, setup: 'install-secret' };
        expect(unsignedHandshake(inSetup, request)).toMatchObject({
          kind: 'installation',
          secret: guard.installs,
        });
        expect(unsignedHandshake(source, request, stored)).toMatchObject({ reason: 'missing-signature' });
        const signed = await signedAgain(fixture, request, { signer });
        expect(unsignedHandshake(inSetup, signed)).toBeUndefined();
      });
    }

    if (guard !== 'verified') continue;
    test(`handshake: ${name} is not answered when it is not signed`, async () => {
      for (const { absent } of await proofsOf(fixture, request)) {
        expect(unsignedHandshake(source, absent, stored)).toBeUndefined();
        expect(await outcomeOf(fixture, absent, [secret])).toMatch(/^missing-/);
      }
      expect(unsignedHandshake(source, request, stored)).toBeUndefined();
    });
  }
}

/** Whoever has a token or a password can write any request. */
function coversBody({ scheme }: Provider): boolean {
  return singleSchemes(scheme).every(({ kind }) => kind === 'signature' || kind === 'step');
}

function setupFor(guard: HandshakeSample['guard']): Partial<Source> {
  return typeof guard === 'object' ? { setup: 'install-secret' } : {};
}

type Shaken = ReturnType<typeof unsignedHandshake | typeof signedHandshake>;

/** Of a request that brings the secret, or wants a call: what goes out when that is stored, or was made. */
function answerOf(given: Shaken): Shaken {
  return given?.kind === 'installation' || given?.kind === 'confirmation' ? given.answer : given;
}

function summary(event: Event): Omit<ExpectedEvent, 'resource'> {
  return {
    id: event.id,
    type: event.type,
    ...(event.subject === undefined ? {} : { subject: event.subject }),
    ...(event.time === undefined ? {} : { time: new Date(event.time).toISOString() }),
    ...(event.version === undefined ? {} : { version: event.version }),
  };
}

/** All that a redelivery must not change. */
function lasting(
  { delivery: _, receivedAt: __, payload: ___, content: ____, ...event }: Event,
  named = true,
): Partial<Event> {
  const { id: _____, key: ______, ...nameless } = event;
  return named ? event : nameless;
}

/** Whether the mark that a replay keeps is a signature of a time: then each attempt that is signed anew has one of its own. */
function marksAttempts({ scheme, signatureMark }: Provider): boolean {
  return (
    signatureMark !== undefined &&
    singleSchemes(scheme).some((one) => one.kind === 'signature' && one.timestamp !== undefined)
  );
}
