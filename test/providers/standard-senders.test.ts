import { describe, expect, test } from 'vitest';
import { anthropic } from '../../lib/providers/anthropic.ts';
import { clerk } from '../../lib/providers/clerk.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { read, readOne, sourceOf } from '../core/intake-cases.ts';
import { fixture as anthropicFixture } from '../fixtures/anthropic.ts';
import { fixture as clerkFixture } from '../fixtures/clerk.ts';
import { fixture as openaiFixture } from '../fixtures/openai.ts';
import { fixture as resendFixture } from '../fixtures/resend.ts';

const fixtures = [resendFixture, clerkFixture, openaiFixture, anthropicFixture].map(
  (fixture) => [fixture.provider.title, fixture] as const,
);

describe.each(fixtures)('%s', (_, fixture) => {
  const [{ request }] = fixture.samples;

  test('issues its secret with whsec_: without that it is no key, neither as base64 nor as text', async () => {
    const bare = fixture.secret.replace('whsec_', '');
    expect(await outcomeOf(fixture, request, [fixture.secret])).toBe('verified by newest');
    expect(await outcomeOf(fixture, request, [bare])).toBe('no-secret');
    await expect(signedAgain(fixture, request, { signer: bare })).rejects.toThrow(TypeError);
  });

  test('is never signed under the headers of the other brand, nor with a public key', async () => {
    const other = Object.entries(request.headers).map(([name, value]) => [
      name.startsWith('svix-') ? name.replace('svix', 'webhook') : name.replace('webhook', 'svix'),
      value,
    ]);
    const headers = Object.fromEntries(other);
    expect(await outcomeOf(fixture, { ...request, headers }, [fixture.secret])).toBe('missing-signature');
    const publicKey = fixture.secret.replace('whsec_', 'whpk_');
    expect(await outcomeOf(fixture, request, [publicKey])).toBe('no-secret');
  });
});

describe('a user of Clerk', () => {
  test('is deleted after the last of its changes, although a deletion has no time of its own', async () => {
    const source = sourceOf(clerk);
    const [update, deletion] = await Promise.all(
      clerkFixture.samples.map(({ request }) => readOne(source, request)),
    );
    expect(deletion?.subject).toBe(update?.subject);
    expect(Number(deletion?.version) - Number(update?.version)).toBeGreaterThan(0);
  });
});

describe('an event of Anthropic', () => {
  const source = sourceOf(anthropic);
  const [{ request }] = anthropicFixture.samples;

  test('is of the type of its data: the body’s own is always event', async () => {
    expect((await readOne(source, request)).type).toBe('session.status_idled');
    const body = '{"type":"event","id":"wevt_1","created_at":"2026-11-24T09:59:58Z","data":{"id":"sesn_1"}}';
    expect(await read(source, { ...request, body })).toMatchObject({
      unreadable: [{ reason: 'unidentified' }],
    });
  });
});
