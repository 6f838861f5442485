import { describe, expect, test } from 'vitest';
import { keptHeaders } from '../../lib/core/inlet.ts';
import { spansAt } from '../../lib/core/json-items.ts';
import { parsePath } from '../../lib/core/json-span.ts';
import type { Request } from '../../lib/core/request.ts';
import { coverageOf } from '../../lib/core/scheme.ts';
import { parseSources } from '../../lib/core/source.ts';
import type { Steps } from '../../lib/core/steps/load-steps.ts';
import { type Proof, proofsOf } from './proof.ts';
import type { ProviderFixture } from './provider-fixture.ts';
import { freshKeys, outcomeOf, proofHeaders, schemeOf, signedAgain } from './signed-request.ts';

/** Long bodies are flipped at so many places, evenly spread. */
const FLIPS = 200;

/**
 * What every provider must hold: whatever its scheme, only what was really signed, with a secret that we have, is accepted.
 * @param steps of the provider, if it has any.
 */
export function describeScheme(fixture: ProviderFixture, steps: Steps = {}): void {
  const { provider, secret, signer, samples } = fixture;
  const check = (request: Request, ...secrets: readonly string[]): Promise<string> =>
    outcomeOf(fixture, request, secrets.length === 0 ? [secret] : secrets);

  describe.each(samples)('$name', ({ request }) => {
    test('is accepted as the provider signed it', async () => {
      expect(await check(request)).toBe('verified by newest');
    });

    const { body: covered, ...covers } = coverageOf(schemeOf(fixture, request), steps.scheme);

    if (covered === 'all') {
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

    if (typeof covered !== 'string') {
      test('is refused when a signed field of the body is another, or gone', async () => {
        const text = request.body.toString('utf8');
        const spans = covered.flatMap((field) => spansAt(text, parsePath(field)));
        expect(spans.length).toBeGreaterThan(0);
        for (const { start, end } of spans.filter((span) => span !== undefined)) {
          const put = (json: string): Request => ({
            ...request,
            body: Buffer.from(text.slice(0, start) + json + text.slice(end)),
          });
          for (const json of otherValues(text.slice(start, end)))
            expect(await check(put(json)), `${json} at ${start}`).not.toMatch(/^verified/);
        }
      });
    }

    const elsewhere = [
      'https://other.example.com',
      'http://hooks.example.com',
      `${fixture.publicUrl}/stage`,
    ].map((publicUrl) => (): Promise<string> => outcomeOf({ ...fixture, publicUrl }, request, [secret]));

    if (covers.url === 'yes') {
      test('is refused when it was signed for another URL', async () => {
        for (const sent of elsewhere) expect(await sent()).toBe('wrong-signature');
      });
    } else if (covers.url === 'path') {
      test('is refused when it was signed for another path or query, and taken at any host, which is told to be unsigned', async () => {
        const [otherHost, otherScheme, otherPath] = await Promise.all(elsewhere.map((sent) => sent()));
        expect([otherHost, otherScheme, otherPath]).toEqual([
          'verified by newest',
          'verified by newest',
          'wrong-signature',
        ]);
        expect(await check({ ...request, query: `${request.query}&a=1` })).toBe('wrong-signature');
      });
    } else {
      test('is taken at any URL, which is told to be unsigned', async () => {
        for (const sent of elsewhere) expect(await sent()).toBe('verified by newest');
      });
    }

    if (covers.method === 'yes') {
      test('is refused when it was signed for another method', async () => {
        expect(await check({ ...request, method: 'GET' })).toBe('wrong-signature');
      });
    } else {
      test('is taken with any method, which is told to be unsigned', async () => {
        expect(await check({ ...request, method: 'GET' })).toBe('verified by newest');
      });
    }

    test('is taken with another value in a header that identifies it only where that is told to be unsigned', async () => {
      const proofs = await proofHeaders(fixture, request);
      for (const name of keptHeaders(provider)) {
        if (name === 'content-type' || proofs.includes(name) || request.headers[name] === undefined) continue;
        const other = { ...request, headers: { ...request.headers, [name]: 'another' } };
        expect(await check(other), name).toBe(
          covers.headers.includes(name) ? 'wrong-signature' : 'verified by newest',
        );
      }
    });

    test('is refused when one bit of the signature, its time or its id is another', async () => {
      for (const proof of await proofsOf(fixture, request)) {
        for (let at = 0; at < proof.value.length; at += 1) {
          const { value } = proof;
          const flipped =
            value.slice(0, at) + String.fromCharCode(value.charCodeAt(at) ^ 1) + value.slice(at + 1);
          expect(await check(proof.with(flipped)), `${proof.name}: ${at}`).not.toMatch(/^verified/);
        }
      }
    });

    test('is refused without any one of the texts that prove it, and when one is empty or was sent twice', async () => {
      const proofs = await proofsOf(fixture, request);
      expect(proofs.length).toBeGreaterThan(0);
      for (const proof of proofs) {
        expect(await check(proof.absent), proof.name).toMatch(/^missing-/);
        expect(await check(proof.with('')), proof.name).toMatch(/^missing-/);
        for (const twice of proof.twice) {
          // Where a comma stands between signatures, a header that was sent twice is a list of them.
          const allowed = isList(fixture, request, proof)
            ? /^(verified|malformed|wrong)/
            : /^(malformed|missing|wrong)-/;
          expect(await check(twice), proof.name).toMatch(allowed);
        }
      }
    });

    test('is refused with another secret', async () => {
      expect(await check(request, freshKeys(fixture).secret)).toBe('wrong-signature');
    });

    test('is refused without a secret, with an empty and with a blank one', async () => {
      expect(await outcomeOf(fixture, request, [])).toBe('no-secret');
      expect(await check(request, '')).toBe('no-secret');
      expect(await check(request, ' ', '\n')).toBe('no-secret');
    });

    test('is accepted with the new and with the old secret while they change', async () => {
      const other = freshKeys(fixture).secret;
      expect(await check(request, secret, other)).toBe('verified by newest');
      expect(await check(request, other, secret)).toBe('verified by older');
    });

    test('is accepted when it was signed by us, with this key and with a fresh one', async () => {
      expect(await check(await signedAgain(fixture, request, { signer }))).toBe('verified by newest');
      const fresh = freshKeys(fixture);
      const signed = await signedAgain(fixture, request, { signer: fresh.signer });
      expect(await check(signed, fresh.secret)).toBe('verified by newest');
      expect(await check(signed)).toBe('wrong-signature');
    });
  });

  const tolerance = toleranceOf(fixture);
  if (tolerance !== undefined) {
    test('is refused when it came late or again, or comes from the future', async () => {
      for (const { request } of samples) {
        const later = { ...request, receivedAt: request.receivedAt + (tolerance + 10) * 1000 };
        const earlier = { ...request, receivedAt: request.receivedAt - (tolerance + 10) * 1000 };
        expect(await check(later)).toBe('stale-timestamp');
        expect(await check(earlier)).toBe('future-timestamp');
      }
    });
  }

  test('is plain data: what JSON carries to a function works there', async () => {
    const staged: unknown = JSON.parse(JSON.stringify(provider));
    expect(staged).toEqual(provider);
    const [source] = parseSources({ [provider.name]: { provider: staged } });
    expect(source?.provider).toEqual(provider);
    for (const { request } of samples) {
      const revived = { ...fixture, provider: source?.provider ?? provider };
      expect(await outcomeOf(revived, request, [secret])).toBe('verified by newest');
    }
  });
}

function toleranceOf(fixture: ProviderFixture): number | undefined {
  const scheme = schemeOf(fixture, fixture.samples[0].request);
  if (scheme.kind === 'step') return scheme.toleranceSeconds;
  return scheme.kind === 'signature' ? scheme.timestamp?.toleranceSeconds : undefined;
}

/** Whether two of this header are a list that the scheme takes. */
function isList(fixture: ProviderFixture, request: Request, { name }: Proof): boolean {
  const scheme = schemeOf(fixture, request);
  if (scheme.kind !== 'signature') return false;
  return scheme.families.some(
    ({ signature, timestamp }) =>
      signature.separator === ',' &&
      !(timestamp !== undefined && 'label' in timestamp) &&
      name === `header ${signature.header}`,
  );
}

/** JSON values in the place of another: near ones, and of other kinds. */
function otherValues(json: string): readonly string[] {
  const near = json.startsWith('"')
    ? [`${json.slice(0, -1)}x"`, `"x${json.slice(1)}`, json.length > 2 ? '""' : '"y"']
    : [`${json}1`, `-${json}`];
  return [...near, json === 'null' || json === '""' ? '"null"' : 'null', '[]', '{}'];
}
