import { describe, expect, test } from 'vitest';
import type { Request } from '../../lib/core/request.ts';
import { signingKeyPair, verify } from '../../lib/core/scheme.ts';
import { parseSources } from '../../lib/core/source.ts';
import { loadSteps } from '../../lib/core/steps/load-steps.ts';
import { parseTemplate } from '../../lib/core/template.ts';
import type { ProviderFixture } from './provider-fixture.ts';
import { outcomeOf, proofHeaders, signedAgain, urlOf, without } from './signed-request.ts';

/** Long bodies are flipped at so many places, evenly spread. */
const FLIPS = 200;

/** What every provider must hold: whatever its scheme, only what was really signed, with a secret that we have, is accepted. */
export function describeScheme(fixture: ProviderFixture): void {
  const { provider, secret, signer, samples } = fixture;
  const { scheme } = provider;
  const check = (request: Request, ...secrets: readonly string[]): Promise<string> =>
    outcomeOf(fixture, request, secrets.length === 0 ? [secret] : secrets);

  describe.each(samples)('$name', ({ request }) => {
    test('is accepted as the provider signed it', async () => {
      expect(await check(request)).toBe('verified by newest');
    });

    // A token or a password proves who sends, not what.
    if (scheme.kind === 'signature' || scheme.kind === 'step') {
      test('is refused when one bit of the body is another', async () => {
        const { body } = request;
        for (let at = 0; at < body.length; at += Math.ceil(body.length / FLIPS)) {
          const flipped = Buffer.from(body);
          flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
          expect(await check({ ...request, body: flipped }), `byte ${at}`).toBe('wrong-signature');
        }
        expect(await check({ ...request, body: Buffer.concat([body, Buffer.from('\n')]) })).toBe(
          'wrong-signature',
        );
        expect(await check({ ...request, body: body.subarray(0, -1) })).toBe('wrong-signature');
      });
    }

    test('is refused when one bit of the signature, its time or its id is another', async () => {
      for (const name of await proofHeaders(provider, request)) {
        const value = request.headers[name] ?? '';
        for (let at = 0; at < value.length; at += 1) {
          const flipped =
            value.slice(0, at) + String.fromCharCode(value.charCodeAt(at) ^ 1) + value.slice(at + 1);
          const headers = { ...request.headers, [name]: flipped };
          expect(await check({ ...request, headers }), `${name}: ${at}`).not.toMatch(/^verified/);
        }
      }
    });

    test('is refused without any one of the headers that prove it, and when one is empty or was sent twice', async () => {
      const names = await proofHeaders(provider, request);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const value = request.headers[name] ?? '';
        expect(await check({ ...request, headers: without(request.headers, [name]) }), name).toMatch(
          /^missing-/,
        );
        expect(await check({ ...request, headers: { ...request.headers, [name]: '' } }), name).toMatch(
          /^missing-/,
        );
        for (const twice of [`${value},${value}`, `${value}, ${value}`]) {
          const headers = { ...request.headers, [name]: twice };
          expect(await check({ ...request, headers }), name).toMatch(/^(malformed|wrong)-/);
        }
      }
    });

    test('is refused with another secret', async () => {
      expect(await check(request, signingKeyPair(scheme).secret)).toBe('wrong-signature');
    });

    test('is refused without a secret, with an empty and with a blank one', async () => {
      expect(await outcomeOf(fixture, request, [])).toBe('no-secret');
      expect(await check(request, '')).toBe('no-secret');
      expect(await check(request, ' ', '\n')).toBe('no-secret');
    });

    test('is accepted with the new and with the old secret while they change', async () => {
      const other = signingKeyPair(scheme).secret;
      expect(await check(request, secret, other)).toBe('verified by newest');
      expect(await check(request, other, secret)).toBe('verified by older');
    });

    test('is accepted when it was signed by us, with this key and with a fresh one', async () => {
      expect(await check(await signedAgain(fixture, request, { signer }))).toBe('verified by newest');
      const fresh = signingKeyPair(scheme);
      const signed = await signedAgain(fixture, request, { signer: fresh.signer });
      expect(await check(signed, fresh.secret)).toBe('verified by newest');
      expect(await check(signed)).toBe('wrong-signature');
    });
  });

  if (signsUrl(fixture)) {
    test('is refused when it was signed for another URL', async () => {
      for (const { request } of samples) {
        for (const publicUrl of [
          'https://other.example.com',
          'http://hooks.example.com',
          `${fixture.publicUrl}/stage`,
        ]) {
          expect(await outcomeOf({ provider, publicUrl }, request, [secret])).toBe('wrong-signature');
        }
      }
    });
  }

  if (scheme.kind === 'signature' && scheme.timestamp !== undefined) {
    const tolerance = scheme.timestamp.toleranceSeconds;

    test('is refused when it came late or again, or comes from the future', async () => {
      for (const { request } of samples) {
        const later = { ...request, receivedAt: request.receivedAt + (tolerance + 10) * 1000 };
        const earlier = { ...request, receivedAt: request.receivedAt - (tolerance + 10) * 1000 };
        expect(await check(later)).toBe('stale-timestamp');
        expect(await check(earlier)).toBe('future-timestamp');
      }
    });

    test('is accepted just up to the tolerance, in both directions', async () => {
      const [{ request }] = samples;
      const at = (seconds: number): Promise<Request> =>
        signedAgain(fixture, request, { signer, timestamp: request.receivedAt + seconds * 1000 });
      expect(await check(await at(-tolerance))).toBe('verified by newest');
      expect(await check(await at(tolerance))).toBe('verified by newest');
      expect(await check(await at(-tolerance - 1))).toBe('stale-timestamp');
      expect(await check(await at(tolerance + 1))).toBe('future-timestamp');
    });
  }

  test('is plain data: what JSON carries to a function works there', async () => {
    const staged: unknown = JSON.parse(JSON.stringify(provider));
    expect(staged).toEqual(provider);
    const [source] = parseSources({ [provider.name]: { provider: staged } });
    expect(source?.provider).toEqual(provider);
    for (const { request } of samples) {
      const secrets = { signing: [{ secret: secret as never, age: 'newest' as const }] };
      const revived = source?.provider ?? provider;
      const input = { request, url: urlOf(fixture.publicUrl, request), scheme: revived.scheme, secrets };
      expect((await verify({ ...input, steps: await loadSteps(revived) })).kind).toBe('verified');
    }
  });
}

function signsUrl({ provider: { scheme } }: ProviderFixture): boolean {
  // What a step signs only the step knows; ours signs the URL.
  if (scheme.kind !== 'signature') return scheme.kind === 'step';
  return parseTemplate(scheme.signed).some((piece) => piece.kind === 'hole' && piece.from === 'url');
}
