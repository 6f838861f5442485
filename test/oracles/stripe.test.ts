import fc from 'fast-check';
import Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { stripePaths } from '../../lib/providers/stripe-resources.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/stripe.ts';

const sdk = new Stripe('sk_test_none');
const { secret } = fixture;
const [{ request: snapshot }, , { request: thin } = fixture.samples[0]] = fixture.samples;
const second = Math.floor(snapshot.receivedAt / 1000);

function withHeader(request: Request, value: string): Request {
  return { ...request, headers: { ...request.headers, 'stripe-signature': value } };
}

/** What Stripe's library says; it throws what it refuses. */
function stripe(request: Request): string {
  try {
    const value = header(request.headers, 'stripe-signature') ?? '';
    sdk.webhooks.signature?.verifyHeader(request.body, value, secret, 300, undefined, request.receivedAt);
    return 'accepted';
  } catch (error) {
    return error instanceof Error ? error.name : 'refused';
  }
}

const ours = async (request: Request): Promise<string> => outcomeOf(fixture, request, [secret]);

describe("stripe's library", () => {
  test('signs, and we accept', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.integer({ min: -300, max: 300 }),
        async (payload, age) => {
          const value = sdk.webhooks.generateTestHeaderString({ payload, secret, timestamp: second - age });
          const request = withHeader({ ...snapshot, body: Buffer.from(payload) }, value);
          expect(await ours(request)).toBe('verified by newest');
        },
      ),
    );
  });

  test.each(fixture.samples)('accepts what we sign: $name', async ({ request }) => {
    const signed = await signedAgain(fixture, request, { signer: fixture.signer });
    expect(stripe(signed)).toBe('accepted');
    expect(stripe(request)).toBe('accepted');
    expect(stripe({ ...signed, body: Buffer.from(`${signed.body} `) })).toBe('Error');
  });

  test('reads a snapshot and a thin event of one source, each in its own parser', async () => {
    const [one, other] = [
      await signedAgain(fixture, snapshot, fixture),
      await signedAgain(fixture, thin, fixture),
    ];
    const value = (request: Request): string => header(request.headers, 'stripe-signature') ?? '';
    expect(sdk.webhooks.constructEvent(one.body, value(one), secret, 300, undefined, one.receivedAt).id).toBe(
      'evt_1SXkQe2eZvKYlo2C0YyZbQ3V',
    );
    expect(
      sdk.parseEventNotification(other.body, value(other), secret, 300, undefined, other.receivedAt).id,
    ).toBe('evt_test_65R9Ijk8dKEYZcXeRWn16R9A7j1FSQ3w3TGDPLLGSM4CW0');
    expect(await ours(one)).toBe('verified by newest');
    expect(await ours(other)).toBe('verified by newest');
  });

  test('draws the line of age where we draw it', async () => {
    for (const [age, accepted] of [
      [299, true],
      [300, true],
      [301, false],
    ] as const) {
      const signed = await signedAgain(fixture, snapshot, {
        signer: secret,
        timestamp: (second - age) * 1000,
      });
      expect(stripe(signed) === 'accepted').toBe(accepted);
      expect(await ours(signed)).toBe(accepted ? 'verified by newest' : 'stale-timestamp');
    }
  });

  test('lets the future pass, which we do not', async () => {
    const signed = await signedAgain(fixture, snapshot, {
      signer: secret,
      timestamp: snapshot.receivedAt + 400_000,
    });
    expect(stripe(signed)).toBe('accepted');
    expect(await ours(signed)).toBe('future-timestamp');
  });

  test('refuses v0, a blank secret and a time that is no number, as we do', async () => {
    const good = header(snapshot.headers, 'stripe-signature') ?? '';
    for (const value of [
      good.replace('v1=', 'v0='),
      good.replace(/t=\d+/, 't=abc'),
      good.replace(/t=\d+,/, ''),
      '',
      'v1',
    ]) {
      expect(stripe(withHeader(snapshot, value)), value).not.toBe('accepted');
      expect(await ours(withHeader(snapshot, value)), value).not.toBe('verified by newest');
    }
  });

  test('accepts every header that we accept, however it was changed', async () => {
    const good = header(snapshot.headers, 'stripe-signature') ?? '';
    const [t = '', v1 = ''] = good.split(',');
    const piece = fc.constantFrom(
      t,
      v1,
      `t=${second - 5}`,
      'v0=00',
      'v1=00',
      v1.toUpperCase(),
      '',
      ' ',
      't=',
      `${t}0`,
      'x',
    );
    const joined = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(','));
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(joined, async (value) => {
        if (!(await ours(withHeader(snapshot, value))).startsWith('verified')) return;
        accepted += 1;
        expect(stripe(withHeader(snapshot, value)), value).toBe('accepted');
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});

describe("stripe's library reads an object", () => {
  /** The paths of all its `retrieve` methods, by an id. */
  async function retrievals(): Promise<ReadonlySet<string>> {
    const paths = new Set<string>();
    const client = Object.assign(Stripe.createFetchHttpClient(), {
      makeRequest: (_host: string, _port: string, path: string): Promise<never> => {
        paths.add(path);
        return Promise.reject(new Error('no network'));
      },
    });
    const seen = new Set<unknown>();
    async function visit(value: unknown): Promise<void> {
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.add(value);
      if ('retrieve' in value && typeof value.retrieve === 'function')
        await Promise.resolve(value.retrieve('ID')).catch(() => undefined);
      for (const [name, part] of Object.entries(value)) if (!name.startsWith('_')) await visit(part);
    }
    await visit(new Stripe('sk_test_none', { httpClient: client, maxNetworkRetries: 0 }));
    return paths;
  }

  test('where we read it, of whatever kind', async () => {
    const known = await retrievals();
    expect(known.size).toBeGreaterThan(100);
    const ours = Object.values(stripePaths('ID'));
    expect(ours.filter((path) => !known.has(path))).toEqual([]);
  });

  test('that a thin event is about, where we read it', async () => {
    const value = header(thin.headers, 'stripe-signature') ?? '';
    const event = sdk.parseEventNotification(thin.body, value, secret, 300, undefined, thin.receivedAt);
    const [reading] = fixture.samples.flatMap(({ events }) => events.filter(({ id }) => id === event.id));
    expect(reading?.resource?.path).toBe('related_object' in event ? event.related_object?.url : undefined);
  });
});
