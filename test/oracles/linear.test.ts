import { LinearWebhookClient } from '@linear/sdk/webhooks';
import { expect, test, vi } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { outcomeOf, signedAgain } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/linear.ts';

const { secret } = fixture;

/** Throws where it refuses. */
function sdk({ body, headers, receivedAt }: Request, key: string = secret): boolean {
  vi.setSystemTime(receivedAt);
  try {
    return new LinearWebhookClient(key).verify(body, header(headers, 'linear-signature') ?? '');
  } catch {
    return false;
  } finally {
    vi.useRealTimers();
  }
}

const ours = (request: Request): Promise<string> => outcomeOf(fixture, request, [secret]);

test.each(fixture.samples)('Linear’s SDK accepts $name as we do, and what we sign', async ({ request }) => {
  expect(sdk(request)).toBe(true);
  expect(await ours(request)).toBe('verified by newest');
  const signed = await signedAgain(fixture, request, { signer: secret });
  expect(sdk(signed)).toBe(true);
  const altered = { ...request, body: Buffer.from(request.body.toString().replace('539068', '539069')) };
  expect(sdk(altered)).toBe(false);
  expect(await ours(altered)).toBe('wrong-signature');
  expect(sdk(request, 'another')).toBe(false);
});

test('Linear’s SDK refuses after a minute, we after five: a second copy is a duplicate all the same', async () => {
  const [{ request }] = fixture.samples;
  const after = (seconds: number): Request => ({
    ...request,
    receivedAt: 1_795_514_399_000 + seconds * 1000,
  });
  expect([sdk(after(60)), sdk(after(61))]).toEqual([true, false]);
  expect([await ours(after(300)), await ours(after(301))]).toEqual(['verified by newest', 'stale-timestamp']);
});
